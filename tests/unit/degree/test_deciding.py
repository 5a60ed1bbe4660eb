"""Whole decisions on the Learnometer MSc, and that each says why."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wallets import HOLDER, TODAY, interruption, learnometer_msc, record, wallet

from degree.rules.audit import audit
from degree.rules.checker import objections
from degree.rules.explain import Answer, AwardOutcome, Decision, Finding, Placement
from degree.rules.records import Record, Status, Wallet
from degree.rules.records_json import read_records
from degree.rules.rendering import decision_as_json
from vc.errors import Conflict

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"
MSC = learnometer_msc()


def graduate() -> Wallet:
    """A member who has earned the MSc, with one revoked badge beside."""
    return read_records((EXAMPLES / "two-circles-and-a-capstone.json").read_bytes())


def changed(before: Wallet, number: int, **changes: object) -> Wallet:
    """The wallet with its record `number` (the last digits of the id) changed."""
    records = tuple(
        replace(kept, **changes) if kept.id.endswith(f"{number:012d}") else kept  # type: ignore[arg-type]
        for kept in before.records
    )
    return replace(before, records=records)


def without(before: Wallet, *numbers: int) -> Wallet:
    ends = tuple(f"{number:012d}" for number in numbers)
    return replace(
        before, records=tuple(kept for kept in before.records if not kept.id.endswith(ends))
    )


def decided(presented: Wallet) -> Decision:
    return audit(MSC, presented, today=TODAY)


def finding(outcome: AwardOutcome, rule: str) -> Finding:
    (found,) = [finding for finding in outcome.findings if finding.rule == rule]
    return found


def test_graduate_is_told_which_badge_fills_which_bucket() -> None:
    decision = decided(graduate())
    assert decision.answer is Answer.SATISFIED
    assert decision.earned is not None
    assert decision.earned.award == "MSc"
    assert len(decision.awards) == 1
    capstone = finding(decision.earned, "awards.MSc.buckets.capstone")
    assert capstone.reason == "60 of 60 credits"
    assert [used[-2:] for used in capstone.used] == ["19", "20"]
    assert all(found.met for found in decision.earned.findings)


def test_every_record_is_placed_or_set_aside_with_a_reason() -> None:
    presented = graduate()
    decision = decided(presented)
    (outcome,) = decision.awards
    told = [entry.record for entry in outcome.placements]
    told += [aside.record for aside in (*outcome.set_aside, *decision.set_aside)]
    assert sorted(told) == sorted(kept.id for kept in presented.records)
    assert all(aside.reason for aside in (*outcome.set_aside, *decision.set_aside))


def test_revoked_badge_is_named_and_never_counts() -> None:
    (aside,) = decided(graduate()).set_aside
    assert (aside.record[-2:], aside.rule) == ("22", "evidence_gate.status")
    assert aside.reason == "the issuer has revoked it"


def test_without_the_capstone_the_exit_award_is_given() -> None:
    decision = decided(without(graduate(), 19, 20))
    assert decision.earned is not None
    assert decision.earned.award == "PGDip"
    assert decision.awards[0].answer is Answer.NOT_SATISFIED
    assert "Capstone needs 60 credits" in decision.awards[0].summary


def test_capstone_before_research_methods_is_a_no_that_names_the_order() -> None:
    presented = changed(graduate(), 13, activity_end=date(2026, 11, 1))
    decision = decided(presented)
    assert decision.awards[0].answer is Answer.NOT_SATISFIED
    assert "prerequisites.research_methods-before-capstone" in decision.awards[0].conflict


def test_one_missed_year_goes_to_the_board_and_the_lower_award_stands() -> None:
    presented = changed(graduate(), 5, activity_end=date(2024, 9, 20))
    decision = decided(presented)
    assert decision.awards[0].answer is Answer.UNDECIDED
    year = finding(decision.awards[0], "obligations.year-1")
    assert year.met is None
    assert "co-provided 1 of 2" in year.reason
    assert "the board may forgive" in year.reason
    assert [outcome.award for outcome in decision.referred] == ["MSc", "PGDip"]
    assert decision.earned is not None
    assert decision.earned.award == "PGCert"


def test_second_missed_year_is_a_no() -> None:
    presented = changed(graduate(), 5, activity_end=date(2024, 9, 20))
    presented = changed(presented, 18, activity_end=date(2026, 9, 20))
    assert decided(presented).awards[0].answer is Answer.NOT_SATISFIED


def test_interruption_moves_a_late_activity_into_its_year() -> None:
    presented = changed(graduate(), 5, activity_end=date(2024, 9, 20))
    pause = interruption(date(2024, 7, 1), date(2024, 7, 31))
    decision = decided(replace(presented, interruptions=(pause,)))
    assert finding(decision.awards[0], "obligations.year-1").met


def test_badge_that_could_not_be_checked_makes_it_undecided_and_not_no() -> None:
    decision = decided(changed(graduate(), 20, status=Status.UNKNOWN))
    outcome = decision.awards[0]
    assert outcome.answer is Answer.UNDECIDED
    hanging = finding(outcome, "evidence_gate.status")
    assert hanging.met is None
    assert hanging.used[0].endswith("20")


def test_badge_that_could_not_be_checked_and_is_not_needed_changes_nothing() -> None:
    decision = decided(changed(graduate(), 21, status=Status.UNKNOWN))
    assert decision.answer is Answer.SATISFIED
    assert [aside.record[-2:] for aside in decision.set_aside] == ["22", "21"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"issuer": "did:web:elsewhere.example"}, "evidence_gate.issuer_in"),
        ({"status": Status.INVALID}, "evidence_gate.status"),
        ({"status": Status.SUSPENDED}, "evidence_gate.status"),
        ({"judges": ("did:key:zOne", "did:key:zOne")}, "evidence_gate.endorsements"),
        ({"judges": ("did:key:zOne", HOLDER)}, "evidence_gate.endorsements"),
        ({"used_in": "PGCert 2025"}, "evidence_gate.not_already_used_in_award"),
        ({"activity_end": date(2016, 11, 21)}, "evidence_gate.currency_years.earned"),
        (
            {"rpl": True, "activity_end": date(2018, 8, 31)},
            "evidence_gate.currency_years.rpl",
        ),
    ],
)
def test_badge_that_fails_the_gate_is_set_aside_by_its_rule(
    changes: dict[str, object], rule: str
) -> None:
    decision = decided(wallet([record("x", **changes)]))
    assert [(aside.record, aside.rule) for aside in decision.set_aside] == [("x", rule)]


def test_badge_exactly_as_old_as_its_shelf_life_still_counts() -> None:
    assert not decided(wallet([record("x", activity_end=date(2016, 11, 22))])).set_aside
    prior = record("x", rpl=True, activity_end=date(2018, 9, 1))
    assert not decided(wallet([prior])).set_aside


def test_badge_earned_after_the_registration_limit_does_not_count_for_that_award() -> None:
    presented = replace(graduate(), registered=date(2019, 9, 1))
    outcome = decided(presented).awards[0]
    late = [a for a in outcome.set_aside if a.rule == "awards.MSc.max_registration_years"]
    assert late
    assert "after registration ended on 2025-08-31" in late[0].reason


def test_programme_that_is_not_in_force_yet_decides_nothing() -> None:
    with pytest.raises(Conflict, match="in force from 2026-09-01"):
        audit(MSC, graduate(), today=date(2026, 8, 31))


def test_empty_wallet_is_told_what_everything_needs() -> None:
    decision = decided(wallet([], registered=date(2026, 10, 1)))
    assert decision.answer is Answer.NOT_SATISFIED
    capstone = [cut for cut in decision.awards[0].shortfalls if cut.needed == 600]
    assert capstone[0].at_least == 600


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_order_of_records_changes_nothing(dice: random.Random) -> None:
    presented = changed(without(graduate(), 8), 5, activity_end=date(2024, 9, 20))
    shuffled = list(presented.records)
    dice.shuffle(shuffled)
    again = replace(presented, records=tuple(shuffled))
    assert decision_as_json(decided(again)) == decision_as_json(decided(presented))


RANK = {Answer.NOT_SATISFIED: 0, Answer.UNDECIDED: 1, Answer.SATISFIED: 2}


@pytest.mark.parametrize("number", range(1, 22))
def test_losing_a_badge_never_improves_the_decision(number: int) -> None:
    whole, less = decided(graduate()), decided(without(graduate(), number))
    for with_it, without_it in zip(whole.awards, less.awards, strict=False):
        assert RANK[without_it.answer] <= RANK[with_it.answer]


def crowd(seed: int) -> Wallet:
    """Sixty badges as three busy years leave them, judged by five of thirty-five members."""
    dice = random.Random(seed)
    records: list[Record] = []
    for number in range(60):
        end = date(2023, 9, 10) + timedelta(days=dice.randrange(1100))
        tags = dice.sample(("research_methods", "reflective_practice", "ethics", "", ""), 1)
        records.append(
            record(
                f"u{number:02}",
                dice.choice((2, 2.5, 3, 4, 5, 7.5)),
                tags=tags,
                level=dice.choice((6, 7, 7, 7)),
                rpl=dice.random() < 0.1,
                activity_start=end,
                activity_end=end,
                circle=dice.choice(("n", "s")),
                contexts=frozenset({dice.choice(("ke", "uk"))}),
                judges=tuple(f"did:key:zJ{judge}" for judge in dice.sample(range(35), 5)),
            )
        )
    return wallet(records)


@pytest.mark.parametrize("seed", range(8))
def test_every_yes_on_a_crowded_wallet_passes_the_checker(seed: int) -> None:
    presented = crowd(seed)
    for outcome in decided(presented).awards:
        if outcome.answer is Answer.SATISFIED:
            assert not said_against(presented, outcome.award, outcome.placements)


def said_against(
    presented: Wallet, award: str, placements: tuple[Placement, ...]
) -> tuple[str, ...]:
    return objections(MSC, presented, award_id=award, placements=placements, today=TODAY)
