"""Why a badge does not count for an award, in words that are true of it."""

from dataclasses import replace
from datetime import date
from typing import Any

from wallets import TODAY, decided, granted, programme, record

from degree.rules.exact import CreditUnit
from degree.rules.laying_out import laid_out
from degree.rules.records import Record, Status
from degree.rules.saying_left_out import in_the_way

A, B = {"min": 0, "where": {"tag": "a"}}, {"min": 0, "where": {"tag": "b"}}


def reasons(
    records: list[Record],
    *,
    unit: CreditUnit = CreditUnit.UK,
    buckets: Any = None,
    award: Any = None,
    **clauses: Any,
) -> dict[str, str]:
    stated = programme(
        awards=[{"id": "X", "credits": 20, **(award or {})}],
        buckets=buckets or {"essay": A, "field_work": B},
        **clauses,
    )
    decision = decided(stated, records)
    (answer,) = decision.outcome.awards
    layout = laid_out(decision.outcome, answer, decision.wallet, today=TODAY)
    return {left.record: in_the_way(left, layout.problem, unit) for left in layout.left_out}


def reason(records: list[Record], **clauses: Any) -> str:
    ((_, said),) = reasons(records, **clauses).items()
    return said


X = record("x", 12, tags="a")


def test_a_badge_beside_enough_others_is_not_needed() -> None:
    said = reason([record("w", 20, tags="a"), X])
    assert said == "not needed: other badges fill the award"


def test_a_badge_by_which_a_judge_would_be_behind_too_much_says_so() -> None:
    records = [
        record("w", 10, tags="a", judges=["j1"]),
        record("v", 10, tags="a", judges=["j2"]),
        record("z", 2, tags="a", judges=["j1"]),
    ]
    shares = {"validators": {"max_share_each": 0.5}}
    short = {"essay": A, "field_work": {**B, "min": 5}}
    assert reasons(records, buckets=short, distinct=shares) == {
        "z": "with it, j1 would have endorsed 54.5 % of the credit"
    }
    large = [record(each.id, 100, tags="a", judges=each.judges) for each in records[:2]]
    least = record("z", 0.1, tags="a", judges=["j1"])
    assert reasons([*large, least], buckets=short, distinct=shares) == {
        "z": "with it, j1 would have endorsed a little more than 50 % of the credit"
    }


def test_of_an_award_that_lacks_credit_in_a_bucket_what_keeps_a_badge_from_there_is_told() -> None:
    later = {"activity_start": date(2025, 1, 10), "activity_end": date(2025, 3, 20)}
    said = reasons(
        [record("plan", 20, tags="a", **later), record("work", 12, tags="bc")],
        buckets={
            "anything": {"min": 0, "where": {"tag": "c"}, "max_credits": 5},
            "essay": {**A, "min": 20},
            "field_work": {**B, "min": 10},
        },
        prerequisites=[{"before": "essay", "after": "field_work"}],
    )
    assert said == {
        "work": "essay before field work: it ended on 2024-03-20, and “Plan” ended on 2025-03-20"
    }


def test_a_badge_that_fits_nowhere_or_came_late_or_could_not_be_checked_says_so() -> None:
    assert reasons(
        [
            record("n", 5, tags="n"),
            record("late", 5, tags="a", activity_end=date(2024, 9, 1)),
            record("open", 5, tags="a", status=Status.UNKNOWN),
        ],
        award={"max_registration_years": 1},
    ) == {
        "n": "it fits no bucket of this award",
        "late": "it ended after the time of registration for this award",
        "open": "its status could not be checked",
    }


def test_a_badge_that_is_too_big_says_what_it_has_and_what_is_left() -> None:
    prior = [record(name, 15, tags="a", rpl=True) for name in ("p", "q")]
    assert reason(prior, award={"rpl_cap": 25}) == (
        "it has 15 credits, and 10 are left of at most 25 credits for prior learning"
    )
    assert reason(prior, award={"rpl_cap": 16}) == (
        "it has 15 credits, and 1 is left of at most 16 credits for prior learning"
    )
    assert reason(prior, award={"rpl_cap": 25}, unit=CreditUnit.ECTS) == (
        "it has 7.5 ECTS credits, and 5 are left of at most 12.5 ECTS credits for prior learning"
    )


def test_a_limit_without_any_room_is_used_up() -> None:
    prior = [record(name, 15, tags="a", rpl=True) for name in ("p", "q")]
    assert reason(prior, award={"rpl_cap": 15}) == (
        "at most 15 credits for prior learning, and these are used up"
    )
    low = [record(name, 5, tags="a", level=6) for name in ("p", "q")]
    assert reason(low, award={"max_below_level": {6: 5}}) == (
        "at most 5 credits at level 6 or below, and these are used up"
    )
    lowly = {"essay": {**A, "max_below_level": {6: 5}}}
    assert reason(low, buckets=lowly) == (
        "at most 5 credits at level 6 or below in essay, and these are used up"
    )
    full = {"essay": {**A, "max_badges": 1}, "field_work": {**B, "max_badges": 2}}
    assert reason(low, buckets=full) == "at most 1 badge in essay, and these are used up"
    full = {"field_work": {**B, "max_badges": 2}}
    assert reason([record(name, 1, tags="b") for name in "xyz"], buckets=full) == (
        "at most 2 badges in field work, and these are used up"
    )


def test_of_several_limits_one_that_shuts_every_bucket_is_told() -> None:
    both = [record(name, 10, tags="ab", rpl=True) for name in ("p", "q")]
    small = {"essay": {**A, "max_credits": 10}, "field_work": B}
    assert reason(both, buckets=small, award={"rpl_cap": 12}) == (
        "it has 10 credits, and 2 are left of at most 12 credits for prior learning"
    )


FAILED = record("f", 15, tags="a", mark=380)


def test_a_failed_badge_is_out_by_its_mark() -> None:
    assert reason([FAILED], pass_mark=40) == "its mark of 38 is below the pass mark of 40"
    stray = record("f", 15, tags="n", mark=380)
    assert reason([stray], pass_mark=40) == "it fits no bucket of this award"


def test_a_mark_too_low_to_be_condoned_says_from_where_one_is() -> None:
    condoning = {"max_credits": 20, "mark_floor": 39, "not_in": ["field_work"]}
    assert reason([FAILED], pass_mark=40, condonement=condoning) == (
        "its mark of 38 is a fail, and below the 39 from which one is condoned"
    )
    elsewhere = record("f", 15, tags="b", mark=380)
    assert reason([elsewhere], pass_mark=40, condonement=condoning) == (
        "its mark of 38 is below the pass mark of 40"
    )


def test_a_mark_that_passes_but_not_here_is_too_low_for_the_award() -> None:
    high = {"essay": {**A, "min_mark": 60}}
    passed = record("f", 15, tags="a", mark=500)
    assert (
        reason([passed], pass_mark=40, buckets=high) == "its mark of 50 is too low for this award"
    )


def ordered(plan: Record, work: Record, **order: Any) -> dict[str, str]:
    between = [{"before": "essay", "after": "field_work", **order}]
    needs = {"credits": 22, "buckets": {"essay": 0, "field_work": 0}}
    return reasons([plan, work], award=needs, prerequisites=between)


def dated(name: str, credits_: float, first: date, last: date) -> Record:
    tags = "a" if name == "plan" else "b"
    return record(name, credits_, tags=tags, activity_start=first, activity_end=last)


EARLY, MIDDLE, LATE = date(2024, 3, 20), date(2024, 4, 2), date(2024, 5, 2)


def test_a_badge_out_of_order_in_time_names_the_other_and_both_days() -> None:
    plan, work = dated("plan", 12, EARLY, LATE), dated("work", 8, EARLY, MIDDLE)
    assert ordered(plan, work) == {
        "plan": "essay before field work: it ended on 2024-05-02, and “Work” ended on 2024-04-02"
    }
    plan, work = dated("plan", 12, EARLY, MIDDLE), dated("work", 8, EARLY, LATE)
    assert ordered(plan, work) == {}
    assert ordered(plan, work, finished="before_start") == {
        "work": "essay before field work: it began on 2024-03-20, and “Plan” ended on 2024-04-02"
    }


def test_a_badge_that_came_too_long_after_the_other_says_so() -> None:
    plan = dated("plan", 12, date(2020, 1, 1), date(2020, 2, 1))
    work = dated("work", 8, EARLY, LATE)
    assert ordered(plan, work, lapses_after_years=2) == {
        "work": "essay before field work: “Plan” ended on 2020-02-01, too long before it did "
        "on 2024-05-02"
    }


def test_badges_that_exclude_each_other_are_named() -> None:
    one, other = record("one", 20, tags="a", code="A"), record("two", 5, tags="a", code="B")
    needs = {"credits": 22}
    excluding = [["badge:A", "badge:B"]]
    assert reasons([one, other], award=needs, exclusions=excluding) == {
        "two": "it cannot count beside “One”, which counts"
    }


NOWHERE = "it fits no bucket of this award"
MAKING = {"min": 0, "where": {"tag": "m", "level": 7}, "min_mark": 60, "rpl": False}


def test_a_badge_that_only_lacks_a_mark_or_a_level_says_so_with_the_bucket() -> None:
    def said(**facts: Any) -> str:
        return reason([record("x", 10, tags="m", **facts)], buckets={"making": MAKING, "essay": A})

    assert said() == f"{NOWHERE}: making asks for a mark of 60, and it has none"
    level = "making takes level 7 or above, and it is of 6"
    assert said(level=6, mark=650) == f"{NOWHERE}: {level}"
    assert said(mark=650, rpl=True) == f"{NOWHERE}: making takes no prior learning"
    assert said(level=6) == f"{NOWHERE}: making asks for a mark of 60, and it has none; {level}"
    assert said(level=6, mark=550).startswith(
        f"{NOWHERE}: making asks for a mark of 60, and it has 55; "
    )


def test_the_bucket_that_asks_for_least_of_another_kind_is_the_nearest() -> None:
    low = {"min": 0, "where": {"all_of": [{"tag": "m"}, {"level_max": 5}]}}
    prior = {"min": 0, "where": {"tag": "p", "rpl": True}}
    buckets = {"making": MAKING, "outset": low, "prior": prior}
    badges = [record("x", 10, tags="m"), record("y", 10, tags="p"), record("z", 10, tags="n")]
    found = reasons([replace(badges[0], level=6), *badges[1:]], buckets=buckets)
    assert found == {
        "x": f"{NOWHERE}: outset takes level 5 or below, and it is of 6",
        "y": f"{NOWHERE}: prior takes prior learning only",
        "z": NOWHERE,
    }


def test_a_mark_that_a_filter_asks_for_is_told() -> None:
    either = {"any_of": [{"tag": "m", "mark": 70}, {"tag": "m", "mark": 65, "level": 7}]}
    marked = {"min": 0, "where": {**either, "not": {"kind": "Talk"}}}
    talk = record("t", 10, tags="m", kind="Talk")
    assert reasons([record("x", 10, tags="m"), talk], buckets={"making": marked}) == {
        "t": NOWHERE,
        "x": f"{NOWHERE}: making asks for a mark of 65, and it has none",
    }


def test_what_a_concession_admits_elsewhere_is_near_to_nothing() -> None:
    award = {"id": "X", "credits": 20, "buckets": {"making": 0}}
    stated = programme(
        awards=[award, {"id": "Y", "credits": 10, "buckets": {"essay": 0}}],
        buckets={"making": MAKING, "essay": A},
        evidence_gate={
            "issuer_in": "trust_list@ours",
            "status": ["proof_valid", "not_revoked", "not_expired"],
            "endorsements": {"min": 5},
        },
        concessions={"allowed": ["accept"]},
    )
    accepted = granted("accept", record="x", bucket="essay")
    decision = decided(stated, [record("x", 10, tags="m")], concessions=(accepted,))
    layout = laid_out(decision.outcome, decision.outcome.awards[0], decision.wallet, today=TODAY)
    (left,) = layout.left_out
    assert in_the_way(left, layout.problem) == NOWHERE
