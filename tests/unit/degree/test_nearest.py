"""How near a member has come: only what is in the way is shown broken."""

from datetime import date
from typing import Any

from wallets import decided, programme, record

from degree.rules.laying_out import Layout, laid_out
from degree.rules.programme import Programme
from degree.rules.records import Record
from degree.rules.rendering import decision_as_text

LATER: dict[str, Any] = {"activity_start": date(2025, 1, 10), "activity_end": date(2025, 3, 20)}
ORDER = [{"before": "a", "after": "b"}]


def rules(credits_: int = 20, a: int = 10, b: int = 10, **clauses: Any) -> Programme:
    award = {"id": "X", "credits": credits_, "buckets": {"a": a, "b": b}}
    award |= clauses.pop("award", {})
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
    return programme(awards=[award], buckets=buckets, **clauses)


def layout(stated: Programme, records: list[Record]) -> Layout:
    decision = decided(stated, records)
    (answer,) = decision.outcome.awards
    assert answer.proof is not None
    return laid_out(decision.outcome, answer, decision.wallet, today=decision.today)


def broken(stated: Programme, records: list[Record]) -> list[str]:
    return [each.rule for each in layout(stated, records).findings if not each.met]


def test_of_rules_in_conflict_the_one_is_broken_by_which_least_credit_is_missing() -> None:
    records = [record("late", 30, tags="a", **LATER), record("early", 10, tags="b")]
    stated = rules(a=30, prerequisites=ORDER)
    assert broken(stated, [*records, record("more", 4, tags="b", **LATER)]) == [
        "awards.X.buckets.b"
    ]
    assert broken(stated, [*records, record("more", 25, tags="a")]) == ["awards.X.buckets.a"]


def test_a_share_that_is_a_little_too_large_is_broken_before_a_bucket_stays_empty() -> None:
    records = [
        record("one", 11, tags="a", judges=["j1"]),
        record("two", 10, tags="b", judges=["j2"]),
    ]
    share = {"validators": {"max_share_each": 0.5}}
    assert broken(rules(distinct=share), records) == ["distinct.validators.max_share_each"]


def test_where_several_buckets_are_short_each_is_filled_as_far_as_it_goes() -> None:
    records = [
        record("one", 20, tags="a"),
        record("two", 12, tags="ab"),
        record("three", 3, tags="b"),
    ]
    assert broken(rules(30, a=20, b=20), records) == ["awards.X.buckets.b"]


def test_what_else_cannot_be_had_is_told_beside_the_proof() -> None:
    records = [
        record("one", 20, tags="a"),
        record("two", 9, tags="a"),
        record("three", 3, tags="b"),
        record("late", 9, tags="c", **LATER),
        record("early", 9, tags="d"),
    ]
    needs = {"a": 5, "b": 10, "c": 5, "d": 5}
    stated = programme(
        awards=[{"id": "X", "credits": 20, "buckets": needs}],
        buckets={name: {"min": 0, "where": {"tag": name}} for name in needs},
        prerequisites=[{"before": "c", "after": "d"}],
    )
    text = decision_as_text(decided(stated, records))
    assert "Why not: B needs 10 credits; all that could count comes to 3: earn at least 7" in text
    assert (
        "Why not: These rules cannot be kept together with these badges: c, d and c before" in text
    )


def test_a_bucket_that_is_short_is_filled_as_far_as_the_proof_lets_it() -> None:
    records = [record("only", 8, tags="ab"), record("other", 15, tags="b")]
    shown = layout(rules(15, a=10, b=15), records)
    assert [each.buckets for each in shown.placements] == [("a",), ("b",)]


def test_beside_a_bucket_that_is_full_the_other_gets_what_the_cut_leaves_to_it() -> None:
    records = [
        record("both", 20, tags="ab"),
        record("large", 20, tags="ab"),
        record("small", 8, tags="ab"),
    ]
    shown = layout(rules(40, a=20, b=30), records)
    assert [each.rule for each in shown.findings if not each.met] == ["awards.X.buckets.b"]
    counted = {each.rule: each.counted for each in shown.findings}
    assert counted["awards.X.buckets.b"] == 280


def test_a_badge_is_left_out_by_a_rule_of_the_conflict_before_another() -> None:
    records = [
        record("plan", 20, tags="a", judges=["j1", "j2"], **LATER),
        record("work", 12, tags="b", judges=["j1", "j3"]),
    ]
    shares = {"validators": {"max_share_each": 0.9}}
    shown = layout(rules(20, a=20, b=10, prerequisites=ORDER, distinct=shares), records)
    assert [(each.record, each.rule) for each in shown.left_out] == [
        ("work", "prerequisites.a-before-b")
    ]


def test_the_award_s_own_credit_is_not_what_is_left_out_first() -> None:
    later = record("late", 20, tags="a", **LATER)
    early = record("early", 10, tags="b")
    award = {"min_at_level": {7: 25}}
    stated = rules(25, a=20, b=10, prerequisites=ORDER, award=award)
    assert broken(stated, [later, early, record("more", 5, tags="a", **LATER)]) == [
        "awards.X.buckets.b"
    ]


def test_whoever_has_just_begun_sees_all_that_counts_so_far() -> None:
    share = {"validators": {"max_share_each": 0.5}}
    # Of 12 credits this judge could be behind more than half of the award's 20, of 8 not.
    for credits_, near in ((12, False), (8, True)):
        records = [record("one", credits_, tags="a", judges=["j1"])]
        shown = layout(rules(distinct=share), records)
        assert [each.record for each in shown.placements] == ["one"]
        assert shown.near is near


def test_where_only_credit_is_short_the_rest_is_kept_with_as_much_as_fits() -> None:
    """Of two badges one counts: the one by which there are two contexts, not the older one."""
    bucket = {"min": 0, "where": {"tag": "a"}}
    talks = {"at_most": [{"id": "talks", "badges": 1, "where": {"kind": "Talk"}}]}
    stated = programme(
        awards=[{"id": "X", "credits": 60}],
        buckets={"a": {**bucket, **talks}},
        distinct={"contexts": {"at_least": 2}},
    )
    records = [
        record("first", 30, tags="a", contexts={"ke"}),
        record("second", 5, tags="a", contexts={"ke"}, kind="Talk"),
        record("third", 5, tags="a", contexts={"uk"}, kind="Talk", **LATER),
    ]
    shown = layout(stated, records)
    assert [each.rule for each in shown.findings if not each.met] == ["awards.X.credits"]
    assert {each.record for each in shown.placements} == {"first", "third"}
    assert shown.near


def test_a_conflict_is_told_with_the_one_rule_that_the_placing_gives_up() -> None:
    records = [record("late", 20, tags="a", **LATER), record("early", 10, tags="b")]
    text = decision_as_text(decided(rules(a=20, prerequisites=ORDER), records))
    assert (
        "cannot be kept together with these badges: a, b and a before b. Placed as below, "
        "the badges keep all but one of them: b, 0 of 10 credits; 10 still needed."
    ) in text
    assert "as the badges are placed now" not in text
