"""What hangs on evidence that is pending or on missed years is decided both ways."""

from datetime import date
from typing import Any

import pytest
from wallets import TODAY, decided, granted, interruption, programme, record

from degree.rules import bench
from degree.rules.explain import Answer, AwardAnswer, Because, Placement
from degree.rules.programme import Programme
from degree.rules.records import Attestation, Record, Role, Status, Word
from degree.rules.rows import Problem
from degree.rules.solving import GaveUp, solve

SATISFIED, NOT, UNDECIDED = Answer.SATISFIED, Answer.NOT_SATISFIED, Answer.UNDECIDED


def rules(*, credits_: float = 10, **clauses: Any) -> Programme:
    award = {"id": "X", "credits": credits_, **clauses.pop("award", {})}
    buckets = {"a": {"min": 0, "where": {"any": True}}}
    return programme(awards=[award], buckets=buckets, **clauses)


def answered(stated: Programme, records: list[Record], **facts: Any) -> AwardAnswer:
    return decided(stated, records, **facts).outcome.awards[0]


def placed(answer: AwardAnswer) -> list[str]:
    return [each.record for each in answer.placements]


def pending(name: str, credits_: float, **facts: Any) -> Record:
    return record(name, credits_, status=Status.UNKNOWN, **facts)


def test_what_is_enough_without_the_pending_is_satisfied() -> None:
    found = answered(rules(), [record("x", 10), pending("y", 5)])
    assert (found.answer, placed(found), found.because) == (SATISFIED, ["x"], None)
    assert found.proof is None


def test_what_is_too_little_even_with_the_pending_is_not_satisfied() -> None:
    found = answered(rules(), [record("x", 4), pending("y", 5)])
    assert (found.answer, found.because, found.placements) == (NOT, None, ())
    assert found.proof is not None
    (cut,) = found.proof.cuts
    assert (cut.needed, cut.could_count) == (100, 90)


def test_what_hangs_on_the_pending_is_undecided_and_shown_both_ways() -> None:
    found = answered(rules(), [record("x", 4), pending("z", 5), pending("y", 6)])
    assert found.answer is UNDECIDED
    assert found.because == Because(years=(), pending=("y", "z"), search=False)
    assert placed(found) == ["x", "y"]
    assert found.proof is not None
    (cut,) = found.proof.cuts
    assert (cut.needed, cut.could_count) == (100, 40)


def test_a_pending_badge_that_the_gate_keeps_out_is_nothing_to_wait_for() -> None:
    strange = pending("y", 6, issuer="did:web:other.example")
    assert answered(rules(), [record("x", 4), strange]).answer is NOT


VIVA = {"attestations": {"viva": {"says": "It was passed.", "by": "examiner"}}}


def attested(word: Word | None) -> dict[str, Any]:
    return {"attestations": {"viva": Attestation(value=word)}} if word else {}


@pytest.mark.parametrize(
    ("word", "answer"),
    [(Word.YES, SATISFIED), (Word.NO, NOT), (Word.PENDING, UNDECIDED), (None, UNDECIDED)],
)
def test_an_award_hangs_on_the_word_that_it_requires(word: Word | None, answer: Answer) -> None:
    stated = rules(award={"requires": {"all_of": ["a", {"attested": "viva"}]}}, **VIVA)
    found = answered(stated, [record("x", 10)], **attested(word))
    assert found.answer is answer
    if answer is UNDECIDED:
        assert found.because == Because(pending=("attested:viva",))
        assert found.proof is not None
        assert [cut.rows for cut in found.proof.cuts] == [{"awards.X.requires.all_of[1]": 1}]


def test_a_word_that_is_not_required_is_not_waited_for() -> None:
    found = answered(rules(credits_=20, **VIVA), [record("x", 10)])
    assert found.answer is NOT


def test_a_word_below_a_choice_is_waited_for_where_it_would_help() -> None:
    node = {"any_of": [{"badge": "ONE"}, {"choose": 1, "of": [{"attested": "viva"}]}]}
    stated = rules(award={"requires": node}, **VIVA)
    found = answered(stated, [record("x", 10)])
    assert found.answer is UNDECIDED
    assert found.because == Because(pending=("attested:viva",))
    assert answered(stated, [record("x", 10, code="ONE")]).answer is SATISFIED


def test_words_and_badges_are_waited_for_together() -> None:
    stated = rules(award={"requires": {"attested": "viva"}}, **VIVA)
    found = answered(stated, [record("x", 10), pending("y", 1)])
    assert found.because == Because(pending=("attested:viva", "y"))


YEARS = {
    "every": "registration_year",
    "joined": {"at_least": 1, "of": "activity", "validated": True},
    "co_provided": {"at_least": 1, "of": "activity", "validated": True, "disjoint_from": "joined"},
    "pauses": "authorised_interruptions",
    "misses": {"concession": "allowed", "max": 1, "approver": "board"},
}


def yearly(*years: int, **facts: Any) -> list[Record]:
    """In each of these years one activity joined and one co-provided, of 5 credits each."""
    return [
        record(
            f"{role.value[:4]}{year}",
            5,
            role=role,
            activity_start=date(2022 + year, 10, 1),
            activity_end=date(2022 + year, 10, 2),
            **facts,
        )
        for year in years
        for role in (Role.PARTICIPANT, Role.CO_PROVIDER)
    ]


def test_years_that_were_kept_are_told_with_what_kept_them() -> None:
    found = answered(rules(obligations=YEARS), yearly(1, 2, 3))
    assert found.answer is SATISFIED
    assert [(each.year.number, each.joined, each.kept) for each in found.years] == [
        (1, ("part1",), True),
        (2, ("part2",), True),
        (3, ("part3",), True),
        (4, (), False),
    ]


def test_a_year_that_still_runs_is_not_missed() -> None:
    last = date(2026, 8, 31)
    stated = rules(obligations=YEARS | {"misses": {"concession": "none"}})
    found = decided(stated, yearly(1, 2), today=last).outcome.awards[0]
    assert found.answer is SATISFIED
    found = decided(stated, yearly(1, 2), today=date(2026, 9, 1)).outcome.awards[0]
    assert found.answer is NOT
    assert found.proof is not None
    assert found.proof.years == (3,)


def test_as_many_missed_years_as_may_be_forgiven_are_for_the_board() -> None:
    found = answered(rules(obligations=YEARS), yearly(1, 3))
    assert found.answer is UNDECIDED
    assert found.because == Because(years=(2,))
    assert placed(found) == ["co_p1", "part1"]
    assert (found.proof, found.classes) == (None, ())


def test_one_missed_year_more_is_a_no_whatever_the_badges() -> None:
    found = answered(rules(obligations=YEARS), yearly(1))
    assert found.answer is NOT
    assert found.proof is not None
    assert found.proof.years == (2, 3)
    assert (found.proof.cuts, found.placements) == ((), ())


def test_missed_years_help_no_wallet_that_is_too_small() -> None:
    found = answered(rules(credits_=30, obligations=YEARS), yearly(1, 3))
    assert found.answer is NOT
    assert found.proof is not None
    assert found.proof.cuts


def test_years_do_not_concern_an_award_that_asks_nothing_of_them() -> None:
    stated = programme(
        awards=[{"id": "X", "credits": 10}, {"id": "Y", "credits": 5}],
        buckets={"a": {"min": 0, "where": {"any": True}}},
        obligations=YEARS | {"awards": ["X"]},
    )
    first, second = decided(stated, yearly(1)).outcome.awards
    assert (first.answer, second.answer) == (NOT, SATISFIED)
    assert len(first.years) == 4
    assert second.years == ()


def test_an_interruption_stops_the_clock_only_where_the_programme_says_so() -> None:
    pause = interruption(date(2024, 9, 1), date(2025, 8, 31))
    records = yearly(1, 3, 4)
    paused = answered(rules(obligations=YEARS), records, interruptions=(pause,))
    assert paused.answer is SATISFIED
    going_on = {key: said for key, said in YEARS.items() if key != "pauses"}
    found = answered(rules(obligations=going_on), records, interruptions=(pause,))
    assert found.because == Because(years=(2,))


def test_a_year_that_a_pending_badge_would_keep_is_undecided_with_what_it_hangs_on() -> None:
    """Without year 2 and year 3 it is a no; with the pending ones only year 3 is missed."""
    records = [*yearly(1), *yearly(2, status=Status.UNKNOWN)]
    found = answered(rules(obligations=YEARS), records)
    assert found.answer is UNDECIDED
    assert found.because == Because(years=(3,), pending=("co_p2", "part2"))
    assert found.proof is not None
    assert found.proof.years == (2, 3)
    assert [each.kept for each in found.years] == [True, False, False, False]


def test_a_missed_year_that_pending_badges_do_not_keep_stays_a_no() -> None:
    records = [*yearly(1), *yearly(4, status=Status.UNKNOWN)]
    found = answered(rules(obligations=YEARS), records)
    assert found.answer is NOT
    assert found.proof is not None
    assert found.proof.years == (2, 3)


def test_open_years_alone_are_told_without_the_pending_that_is_not_needed() -> None:
    records = [*yearly(1, 3), pending("z", 5)]
    found = answered(rules(obligations=YEARS), records)
    assert found.because == Because(years=(2,))
    assert found.proof is None


def test_a_badge_past_its_years_still_shows_an_activity() -> None:
    stated = rules(obligations=YEARS)
    gate = {
        "issuer_in": "trust_list@ours",
        "status": ["proof_valid", "not_revoked", "not_expired"],
        "endorsements": {"min": 0},
        "not_already_used_in_award": True,
    }
    spent = rules(obligations=YEARS, evidence_gate=gate, credits_=20)
    records = [*yearly(1, used_in="PGCert"), *yearly(2, 3)]
    assert answered(spent, records).answer is SATISFIED
    assert answered(stated, records).answer is SATISFIED


ALLOWED = {"allowed": ["waive", "reduce", "accept", "forgive_year"]}


def test_a_forgiven_year_counts_as_kept() -> None:
    stated = rules(obligations=YEARS, concessions=ALLOWED)
    forgiven = (granted("forgive_year", year=2),)
    decision = decided(stated, yearly(1, 3), concessions=forgiven)
    plain, conceded = decision.verdicts
    assert plain.awards[0].because == Because(years=(2,))
    assert conceded.awards[0].answer is SATISFIED
    assert decision.outcome is conceded
    assert decision.plain is plain


def test_a_forgiven_year_is_none_of_those_that_are_too_many() -> None:
    stated = rules(obligations=YEARS, concessions=ALLOWED)
    forgiven = (granted("forgive_year", year=3),)
    found = decided(stated, yearly(1), concessions=forgiven).outcome.awards[0]
    assert found.because == Because(years=(2,))


@pytest.mark.parametrize("hoping", [False, True])
def test_a_search_that_gives_up_either_way_claims_nothing(
    monkeypatch: pytest.MonkeyPatch, *, hoping: bool
) -> None:
    def tired(problem: Problem) -> object:
        seen = any(each.status is Status.UNKNOWN for each in problem.records)
        return GaveUp() if seen is hoping else solve(problem)

    monkeypatch.setattr(bench, "solve", tired)
    buckets = {name: {"min": 5, "where": {"tag": name}} for name in "ab"}
    stated = programme(awards=[{"id": "X", "credits": 0}], buckets=buckets)
    found = answered(stated, [record("x", 6, tags="ab"), pending("y", 6, tags="ab")])
    assert found.answer is UNDECIDED
    assert found.because == Because(search=True)
    assert (found.proof, found.placements) == (None, ())


def test_a_search_that_gives_up_without_anything_pending_claims_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "solve", lambda _: GaveUp())
    found = answered(rules(), [record("x", 10)])
    assert (found.answer, found.because) == (UNDECIDED, Because(search=True))


def test_the_award_that_hangs_stands_above_the_one_that_is_earned() -> None:
    stated = programme(
        awards=[{"id": "X", "credits": 10}, {"id": "Y", "credits": 5}, {"id": "Z", "credits": 1}],
        buckets={"a": {"min": 0, "where": {"any": True}}},
    )
    decision = decided(stated, [record("x", 6), pending("y", 6)])
    assert [each.award for each in decision.outcome.awards] == ["X", "Y"]
    assert decision.answer is UNDECIDED
    assert decision.outcome.answer is UNDECIDED
    assert decision.outcome.earned is decision.outcome.awards[1]
    assert decision.outcome.referred == (decision.outcome.awards[0],)


def test_a_record_is_placed_in_names() -> None:
    found = answered(rules(), [record("x", 10)])
    assert found.placements == (Placement(record="x", buckets=("a",)),)
    assert found.counted == found.placements
    assert decided(rules(), [record("x", 10)]).today == TODAY
