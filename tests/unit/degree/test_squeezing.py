"""How little a largest share lets count, worked out from the rows."""

from fractions import Fraction
from typing import Any

from wallets import decided, posed, programme, record

from degree.rules.cuts import Cut
from degree.rules.explain import Proof
from degree.rules.records import Record
from degree.rules.rows import Problem
from degree.rules.saying_no import why_not
from degree.rules.squeezing import squeeze
from degree.statement import Statement, stated

SHARE = "distinct.validators.max_share_each"
CREDITS, A, B = "awards.X.credits", "awards.X.buckets.a", "awards.X.buckets.b"
JUDGED = [
    record("one", 20, tags="a", judges=["j1"]),
    record("two", 10, tags="ab", judges=["j2"]),
    record("three", 10, tags="b", judges=["j3"]),
    record("four", 5, tags="b", judges=["j2"]),
]
# One judge is behind more than half of all, and behind the only badge for a.
HEAVY = [
    record("one", 22, tags="a", judges=["j1"]),
    record("two", 10, tags="b", judges=["j2"]),
    record("three", 5, tags="b", judges=["j3"]),
    record("four", 5, tags="b", judges=["j4"]),
]


def rules(credits_: int, a: int = 0, b: int = 0, **clauses: Any) -> Any:
    return programme(
        awards=[{"id": "X", "credits": credits_, "buckets": {"a": a, "b": b}}],
        buckets={name: {"min": 0, "where": {"tag": name}} for name in "ab"},
        distinct={"validators": {"max_share_each": 0.5}},
        **clauses,
    )


def question(credits_: int, a: int = 0, b: int = 0, **clauses: Any) -> Problem:
    return posed(rules(credits_, a, b, **clauses), JUDGED)


def test_the_most_that_can_count_within_a_share_is_told_where_the_award_needs_more() -> None:
    records = [*JUDGED[:1], record("five", 12, tags="a", judges=["j4"]), JUDGED[3]]
    found = squeeze(posed(rules(36), records), [CREDITS, SHARE])
    assert found is not None
    assert (found.most, found.needed, found.share) == (170, 360, Fraction(1, 2))
    assert [row.path for row, _ in found.parts] == [CREDITS]


def test_buckets_that_take_more_in_whole_badges_than_can_count_are_told() -> None:
    found = squeeze(posed(rules(20, a=15, b=10), HEAVY), [A, B, SHARE])
    assert found is not None
    assert (found.most, found.needed) == (200, 320)
    assert [(row.path, amount) for row, amount in found.parts] == [(A, 220), (B, 100)]


def test_there_is_nothing_to_tell_where_shares_are_not_what_stands_in_the_way() -> None:
    assert squeeze(question(40), [CREDITS, SHARE]) is None
    assert squeeze(question(40), [CREDITS]) is None
    assert squeeze(question(10, a=20, b=10), [A, B, SHARE]) is None


def shown(records: list[Record], credits_: int, **needs: int) -> Statement:
    stating = rules(credits_, **needs)
    return stated(decided(stating, records), stating)


def test_each_bucket_that_takes_its_part_is_told_with_the_sum() -> None:
    proof = Proof(conflict=(A, B, SHARE))
    assert why_not(proof, posed(rules(20, a=15, b=10), HEAVY)) == (
        (
            "Within 50 % for every judge, at most 20 credits can count, and in whole badges a "
            "needs at least 22 and b 10: 32 in all. With more, j1 would have endorsed too much."
        ),
    )
    assert why_not(Proof(conflict=(CREDITS, SHARE)), posed(rules(36), JUDGED[:2])) == (
        (
            "No choice of these badges comes to 36 credits with every judge within 50 %: j1 would "
            "have endorsed too much. Badges with others are needed."
        ),
    )


def test_a_no_by_a_share_gives_the_reason_in_its_headline_and_marks_the_badges_behind_it() -> None:
    said = shown(HEAVY, 20, a=15, b=10)
    reason = (
        "Within 50 % for every judge, at most 20 credits can count, and in whole badges a needs "
        "at least 22. With more, j1 would have endorsed too much."
    )
    assert said.focus.shortfalls == (reason,)
    assert said.progress == (
        f"42 of 20 credits are there for the {said.focus.title}, but not every rule is kept. "
        f"{reason}"
    )
    (share,) = [each for each in said.focus.rules if each.state == "broken"]
    assert [badge.id for badge in share.badges] == ["one"]
    enough = shown([*HEAVY, record("five", 5, tags="b", judges=["j5"])], 20, a=15, b=10)
    assert enough.focus.state == "met"
    assert not any(each.badges for each in enough.focus.rules)


def test_beside_the_share_whatever_else_is_short_is_still_told() -> None:
    problem = posed(rules(20, a=15, b=10), HEAVY)
    short = Cut(rows={CREDITS: 1}, whole=False, needed=200, could_count=150)
    by_share = Cut(rows={A: 1, B: 1, f"{SHARE}=j1": 1}, whole=True, needed=1, could_count=0)
    said = why_not(Proof(cuts=(short, by_share)), problem)
    assert [each[:10] for each in said] == ["The X, in ", "Within 50 "]
