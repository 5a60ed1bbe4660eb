"""Rules have a line in the file, whatever a path calls them by."""

import pytest

from degree.rules.faults import Faults
from degree.rules.linting.places import line_of, places
from degree.rules.yaml_nodes import read_yaml

SOURCE = b"""\
programme: Lines
equivalences:
  - {from: "badge:OLD", to: "badge:NEW"}
buckets:
  a:
    min: 10
    at_least:
      - {id: own, credits: 5}
awards:
  - id: X
    requires:
      all_of:
        - a
        - any_of:
            - {badge: A}
            - {badge: B}
    buckets: {a: 20}
  - id: Y
exclusions:
  - ["badge:B", "badge:A"]
  - awards: [X]
    one_of:
      - "badge:D"
      - "badge:C"
prerequisites:
  - {badge: P, needs: Q}
  - {before: a, after: b}
classification:
  classes:
    - id: merit
      any_of:
        - mean: 60
        - {credits_at: {70: 10}}
"""
NODES = places(read_yaml(SOURCE, faults=Faults("programme")).node)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("programme", 1),
        ("equivalences.OLD", 3),
        ("buckets.a.min", 6),
        ("buckets.a.at_least.own.credits", 8),
        ("awards.X", 10),
        ("awards.X.requires.all_of[0]", 13),
        ("awards.X.requires.all_of[1].any_of[1]", 16),
        ("awards.X.buckets.a", 17),
        ("awards.Y", 18),
        ("exclusions.A+B", 20),
        ("exclusions.C+D", 21),
        ("prerequisites.P-needs-Q", 26),
        ("prerequisites.a-before-b", 27),
        ("classification.merit", 30),
        ("classification.merit.any_of[1].credits_at.70", 33),
    ],
)
def test_a_rule_stands_where_it_is_written(path: str, line: int) -> None:
    assert NODES[path].line == line_of(path, NODES) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("awards.X.buckets.a.at_least.own", 8),  # the bucket's own rule, as the award has it
        ("awards.X.buckets.a.max_badges", 17),
        ("awards.Y.credits", 18),
        ("awards.X.requires.all_of[1].any_of[2]", 15),
        ("classification.merit.graded", 30),
        ("sharing.max_badges", 0),
    ],
)
def test_what_is_not_written_stands_in_what_it_belongs_to(path: str, line: int) -> None:
    assert line_of(path, NODES) == line
