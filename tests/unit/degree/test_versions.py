"""Versions of a programme: which may decide, which decides best; pathways; concessions."""

from datetime import date
from typing import Any

import pytest
from wallets import REGISTERED, TODAY, decided, granted, programme, record

from degree.catalogue import Applied, Catalogue
from degree.rules.explain import Answer, Decision
from degree.rules.programme import Programme
from degree.rules.records import Status
from degree.rules.versions import admissible, best
from vc.errors import Conflict

BUCKETS = {"a": {"min": 0, "where": {"any": True}}}


def version(
    number: str, day: date, *, credits_: float = 10, better: bool = False, **clauses: Any
) -> Programme:
    ruleset = {"id": "small", "version": number, "in_force_from": day}
    if better:
        ruleset["choose"] = "start_version_or_better"
    awards = clauses.pop("awards", [{"id": "X", "credits": credits_}])
    return programme(awards=awards, buckets=BUCKETS, ruleset=ruleset, **clauses)


def chosen(*versions: Programme, registered: date = REGISTERED, today: date = TODAY) -> list[str]:
    return [each.version for each in admissible(versions, registered, today=today)]


OLD, START, NEW, LATER = (
    version(number, day)
    for number, day in (
        ("1", date(2020, 9, 1)),
        ("2", date(2023, 9, 1)),
        ("3", date(2024, 9, 1)),
        ("4", date(2027, 9, 1)),
    )
)


def test_the_version_of_the_day_of_registration_decides() -> None:
    assert chosen(LATER, NEW, START, OLD) == ["2"]
    assert chosen(OLD, START, NEW, registered=date(2023, 8, 31)) == ["1"]
    assert chosen(OLD, START, NEW, registered=date(2025, 1, 1)) == ["3"]


def test_who_registered_before_the_first_version_belongs_to_it() -> None:
    assert chosen(START, NEW, registered=date(2019, 1, 1)) == ["2"]


def test_versions_of_one_day_are_refused_because_neither_is_the_later() -> None:
    twin = version("2b", date(2023, 9, 1))
    with pytest.raises(Conflict) as refused:
        chosen(twin, START)
    assert refused.value.code == "same-day"
    assert refused.value.sentence == "Versions 2 and 2b are both in force from 2023-09-01."
    with pytest.raises(Conflict):
        Catalogue([Applied(START, ""), Applied(twin, "")])


def test_a_version_that_is_not_in_force_decides_nothing() -> None:
    with pytest.raises(Conflict) as refused:
        chosen(LATER, registered=date(2019, 1, 1))
    assert refused.value.code == "not-in-force"
    assert refused.value.place == "ruleset.in_force_from"
    assert refused.value.sentence == "Version 4 is in force from 2027-09-01 only."
    assert chosen(LATER, registered=date(2019, 1, 1), today=date(2027, 9, 1)) == ["4"]


def test_later_versions_in_force_may_decide_where_the_first_says_so() -> None:
    start = version("2", date(2023, 9, 1), better=True)
    assert chosen(OLD, start, NEW, LATER) == ["2", "3"]
    assert chosen(OLD, start, NEW, LATER, today=date(2027, 9, 1)) == ["2", "3", "4"]
    assert chosen(OLD, start, NEW, today=date(2024, 8, 31)) == ["2"]


def test_a_later_version_does_not_open_itself() -> None:
    assert chosen(START, version("3", date(2024, 9, 1), better=True)) == ["2"]


def two(first: dict[str, Any], second: dict[str, Any], *records: Any, **facts: Any) -> Decision:
    versions = [
        version("1", date(2020, 1, 1), better=True, **first),
        version("2", date(2024, 1, 1), **second),
    ]
    return decided(versions, list(records), **facts)


TWENTY = record("x", 20, mark=650)


def test_the_award_with_most_credits_counts() -> None:
    low, high = {"credits_": 10}, {"credits_": 20}
    assert two(low, high, TWENTY).outcome.programme.version == "2"
    assert two(high, low, TWENTY).outcome.programme.version == "1"
    assert [each.programme.version for each in two(low, high, TWENTY).verdicts] == ["1", "2"]


def test_of_equal_outcomes_the_earlier_version_counts() -> None:
    assert two({}, {}, TWENTY).outcome.programme.version == "1"
    assert two({"credits_": 30}, {"credits_": 30}, TWENTY).outcome.programme.version == "1"


def test_an_award_is_better_than_none() -> None:
    assert two({"credits_": 30}, {"credits_": 0}, TWENTY).outcome.programme.version == "2"


def classified(*means: int) -> dict[str, Any]:
    classes = [{"id": f"k{number}", "mean": mean} for number, mean in enumerate(means)]
    return {"classification": {"rpl_marks": "included", "classes": classes}}


def test_of_equal_credits_the_better_class_counts() -> None:
    assert two(classified(70, 60), classified(65, 60), TWENTY).outcome.programme.version == "2"
    assert two(classified(65, 60), classified(70, 60), TWENTY).outcome.programme.version == "1"
    assert two(classified(70), classified(80, 60), TWENTY).outcome.programme.version == "2"


def test_a_class_is_better_than_none_and_credits_are_better_than_a_class() -> None:
    assert two({}, classified(60), TWENTY).outcome.programme.version == "2"
    more = {"credits_": 20}
    assert two(more, classified(60), TWENTY).outcome.programme.version == "1"


def test_an_undecided_award_in_another_version_keeps_the_outcome_open_if_it_is_worth_more() -> None:
    pending = record("y", 10, status=Status.UNKNOWN)
    open_ = two({"credits_": 20}, {"credits_": 30}, TWENTY, pending)
    assert open_.outcome.programme.version == "1"
    assert open_.answer is Answer.UNDECIDED
    same = two(
        {"credits_": 20},
        {"awards": [{"id": "X", "credits": 20, "buckets": {"a": 30}}]},
        TWENTY,
        pending,
    )
    assert same.answer is Answer.SATISFIED


def test_when_nothing_is_earned_any_undecided_award_keeps_it_open() -> None:
    pending = record("y", 10, status=Status.UNKNOWN)
    decision = two({"credits_": 50}, {"credits_": 30}, TWENTY, pending)
    assert decision.outcome.earned is None
    assert decision.outcome.programme.version == "1"
    assert decision.answer is Answer.UNDECIDED
    assert two({"credits_": 50}, {"credits_": 60}, TWENTY, pending).answer is Answer.NOT_SATISFIED


def test_best_takes_the_first_of_equals() -> None:
    decision = two({}, {}, TWENTY)
    assert best(reversed(decision.verdicts)) is decision.verdicts[1]


PATHS = [
    {"id": "D", "credits": 10, "pathway": "digital"},
    {"id": "S", "credits": 10, "pathway": "school"},
    {"id": "G", "credits": 30},
]


@pytest.mark.parametrize(
    ("wish", "tried"),
    [("", ["G", "D"]), ("digital", ["G", "D"]), ("school", ["G", "S"]), ("other", ["G"])],
)
def test_an_award_of_a_pathway_is_tried_for_who_wishes_it_or_none(
    wish: str, tried: list[str]
) -> None:
    stated = programme(awards=[PATHS[2], *PATHS[:2]], buckets=BUCKETS)
    decision = decided(stated, [TWENTY], pathway=wish)
    assert [each.award for each in decision.outcome.awards] == tried


ALLOWED = {"concessions": {"allowed": ["reduce", "accept"]}}
REDUCED = granted("reduce", path="awards.X.credits", to=20)


def test_without_concessions_there_is_one_verdict_for_each_version() -> None:
    decision = two({"credits_": 30, **ALLOWED}, {"credits_": 30}, TWENTY)
    assert len(decision.verdicts) == 2
    assert decision.refused == {}
    assert decision.plain is decision.outcome


def test_with_concessions_each_version_decides_twice_and_the_conceded_counts() -> None:
    decision = two({"credits_": 30, **ALLOWED}, {"credits_": 40}, TWENTY, concessions=(REDUCED,))
    said = [
        (each.programme.version, [one.id for one in each.concessions], each.answer)
        for each in decision.verdicts
    ]
    assert said == [
        ("1", [], Answer.NOT_SATISFIED),
        ("2", [], Answer.NOT_SATISFIED),
        ("1", ["c1"], Answer.SATISFIED),
        ("2", [], Answer.NOT_SATISFIED),
    ]
    assert decision.outcome is decision.verdicts[2]
    assert decision.plain is decision.verdicts[0]
    assert decision.answer is Answer.SATISFIED


def test_a_concession_that_does_not_apply_is_told_with_the_reason() -> None:
    waived = granted("waive", id="c2", path="awards.X.credits")
    decision = two({"credits_": 30, **ALLOWED}, {}, TWENTY, concessions=(waived,))
    assert len(decision.verdicts) == 2
    assert decision.outcome.programme.version == "2"
    assert decision.refused == {"c2": "the programme allows no concessions"}
    only = decided(version("1", date(2020, 1, 1), **ALLOWED), [TWENTY], concessions=(waived,))
    assert only.refused == {"c2": "the programme does not allow to waive"}


def test_an_award_is_worth_its_stated_credits_whatever_was_reduced() -> None:
    """The first version's 30 are reduced to 20: still worth more than the second's 25."""
    decision = two(
        {"credits_": 30, **ALLOWED},
        {"credits_": 20, "concessions": {"allowed": ["accept"]}},
        TWENTY,
        concessions=(REDUCED,),
    )
    assert decision.outcome.programme.version == "1"


def test_a_verdict_sets_aside_what_the_gate_of_its_version_keeps_out() -> None:
    strange = record("s", issuer="did:web:other.example")
    accepted = granted("accept", record="s", bucket="a")
    decision = two(ALLOWED, {}, TWENTY, strange, concessions=(accepted,))
    assert [[each.record for each in one.set_aside] for one in decision.verdicts] == [
        ["s"],
        ["s"],
        [],
        ["s"],
    ]


def test_a_decision_over_hypothetical_badges_says_so() -> None:
    stated = version("1", date(2020, 1, 1))
    assert not decided(stated, [TWENTY]).hypothetical
    assert decided(stated, [record("x", 10, hypothetical=True)]).hypothetical


def test_an_old_code_is_read_anew_before_anything_is_decided() -> None:
    stated = programme(
        awards=[{"id": "X", "credits": 10, "requires": {"badge": "NEW"}}],
        buckets=BUCKETS,
        equivalences=[{"from": "badge:OLD", "to": "badge:NEW", "until": date(2025, 1, 1)}],
    )
    assert decided(stated, [record("x", 10, code="OLD")]).answer is Answer.SATISFIED
    assert decided(stated, [record("x", 10, code="ODD")]).answer is Answer.NOT_SATISFIED
