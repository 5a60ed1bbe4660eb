"""Programme files: what is read, and the file as JSON."""

import re
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
import yaml
from small_programme import ANY, BUCKETS, small
from wallets import ISSUER, PROGRAMMES, learnometer_msc, written

from degree.rules.faults import Fault, Faulty
from degree.rules.grammar import programme_from_json, read_programme
from degree.rules.programme import Finished, Programme
from degree.rules.requirements import AllOf, Attested, Choose, Filled, Held


def read(**changes: Any) -> Programme:
    return read_programme(written(small(**changes)))


def faults_of(source: bytes | dict[str, Any]) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as refused:
        read_programme(source if isinstance(source, bytes) else written(source))
    return refused.value.faults


def test_learnometer_msc_is_read_with_its_rules() -> None:
    programme = learnometer_msc()
    assert [award.id for award in programme.awards] == ["MSc", "PGDip", "PGCert"]
    assert [award.credits for award in programme.awards] == [1800, 1200, 600]
    assert programme.version == "2026.1"
    assert programme.in_force_from == date(2026, 9, 1)
    assert programme.distinct[2].max_share == Fraction(34, 100)
    assert programme.prerequisites[0].order.finished is Finished.BEFORE_END
    assert programme.awards[0].parts[1].path == "awards.MSc.buckets.capstone"


@pytest.mark.parametrize("path", sorted(PROGRAMMES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_programme_of_the_repository_is_read(path: Any) -> None:
    assert read_programme(path.read_bytes()).awards


def test_every_path_is_that_of_the_file() -> None:
    bound = {"id": "long", "credits": 20, "where": {"kind": "Thesis"}}
    bucket = {**BUCKETS["a"], "max_below_level": {6: 30}, "at_least": [bound]}
    programme = read(
        buckets__a=bucket,
        awards__0__min_at_level={7: 5},
        awards__0__at_most=[{"id": "partner", "badges": 3, "where": {"issuer": ISSUER}}],
        prerequisites=[{"before": "a", "after": "b"}, {"badge": "R 2", "needs": "R-1"}],
        exclusions=[["badge:B", "badge:A"]],
    )
    award, part = programme.awards[0], programme.awards[0].parts[0]
    assert award.floors[0].path == "awards.X.min_at_level.7"
    assert award.at_most[0].path == "awards.X.at_most.partner"
    assert part.path == "awards.X.buckets.a"
    assert part.bucket.ceilings[0].path == "buckets.a.max_below_level.6"
    assert part.bucket.at_least[0].path == "buckets.a.at_least.long"
    assert programme.prerequisites[0].path == "prerequisites.a-before-b"
    assert programme.needs[0].path == "prerequisites.R 2-needs-R-1"
    assert programme.exclusions[0].path == "exclusions.A+B"


def test_ects_credit_is_two_uk_credits_exactly() -> None:
    programme = read(credit_unit="ects", awards__0__credits=90, buckets__a__min=7.25)
    assert programme.awards[0].credits == 1800
    assert programme.awards[0].parts[0].bucket.minimum == 145


def test_ects_credit_that_is_no_tenth_of_a_uk_credit_is_refused() -> None:
    (fault,) = faults_of(small(credit_unit="ects", buckets__a__min=7.23))
    assert "whole tenths of a UK credit" in fault.expected


# What an award requires.


def test_award_without_requires_requires_all_its_buckets() -> None:
    award = read(awards__0__buckets={"a": 1, "b": 2}).awards[0]
    assert award.requires == AllOf(
        path="awards.X.requires",
        children=(
            Filled(path="awards.X.buckets.a", bucket="a"),
            Filled(path="awards.X.buckets.b", bucket="b"),
        ),
    )


def test_node_of_requires_has_the_path_of_its_place() -> None:
    tree = {"all_of": ["a", {"any_of": ["b", {"badge": "C"}]}, {"choose": 2, "of": ["a", "b"]}]}
    requires = (
        read(awards__0__buckets={"a": 1, "b": 2}, awards__0__requires=tree).awards[0].requires
    )
    first, second, third = requires.children
    assert requires.path == "awards.X.requires"
    assert first == Filled(path="awards.X.requires.all_of[0]", bucket="a")
    assert isinstance(second, Choose)
    assert second.path == "awards.X.requires.all_of[1]"
    assert second.at_least == 1
    assert second.children[1] == Held(path="awards.X.requires.all_of[1].any_of[1]", code="C")
    assert isinstance(third, Choose)
    assert third.at_least == 2
    assert third.children[1].path == "awards.X.requires.all_of[2].of[1]"


def test_choice_at_the_root_is_wrapped_and_keeps_its_path() -> None:
    requires = read(awards__0__requires={"any_of": ["a", {"badge": "C"}]}).awards[0].requires
    (choose,) = requires.children
    assert (requires.path, choose.path) == ("awards.X.requires", "awards.X.requires")
    assert isinstance(choose, Choose)
    assert choose.children[0].path == "awards.X.requires.any_of[0]"


def test_mandatory_bucket_is_required_though_the_tree_leaves_it_out() -> None:
    bucket = {**BUCKETS["b"], "mandatory": True}
    award = read(
        buckets__b=bucket, awards__0__buckets={"a": 1, "b": 5}, awards__0__requires="a"
    ).awards[0]
    assert award.requires.children == (
        Filled(path="awards.X.requires", bucket="a"),
        Filled(path="awards.X.buckets.b", bucket="b"),
    )


def test_mandatory_bucket_that_the_tree_always_requires_is_not_added() -> None:
    bucket = {**BUCKETS["a"], "mandatory": True}
    tree = {"all_of": [{"all_of": ["a"]}, {"badge": "C"}]}
    requires = read(buckets__a=bucket, awards__0__requires=tree).awards[0].requires
    assert len(requires.children) == 2


def test_attested_names_an_attestation() -> None:
    said = {"viva": {"says": "It was passed.", "by": "examiner"}}
    programme = read(attestations=said, awards__0__requires={"attested": "viva"})
    assert programme.attestations[0].says == "It was passed."
    assert programme.awards[0].requires.children == (
        Attested(path="awards.X.requires", name="viva"),
    )


# The other clauses.


def test_pass_stands_for_an_award_without_class() -> None:
    rule = {"max_credits": 30, "mark_floor": 40, "cap_class": "pass"}
    programme = read(pass_mark=50, condonement=rule)
    assert programme.condonement is not None
    assert programme.condonement.cap_class == ""


# The file as JSON.


def test_document_is_the_file_as_json_and_the_digest_is_over_it() -> None:
    programme = read(ruleset__version=2026.1, buckets__a__min=20.0)
    document = programme.document
    assert document["ruleset"] == {"id": "small", "version": 2026.1, "in_force_from": "2020-01-01"}
    assert repr(document["buckets"]["a"]["min"]) == "20"  # type: ignore[index]
    assert programme.digest == "sha256:" + sha256(rfc8785.dumps(document)).hexdigest()


def test_keys_are_texts_in_the_document() -> None:
    document = read(awards__0__min_at_level={7: 5}).document
    assert document["awards"][0]["min_at_level"] == {"7": 5}  # type: ignore[index]


def test_comments_and_order_of_writing_do_not_change_the_digest() -> None:
    source = written(small())
    turned = dict(reversed(small().items()))
    assert (
        read_programme(b"# A comment\n" + written(turned)).digest == read_programme(source).digest
    )


@pytest.mark.parametrize("version", ["2026.10", "1.0"])
def test_version_that_json_would_write_otherwise_must_stand_in_quotes(version: str) -> None:
    source = written(small()).replace(b"version: '1'", f"version: {version}".encode())
    (fault,) = faults_of(source)
    assert (fault.path, fault.expected[:19]) == ("ruleset.version", "a version in quotes")


@pytest.mark.parametrize("version", ["2026.1", "7", "1.1234567", "2026-09-01", "v1"])
def test_version_is_read_as_it_is_written(version: str) -> None:
    source = written(small()).replace(b"version: '1'", f"version: {version}".encode())
    programme = read_programme(source)
    assert programme_from_json(programme.document).version == programme.version == version


# The documentation.

DOCUMENTATION = (PROGRAMMES.parents[1] / "docs" / "degree.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENTATION, re.DOTALL)


def test_the_language_is_read_as_the_documentation_shows_it() -> None:
    clauses = [yaml.safe_load(each) for each in EXAMPLES if not each.startswith("where:")]
    facts: dict[str, Any] = {key: value for clause in clauses for key, value in clause.items()}
    named = ("research_methods", "project", "ethics", "co_provision", "electives")
    facts["buckets"] |= {name: {"min": 0, "where": ANY} for name in named}
    facts["awards"].append({"id": "PGDip", "credits": 120})
    programme = read_programme(written(facts))
    assert programme.classification is not None
    assert len(programme.awards[0].requires.children) == 4  # three, and the mandatory capstone


def test_filters_are_read_as_the_documentation_shows_them() -> None:
    lines = next(each for each in EXAMPLES if each.startswith("where:")).splitlines()
    for line in lines:
        assert read(buckets__a={"min": 1, **yaml.safe_load(line)})
