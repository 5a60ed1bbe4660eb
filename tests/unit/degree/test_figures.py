"""Statistics: what a decision adds to them, and that small groups do not show."""

from datetime import date
from typing import Any

import pytest
from wallets import TODAY, outline, programme, record, wallet, written

from degree.rules import bench
from degree.rules.deciding import decide
from degree.rules.explain import Answer
from degree.rules.figures import Figures, Spread, figures, without_small_groups
from degree.rules.grammar import read_programme
from degree.rules.programme import Programme
from degree.rules.records import Attestation, Record, Status, Word
from degree.rules.solving import GaveUp
from degree.rules.standing import Lacking, Standing, standing

BUCKETS: Any = {
    "a": {"min": 20, "where": {"tag": "a"}},
    "b": {"min": 10, "where": {"tag": "b"}},
}
RULES = programme(awards=[{"id": "X", "credits": 30}], buckets=BUCKETS)
YEARLY = programme(
    awards=[{"id": "X", "credits": 30}],
    buckets=BUCKETS,
    obligations={
        "every": "registration_year",
        "joined": {"at_least": 1, "of": "activity", "validated": True},
        "co_provided": {"at_least": 0, "of": "activity", "validated": True},
        "misses": {"concession": "allowed", "max": 5, "approver": "board"},
    },
)


def stands(*records: Record, rules: Programme = RULES, **facts: Any) -> Standing:
    return standing(decide([rules], wallet(records, **facts), today=TODAY))


def full() -> tuple[Record, ...]:
    return record("a1", 20, tags=("a",)), record("b1", 15, tags=("b",))


def test_an_earned_award_stands_with_what_counts_for_it() -> None:
    found = stands(*full())
    assert (found.answer, found.award, found.towards) == (Answer.SATISFIED, "X", "X")
    assert (found.counted, dict(found.buckets)) == (350, {"a": 200, "b": 150})
    assert found.lacking == ()


def test_an_award_stands_with_its_class() -> None:
    classes = [{"id": "first", "mean": 70}, {"id": "second", "mean": 60}]
    rules = programme(
        awards=[{"id": "X", "credits": 30}],
        buckets=BUCKETS,
        classification={"rpl_marks": "included", "classes": classes},
    )
    graded = [record("a1", 20, tags=("a",), mark=650), record("b1", 15, tags=("b",), mark=650)]
    assert stands(*graded, rules=rules).class_ == "second"
    assert stands(*full(), rules=rules).class_ is None


def test_the_time_to_an_award_ends_with_the_last_badge_that_counts() -> None:
    late = record("late", 40, tags=("c",), issued=date(2026, 1, 1))
    found = stands(*full(), late)
    assert found.days == (date(2024, 3, 28) - date(2023, 9, 1)).days


def test_what_is_missing_is_told_by_rule_and_amount() -> None:
    found = stands(record("a1", 5, tags=("a",)), record("b1", 10, tags=("b",)))
    assert found.award is None
    assert Lacking(award="X", rules=("awards.X.buckets.a",), short=150) in found.lacking
    assert Lacking(award="X", rules=("awards.X.credits",), short=150) in found.lacking
    assert found.days is None


def test_without_an_award_the_fullest_placing_counts() -> None:
    found = stands(record("b1", 10, tags=("b",)))
    assert (found.towards, found.counted, found.buckets["b"]) == ("X", 100, 100)


def test_what_is_short_in_badges_is_no_amount_of_credit() -> None:
    buckets = {"a": {"min": 10, "min_badges": 3, "where": {"tag": "a"}}}
    rules = programme(awards=[{"id": "X", "credits": 10}], buckets=buckets)
    found = stands(record("a1", 20, tags=("a",)), rules=rules)
    assert found.lacking == (Lacking(award="X", rules=("awards.X.buckets.a.min_badges",)),)


@pytest.mark.parametrize(("unit", "short"), [("credits", 200), ("badges", None)])
def test_a_bound_is_short_by_credit_only_where_it_counts_credit(
    unit: str, short: int | None
) -> None:
    bound = {"id": "long", unit: 20, "where": {"kind": "Thesis"}}
    rules = programme(awards=[{"id": "X", "credits": 30, "at_least": [bound]}], buckets=BUCKETS)
    found = stands(*full(), rules=rules)
    assert found.lacking == (Lacking(award="X", rules=("awards.X.at_least.long",), short=short),)


def test_a_bound_of_a_bucket_is_short_by_credit_under_the_awards_path() -> None:
    bound = {"id": "long", "credits": 9, "where": {"kind": "Thesis"}}
    buckets = BUCKETS | {"a": {**BUCKETS["a"], "at_least": [bound]}}
    found = stands(*full(), rules=programme(awards=[{"id": "X", "credits": 30}], buckets=buckets))
    path = "awards.X.buckets.a.at_least.long"
    assert found.lacking == (Lacking(award="X", rules=(path,), short=90),)


def test_reasons_name_the_status_and_the_word_that_are_awaited() -> None:
    facts = outline(
        awards=[
            {"id": "X", "credits": 30, "requires": {"all_of": ["a", "b", {"attested": "viva"}]}}
        ],
        buckets=BUCKETS,
        attestations={"viva": {"says": "Passed.", "by": "examiner"}},
    )
    rules = read_programme(written(facts))
    unchecked = record("a1", 20, tags=("a",), status=Status.UNKNOWN)
    found = stands(unchecked, full()[1], rules=rules)
    assert found.answer is Answer.UNDECIDED
    assert found.reasons == ("attested:viva", "status")
    said = {"viva": Attestation(value=Word.YES)}
    assert stands(*full(), rules=rules, attestations=said).reasons == ()


def test_a_search_that_gave_up_and_missed_years_are_reasons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert stands(*full(), rules=YEARLY).reasons == ("years",)
    monkeypatch.setattr(bench, "solve", lambda _: GaveUp())
    assert stands(*full()).reasons == ("search",)


def test_who_asks_for_a_pathway_without_awards_stands_nowhere() -> None:
    rules = programme(awards=[{"id": "X", "credits": 30, "pathway": "digital"}], buckets=BUCKETS)
    found = stands(*full(), rules=rules, pathway="other")
    assert (found.towards, found.counted, found.buckets) == (None, 0, {})


def test_figures_add_up_members() -> None:
    none = stands(record("b1", 10, tags=("b",)))
    found = figures([stands(*full()), stands(*full()), none])
    assert found.members == 3
    assert found.awards == {"X": 2, None: 1}
    assert found.answers == {Answer.SATISFIED: 2, Answer.NOT_SATISFIED: 1}
    assert found.classes == {("X", None): 2}
    assert found.buckets["X", "b"].times == {150: 2, 100: 1}
    rules = [rules for rules, _ in found.most_missing("X")]
    assert ("awards.X.buckets.a",) in rules
    assert found.missing["X", ("awards.X.buckets.a",)].short.median == 200
    assert found.days["X"].times == {209: 2}


def test_what_several_members_lack_is_counted_once_each() -> None:
    none = stands(record("b1", 10, tags=("b",)))
    less = stands(record("b1", 10, tags=("b",)), record("a1", 5, tags=("a",)))
    found = figures([none, none, less]).missing["X", ("awards.X.buckets.a",)]
    assert (found.members, found.short.times) == (3, {200: 2, 150: 1})


def test_figures_of_nobody_are_empty() -> None:
    assert figures([]) == Figures()
    assert Spread().median == 0


def test_quartiles_are_amounts_that_came() -> None:
    spread = Spread()
    spread.times.update([10, 20, 30, 40])
    assert [spread.quartile(number) for number in (1, 2, 3)] == [10, 20, 30]
    assert spread.within(20, 40) == 2
    assert (spread.median, spread.members) == (20, 4)


def test_small_groups_are_told_together() -> None:
    groups = {"a": 9, "b": 3, "c": 2, "d": 7}
    assert dict(without_small_groups(groups, least=5)) == {"a": 9, "d": 7, None: 5}


def test_one_small_group_takes_the_next_one_with_it_or_it_could_be_worked_out() -> None:
    assert dict(without_small_groups({"a": 9, "b": 3, "d": 7}, least=5)) == {"a": 9, None: 10}


def test_groups_that_are_large_enough_stay() -> None:
    assert dict(without_small_groups({"a": 5, "b": 6}, least=5)) == {"a": 5, "b": 6}


def test_of_a_small_whole_nothing_is_told() -> None:
    assert dict(without_small_groups({"a": 3, "b": 1}, least=5)) == {}
