"""An answer laid out rule by rule: what is counted of what is asked, and what is in the way."""

from datetime import date
from fractions import Fraction
from typing import Any

from wallets import TODAY, decided, granted, posed, programme, record

from degree.rules.explain import Placement
from degree.rules.laying_out import Finding, Layout, findings, laid_out
from degree.rules.leaving_out import LeftOut
from degree.rules.programme import Programme
from degree.rules.records import Record, Status
from degree.rules.rows import Counts, Problem
from degree.rules.saying import heading, says

BUCKETS: dict[str, dict[str, Any]] = {
    name: {"min": 0, "where": {"tag": name}} for name in ("a", "b")
}


def rules(
    needs: dict[str, float] | None = None, *, credits_: float = 0, **clauses: Any
) -> Programme:
    award = {"id": "X", "credits": credits_, **clauses.pop("award", {})}
    if needs is not None:
        award["buckets"] = needs
    buckets = BUCKETS | clauses.pop("buckets", {})
    return programme(awards=[award], buckets=buckets, **clauses)


def layout(stated: Programme, records: list[Record], *, award: int = 0, **facts: Any) -> Layout:
    decision = decided(stated, records, **facts)
    verdict = decision.outcome
    return laid_out(verdict, verdict.awards[award], decision.wallet, today=TODAY)


def found(problem: Problem, placed: tuple[int, ...]) -> dict[str, Finding]:
    return {each.rule.removeprefix("awards.X."): each for each in findings(problem, placed)}


def numbers(finding: Finding) -> tuple[bool, int, int]:
    return finding.met, finding.counted, finding.bound


def test_each_rule_tells_what_is_counted_of_what_it_asks() -> None:
    records = [record("x", 10, tags="a"), record("y", 5, tags="b", rpl=True)]
    problem = posed(
        rules({"a": 10, "b": 8}, credits_=20, award={"rpl_cap": 6, "max_below_level": {6: 3}}),
        records,
    )
    said = found(problem, (0, 0))
    assert {rule: numbers(each) for rule, each in said.items()} == {
        "credits": (False, 150, 200),
        "max_below_level.6": (True, 0, 30),
        "rpl_cap": (True, 50, 60),
        "buckets.a": (True, 100, 100),
        "buckets.b": (False, 50, 80),
    }
    assert list(said) == ["credits", "max_below_level.6", "rpl_cap", "buckets.a", "buckets.b"]
    assert [each.asks for each in said.values()] == [True, False, False, True, True]
    assert {each.counts for each in said.values()} == {Counts.CREDITS}
    assert {each.measure for each in said.values()} == {None}
    assert [each.used for each in said.values()] == [("x", "y"), (), ("y",), ("x",), ("y",)]
    assert {each.label for each in said.values()} == {""}


def test_what_does_not_count_is_not_used() -> None:
    problem = posed(rules({"a": 1, "b": 0}), [record("x", 10, tags="ab")])
    assert found(problem, (-1,))["buckets.a"].used == ()
    assert found(problem, (1,))["buckets.a"].used == ()
    assert found(problem, (0,))["buckets.a"].used == ("x",)


def test_a_share_tells_the_part_that_came_out() -> None:
    award = {"at_least": [{"id": "own", "share": 0.5, "where": {"rpl": False}}]}
    records = [record("x", 10, tags="ab"), record("y", 20, tags="b", rpl=True)]
    problem = posed(rules(award=award), records)
    own = found(problem, (0, 0))["at_least.own"]
    assert (own.met, own.measure, own.counts) == (False, Fraction(1, 3), Counts.OTHER)
    assert (own.least, own.most) == (Fraction(1, 2), None)
    assert own.used == ("x", "y")
    assert found(problem, (0, -1))["at_least.own"].measure == Fraction(1)
    assert found(problem, (-1, -1))["at_least.own"].measure is None


def test_a_share_of_a_bucket_looks_at_what_is_placed_there() -> None:
    bucket = {**BUCKETS["a"], "at_most": [{"id": "old", "share": 0.5, "where": {"rpl": True}}]}
    records = [record("x", 10, tags="ab"), record("y", 20, tags="ab", rpl=True)]
    problem = posed(rules(buckets={"a": bucket}), records)
    assert found(problem, (0, 0))["buckets.a.at_most.old"].measure == Fraction(2, 3)
    assert found(problem, (0, 0))["buckets.a.at_most.old"].most == Fraction(1, 2)
    assert found(problem, (0, 1))["buckets.a.at_most.old"].measure == Fraction(0)
    assert found(problem, (1, 0))["buckets.a.at_most.old"].measure == Fraction(1)


LABELLED = {
    "distinct": {
        "contexts": {"at_least": 2},
        "validators": {"max_share_each": 0.5},
    }
}


def test_variety_tells_how_many_labels_count_and_which() -> None:
    records = [
        record("x", 10, tags="a", contexts={"ke", "uk"}),
        record("y", 10, tags="a", contexts={"ie"}),
    ]
    problem = posed(rules(**LABELLED), records)
    contexts = found(problem, (0, -1))["distinct.contexts"]
    assert numbers(contexts) == (True, 2, 2)
    assert contexts.labels == ("ke", "uk")
    assert contexts.label == ""
    assert contexts.used == ("x",)
    one = found(problem, (-1, 0))["distinct.contexts"]
    assert (numbers(one), one.labels) == ((False, 1, 2), ("ie",))


def test_a_label_is_told_whole_whatever_stands_in_it() -> None:
    records = [record("x", 10, tags="a", contexts={"a=b", "c"})]
    contexts = found(posed(rules(**LABELLED), records), (0,))["distinct.contexts"]
    assert contexts.labels == ("a=b", "c")


def test_a_rule_with_a_row_for_each_label_tells_the_one_that_is_broken_or_the_largest() -> None:
    records = [
        record("x", 10, tags="a", judges=["j1", "j2"]),
        record("y", 15, tags="a", judges=["j2", "j3"]),
    ]
    problem = posed(rules(**LABELLED), records)
    broken = found(problem, (0, 0))["distinct.validators.max_share_each"]
    assert (broken.met, broken.label, broken.measure) == (False, "j2", Fraction(1))
    assert (broken.least, broken.most) == (None, Fraction(1, 2))
    kept = posed(
        rules(distinct={"validators": {"max_share_each": 0.9}}, credits_=1),
        [*records, record("z", 5, tags="a", judges=["j1", "j3"])],
    )
    largest = found(kept, (0, 0, 0))["distinct.validators.max_share_each"]
    assert (largest.met, largest.label) == (True, "j2")
    assert largest.measure == Fraction(25, 30)


def test_of_several_broken_rows_the_first_is_told() -> None:
    records = [record("x", 10, tags="a", judges=["j1", "j2"])]
    broken = found(posed(rules(**LABELLED), records), (0,))["distinct.validators.max_share_each"]
    assert (broken.met, broken.label, broken.measure) == (False, "j1", Fraction(1))


def test_what_hangs_on_a_choice_tells_what_it_would_ask() -> None:
    problem = posed(
        rules({"a": 8, "b": 3}, award={"requires": {"any_of": ["a", "b"]}}),
        [record("x", 5, tags="ab")],
    )
    said = found(problem, (0,))
    assert numbers(said["buckets.a"]) == (True, 50, 80)
    assert numbers(said["buckets.b"]) == (True, 0, 30)
    assert numbers(said["requires"]) == (False, 0, 1)
    assert numbers(found(problem, (1,))["requires"]) == (True, 1, 1)


def test_a_satisfied_award_is_laid_out_as_it_was_placed() -> None:
    shown = layout(rules({"a": 10, "b": 5}), [record("x", 10, tags="ab"), record("y", 5, tags="b")])
    assert shown.filled
    assert shown.award.id == "X"
    assert shown.placements == (
        Placement(record="x", buckets=("a",)),
        Placement(record="y", buckets=("b",)),
    )
    assert all(each.met for each in shown.findings)
    assert shown.left_out == ()


def test_a_shared_badge_is_laid_out_in_both_buckets() -> None:
    shown = layout(
        rules({"b": 10, "a": 10}, sharing={"max_badges": 1}), [record("x", 10, tags="ab")]
    )
    assert shown.placements == (Placement(record="x", buckets=("a", "b")),)
    assert all(each.met for each in shown.findings)


def test_an_award_that_is_not_had_shows_how_far_the_member_has_come() -> None:
    records = [record("x", 10, tags="a"), record("y", 5, tags="b")]
    shown = layout(rules({"a": 10, "b": 8}), records)
    assert not shown.filled
    assert [each.record for each in shown.placements] == ["x", "y"]
    assert [(each.rule, each.met) for each in shown.findings][1:] == [
        ("awards.X.buckets.a", True),
        ("awards.X.buckets.b", False),
    ]


def test_a_class_is_laid_out_beside_its_award() -> None:
    classes = [{"id": "first", "mean": 70}, {"id": "second", "mean": 60}]
    stated = rules(credits_=10, classification={"rpl_marks": "included", "classes": classes})
    shown = layout(stated, [record("x", 10, tags="a", mark=650)])
    paths = [each.rule for each in shown.findings]
    assert "classification.second.mean" in paths
    assert "classification.first.mean" not in paths
    mean = next(each for each in shown.findings if each.rule == "classification.second.mean")
    assert mean.measure == Fraction(650)


def test_what_hangs_on_the_pending_is_laid_out_with_it() -> None:
    records = [record("x", 4, tags="a"), record("y", 6, tags="a", status=Status.UNKNOWN)]
    shown = layout(rules(credits_=10), records)
    assert shown.filled
    assert [each.record for each in shown.placements] == ["x", "y"]
    without = layout(rules(credits_=4), records)
    assert [each.record for each in without.placements] == ["x"]


def test_a_pending_badge_that_decides_nothing_is_left_out_for_its_status() -> None:
    records = [
        record("x", 4, tags="a"),
        record("y", 6, tags="a", status=Status.UNKNOWN),
        record("z", 6, tags="n"),
    ]
    unchecked = LeftOut(record="y", rule="evidence_gate.status")
    nowhere = LeftOut(record="z", rule="awards.X.buckets")
    assert layout(rules(credits_=4), records).left_out == (nowhere, unchecked)
    assert layout(rules(credits_=20), records).left_out == (nowhere, unchecked)
    assert layout(rules(credits_=10), records).left_out == (nowhere,)


def test_every_badge_is_placed_left_out_or_set_aside() -> None:
    records = [
        record("a1", 4, tags="a"),
        record("a2", 4, tags="a"),
        record("n", 6, tags="n"),
        record("p", 6, tags="a", status=Status.UNKNOWN),
        record("r", 6, tags="a", status=Status.REVOKED),
    ]
    for credits_ in (4, 12, 20):
        decision = decided(rules(credits_=credits_), records)
        (answer,) = decision.outcome.awards
        shown = laid_out(decision.outcome, answer, decision.wallet, today=TODAY)
        told = [*shown.placements, *shown.left_out, *decision.outcome.set_aside]
        assert sorted(each.record for each in told) == [each.id for each in records]


def test_conceded_rules_are_laid_out_as_they_were_conceded() -> None:
    stated = rules(credits_=20, concessions={"allowed": ["reduce"]})
    reduced = (granted("reduce", path="awards.X.credits", to=10),)
    shown = layout(stated, [record("x", 10, tags="a")], concessions=reduced)
    assert numbers(shown.findings[0]) == (True, 100, 100)


def left(stated: Programme, records: list[Record]) -> list[tuple[str, str]]:
    return [(each.record, each.rule) for each in layout(stated, records).left_out]


def test_a_badge_that_fits_nowhere_or_came_too_late_is_left_out_for_that() -> None:
    limited = {"max_registration_years": 1}
    records = [
        record("x", 10, tags="a"),
        record("y", 10, tags="n"),
        record("z", 10, tags="a", activity_end=date(2024, 9, 1)),
    ]
    assert left(rules(credits_=10, award=limited), records) == [
        ("y", "awards.X.buckets"),
        ("z", "awards.X.max_registration_years"),
    ]


def test_a_badge_that_nothing_keeps_out_is_not_needed() -> None:
    records = [record("x", 10, tags="a"), record("y", 10, tags="a")]
    assert left(rules(credits_=10), records) == [("y", "")]


def test_a_badge_for_which_there_is_no_room_is_left_out_by_the_limit() -> None:
    records = [record(name, 10, tags="a", rpl=True) for name in "xyz"]
    assert left(rules(credits_=25, award={"rpl_cap": 20}), records) == [("z", "awards.X.rpl_cap")]
    assert left(rules(credits_=25, award={"rpl_cap": 19}), records) == [
        ("y", "awards.X.rpl_cap"),
        ("z", "awards.X.rpl_cap"),
    ]


def test_of_several_buckets_the_first_limit_is_named_and_only_if_all_are_full() -> None:
    full = {**BUCKETS["a"], "max_badges": 1}
    records = [record("x", 10, tags="a"), record("y", 10, tags="ab")]
    stated = rules(credits_=30, buckets={"a": full, "b": {**BUCKETS["b"], "max_credits": 5}})
    assert left(stated, records) == [("y", "awards.X.buckets.a.max_badges")]
    stated = rules(credits_=10, buckets={"a": full})
    assert left(stated, records) == [("y", "")]


def test_what_is_left_out_names_a_record_and_a_rule() -> None:
    records = [record("x", 10, tags="n")]
    assert layout(rules(credits_=1), records).left_out == (
        LeftOut(record="x", rule="awards.X.buckets"),
    )


def test_a_mean_of_a_class_says_whether_it_is_rounded_and_a_mere_condition_is_no_finding() -> None:
    classes = [{"id": "first", "mean": 68}]
    stated = rules(
        credits_=10,
        pass_mark=50,
        condonement={"max_credits": 10, "mark_floor": 40, "mean_at_least": 45},
        classification={"rpl_marks": "included", "classes": classes, "mean_rounding": "half_up"},
    )
    marked = [record("x", 10, tags="a", mark=675), record("y", 1, tags="a", mark=420)]
    shown = {each.rule: each for each in layout(stated, marked).findings}
    assert shown["classification.first.mean"].rounded
    assert not shown["condonement.mean_at_least"].rounded
    assert "condonement.used" not in shown


def test_what_is_required_by_one_of_several_ways_is_one_finding() -> None:
    sets = [{"all_of": [{"badge": "A"}, {"badge": "B"}]}, {"badge": "C"}]
    stated = rules({"a": 0}, award={"requires": {"all_of": [{"any_of": sets}, {"badge": "D"}]}})
    shown = [
        each
        for each in layout(stated, [record("x", 1, tags="a", code="C")]).findings
        if ".requires" in each.rule
    ]
    assert [(heading(each), says(each), each.met) for each in shown] == [
        ("One of 2 alternatives", "one is complete: A and B; or C", True),
        ("A badge with the code D", "0 of 1 badge; 1 still needed", False),
    ]
