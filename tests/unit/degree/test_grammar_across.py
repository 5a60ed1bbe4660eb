"""What holds across badges, as the values that are read from a programme, in full and left out."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from small_programme import AWARD, small
from wallets import written

from degree.rules.faults import Faulty
from degree.rules.grammar import read_programme
from degree.rules.programme import (
    Dimension,
    Distinct,
    Equivalence,
    Exclusion,
    Finished,
    Needs,
    Obligations,
    Order,
    Prerequisite,
    Programme,
    Sharing,
)

X, BOTH = frozenset({"X"}), frozenset({"X", "Y"})
TWO = {"awards": [{**AWARD, "credits": 20}, {**AWARD, "id": "Y"}]}
YEAR = {"at_least": 4, "of": "activity", "validated": True}


def read(**changes: Any) -> Programme:
    return read_programme(written(small(**changes)))


def test_equivalences() -> None:
    plain = {"from": "badge:OLD", "to": "badge:NEW", "until": date(2025, 1, 1)}
    more = {"from": "badge:B", "to": "badge:B", "until": date(2026, 1, 1), "tags": ["t", "u"]}
    assert read(equivalences=[plain, more]).equivalences == (
        Equivalence(
            path="equivalences.OLD",
            old="OLD",
            new="NEW",
            tags=frozenset(),
            until=date(2025, 1, 1),
        ),
        Equivalence(
            path="equivalences.B", old="B", new="B", tags=frozenset("tu"), until=date(2026, 1, 1)
        ),
    )


def test_a_code_is_replaced_once() -> None:
    twice = [{"from": "badge:A", "to": f"badge:{new}", "until": date(2025, 1, 1)} for new in "BC"]
    with pytest.raises(Faulty) as refused:
        read(equivalences=twice)
    assert [each.path for each in refused.value.faults] == ["equivalences[0]", "equivalences[1]"]


def test_variety_in_each_dimension() -> None:
    said = {
        "contexts": {"at_least": 3, "min_credits_each": 2.5},
        "validators": {"max_share_each": 0.34, "max_credits_each": 30, "awards": ["X"]},
    }
    assert read(**TWO, distinct=said).distinct == (
        Distinct(
            path="distinct.contexts",
            dimension=Dimension.CONTEXTS,
            awards=BOTH,
            at_least=3,
            credits_each=25,
        ),
        Distinct(
            path="distinct.validators",
            dimension=Dimension.VALIDATORS,
            awards=X,
            max_share=Fraction(34, 100),
            max_credits=300,
        ),
    )


def test_order_in_time_between_buckets_and_between_badges() -> None:
    programme = read(
        **TWO,
        prerequisites=[
            {"before": "a", "after": "b"},
            {"badge": "B", "needs": "A", "finished": "before_start", "lapses_after_years": 5}
            | {"awards": ["X"]},
        ],
    )
    assert programme.prerequisites == (
        Prerequisite(
            path="prerequisites.a-before-b", before="a", after="b", order=Order(), awards=BOTH
        ),
    )
    assert programme.needs == (
        Needs(
            path="prerequisites.B-needs-A",
            code="B",
            needed="A",
            order=Order(finished=Finished.BEFORE_START, lapses_after_years=5),
            awards=X,
        ),
    )


@pytest.mark.parametrize(
    ("rule", "lacking"),
    [
        ({"badge": "B"}, ["'needs'"]),
        ({"needs": "A"}, ["'badge'"]),
        ({"before": "a"}, ["'after'"]),
        ({}, ["'before'", "'after'"]),
    ],
)
def test_half_an_order_lacks_its_other_half(rule: dict[str, str], lacking: list[str]) -> None:
    with pytest.raises(Faulty) as refused:
        read(prerequisites=[rule])
    assert [each.expected for each in refused.value.faults] == [f"the key {it}" for it in lacking]


def test_two_rules_with_one_path_are_told_even_beside_half_a_rule() -> None:
    rule = {"badge": "B", "needs": "A"}
    with pytest.raises(Faulty) as refused:
        read(prerequisites=[{"badge": "B"}, {"badge": "B"}, rule, rule])
    paths = [each.path for each in refused.value.faults]
    assert paths == [f"prerequisites[{number}]" for number in (0, 1, 3)]


def test_exclusions_of_every_award_and_of_some() -> None:
    some = {"one_of": ["badge:C", "badge:D"], "awards": ["Y"]}
    assert read(**TWO, exclusions=[["badge:B", "badge:A"], some]).exclusions == (
        Exclusion(path="exclusions.A+B", codes=frozenset("AB"), awards=BOTH),
        Exclusion(path="exclusions.C+D", codes=frozenset("CD"), awards=frozenset("Y")),
    )


def test_sharing() -> None:
    assert read(sharing={"max_badges": 2}).sharing == Sharing(
        path="sharing", max_badges=2, max_credits=None, between=None
    )
    said = {"max_badges": 0, "max_credits": 12.5, "between": [["a", "b"]]}
    assert read(sharing=said).sharing == Sharing(
        path="sharing", max_badges=0, max_credits=125, between=frozenset({frozenset("ab")})
    )


def test_obligations() -> None:
    said = {"every": "registration_year", "joined": YEAR, "co_provided": {**YEAR, "at_least": 2}}
    none = {"misses": {"concession": "none"}}
    one = {"misses": {"concession": "allowed"}}
    two = {"misses": {"concession": "allowed", "max": 2, "approver": "board"}}
    plain = Obligations(
        path="obligations",
        joined=4,
        co_provided=2,
        disjoint=False,
        pauses=False,
        forgivable=0,
        awards=BOTH,
    )
    assert read(**TWO, obligations=said | none).obligations == plain
    for misses, forgivable in ((one, 1), (two, 2)):
        found = read(**TWO, obligations=said | misses).obligations
        assert found is not None
        assert found.forgivable == forgivable
    strict = said | none | {"pauses": "authorised_interruptions", "awards": ["X"]}
    strict["co_provided"] = {**YEAR, "disjoint_from": "joined"}
    found = read(**TWO, obligations=strict).obligations
    assert found == Obligations(
        path="obligations",
        joined=4,
        co_provided=4,
        disjoint=True,
        pauses=True,
        forgivable=0,
        awards=X,
    )
