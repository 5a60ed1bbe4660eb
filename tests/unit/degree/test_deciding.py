"""Whole decisions on the Learnometer MSc, and that each says why."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wallets import HOLDER, TODAY, interruption, learnometer_msc, record, wallet

from degree.checker import objections
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record
from degree.rules.explain import Answer, Decision
from degree.rules.records import Record, Status, Wallet
from degree.rules.records_json import read_records
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
    return decide([MSC], presented, today=TODAY)


def test_graduate_is_told_which_badge_fills_which_bucket() -> None:
    decision = decided(graduate())
    assert decision.answer is Answer.SATISFIED
    (award,) = decision.outcome.awards
    assert award.award == "MSc"
    capstone = [each.record[-2:] for each in award.placements if "capstone" in each.buckets]
    assert capstone == ["19", "20"]


def test_revoked_badge_is_named_and_never_counts() -> None:
    (aside,) = decided(graduate()).outcome.set_aside
    assert (aside.record[-2:], aside.rule) == ("22", "evidence_gate.status")
    assert aside.reason == "the issuer has revoked it"


def test_without_the_capstone_the_exit_award_is_given() -> None:
    decision = decided(without(graduate(), 19, 20))
    master, diploma = decision.outcome.awards
    assert (master.answer, diploma.answer) == (Answer.NOT_SATISFIED, Answer.SATISFIED)
    assert diploma.award == "PGDip"
    assert master.proof is not None
    assert {"awards.MSc.buckets.capstone": 1} in [cut.rows for cut in master.proof.cuts]


def test_capstone_before_research_methods_is_a_no_that_names_the_order() -> None:
    decision = decided(changed(graduate(), 13, activity_end=date(2026, 11, 1)))
    master = decision.outcome.awards[0]
    assert master.answer is Answer.NOT_SATISFIED
    assert master.proof is not None
    order = "prerequisites.research_methods-before-capstone"
    (cut,) = master.proof.cuts
    assert order in {name.partition("=")[0] for name in cut.rows}


def test_one_missed_year_goes_to_the_board_and_the_lower_award_stands() -> None:
    decision = decided(changed(graduate(), 5, activity_end=date(2024, 9, 20)))
    master = decision.outcome.awards[0]
    assert master.answer is Answer.UNDECIDED
    assert master.because is not None
    assert (master.because.years, master.because.pending) == ((1,), ())
    assert len(master.years[0].co_provided) == 1
    assert [each.award for each in decision.outcome.referred] == ["MSc", "PGDip"]
    assert decision.outcome.earned is not None
    assert decision.outcome.earned.award == "PGCert"
    assert decision.answer is Answer.UNDECIDED


def test_second_missed_year_is_a_no() -> None:
    presented = changed(graduate(), 5, activity_end=date(2024, 9, 20))
    presented = changed(presented, 18, activity_end=date(2026, 9, 20))
    master = decided(presented).outcome.awards[0]
    assert master.answer is Answer.NOT_SATISFIED
    assert master.proof is not None
    assert master.proof.years == (1, 3)


def test_interruption_moves_a_late_activity_into_its_year() -> None:
    presented = changed(graduate(), 5, activity_end=date(2024, 9, 20))
    pause = interruption(date(2024, 7, 1), date(2024, 7, 31))
    decision = decided(replace(presented, interruptions=(pause,)))
    assert decision.outcome.awards[0].years[0].kept


def test_badge_that_could_not_be_checked_makes_it_undecided_and_not_no() -> None:
    decision = decided(changed(graduate(), 20, status=Status.UNKNOWN))
    master = decision.outcome.awards[0]
    assert master.answer is Answer.UNDECIDED
    assert master.because is not None
    assert [each[-2:] for each in master.because.pending] == ["20"]
    assert master.proof is not None
    assert master.placements


def test_badge_that_could_not_be_checked_and_is_not_needed_changes_nothing() -> None:
    decision = decided(changed(graduate(), 21, status=Status.UNKNOWN))
    assert decision.answer is Answer.SATISFIED
    assert "21" not in [each.record[-2:] for each in decision.outcome.awards[0].placements]


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
    assert [(each.record, each.rule) for each in decision.outcome.set_aside] == [("x", rule)]


def test_badge_exactly_as_old_as_its_shelf_life_still_counts() -> None:
    young = record("x", activity_end=date(2016, 11, 22))
    assert not decided(wallet([young])).outcome.set_aside
    prior = record("x", rpl=True, activity_end=date(2018, 9, 1))
    assert not decided(wallet([prior])).outcome.set_aside


def test_badge_earned_after_the_registration_limit_does_not_count_for_that_award() -> None:
    decision = decided(replace(graduate(), registered=date(2019, 9, 1)))
    master = decision.outcome.awards[0]
    assert master.answer is Answer.NOT_SATISFIED
    assert master.award == "MSc"


def test_programme_that_is_not_in_force_yet_decides_nothing() -> None:
    with pytest.raises(Conflict, match="in force from 2026-09-01"):
        decide([MSC], graduate(), today=date(2026, 8, 31))


def test_empty_wallet_is_told_what_everything_needs() -> None:
    decision = decided(wallet([], registered=date(2026, 10, 1)))
    assert decision.answer is Answer.NOT_SATISFIED
    proof = decision.outcome.awards[0].proof
    assert proof is not None
    short = {name: cut.short for cut in proof.cuts for name in cut.rows}
    assert short["awards.MSc.buckets.capstone"] == 600
    assert short["awards.MSc.credits"] == 1800


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_order_of_records_changes_nothing(dice: random.Random) -> None:
    presented = changed(without(graduate(), 8), 5, activity_end=date(2024, 9, 20))
    shuffled = list(presented.records)
    dice.shuffle(shuffled)
    again = decided(replace(presented, records=tuple(shuffled)))
    assert again.outcome == decided(presented).outcome


RANK = {Answer.NOT_SATISFIED: 0, Answer.UNDECIDED: 1, Answer.SATISFIED: 2}


@pytest.mark.parametrize("number", range(1, 22))
def test_losing_a_badge_never_improves_the_decision(number: int) -> None:
    whole, less = decided(graduate()).outcome, decided(without(graduate(), number)).outcome
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
def test_every_decision_on_a_crowded_wallet_passes_the_checker(seed: int) -> None:
    decision = decided(crowd(seed))
    assert objections(decision_record(decision, learnometer="1")) == []
