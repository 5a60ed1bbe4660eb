"""Decisions that the engine once made and its checker refused, and what strangers may keep busy."""

import json
import threading
from datetime import date
from typing import Any

import pytest
from wallets import decided, granted, interruption, posed, programme, record

from degree.board.quality import counted_by
from degree.checker import objections
from degree.command import _parsed
from degree.receiving.deciding import Deciding
from degree.receiving.judged import Question
from degree.rules.decision_record import decision_record, written
from degree.rules.explain import Answer, Decision
from degree.rules.laying_out import laid_out
from degree.rules.records import Status
from degree.rules.standing import standing
from vc.errors import Unavailable

ANY = {"a": {"min": 0, "where": {"any": True}}}
YEARS = {
    "every": "registration_year",
    "joined": {"at_least": 1, "of": "activity", "validated": True},
    "co_provided": {"at_least": 0, "of": "activity", "validated": True},
    "misses": {"concession": "allowed", "max": 9, "approver": "board"},
}


def kept(decision: Decision) -> dict[str, Any]:
    record_: dict[str, Any] = json.loads(written(decision_record(decision, learnometer="1")))
    assert objections(record_) == []
    return record_


def test_an_award_that_no_badge_is_needed_for_can_wait_for_the_board() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0, "requires": {"attested": "viva"}}],
        buckets=ANY,
        attestations={"viva": {"says": "The viva was passed.", "by": "examiner"}},
    )
    (award,) = kept(decided(rules, []))["verdicts"][0]["awards"]
    assert (award["answer"], award["placements"]) == ("undecided", [])


def test_a_class_that_no_badge_is_needed_for_is_satisfied_by_none() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0}],
        buckets=ANY,
        classification={"rpl_marks": "included", "classes": [{"id": "first", "mean": 70}]},
        concessions={"allowed": ["waive"], "requires": ["authority"]},
    )
    waived = granted("waive", path="classification.first.graded")
    for badges in ([], [record("x", 10, mark=600)]):
        decision = decided(rules, badges, concessions=(waived,))
        (award,) = kept(decision)["verdicts"][1]["awards"]
        (class_,) = award["classes"]
        assert (class_["answer"], class_["placements"]) == ("satisfied", [])
        assert standing(decision).counted == 0
        earned = decision.outcome.earned
        assert earned is not None
        shown = laid_out(decision.outcome, earned, decision.wallet, today=decision.today)
        assert (shown.filled, shown.placements) == (True, ())


def test_a_badge_may_be_called_as_a_word_that_is_waited_for() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 10, "requires": {"all_of": ["a", {"attested": "viva"}]}}],
        buckets=ANY,
        attestations={"viva": {"says": "The viva was passed.", "by": "examiner"}},
    )
    badges = [record("attested:viva", 10, status=Status.UNKNOWN)]
    (award,) = kept(decided(rules, badges))["verdicts"][0]["awards"]
    assert award["because"]["pending"] == ["attested:viva"]


def test_the_highest_award_before_the_board_is_asked_about_though_it_counts_nothing() -> None:
    rules = programme(
        awards=[
            {"id": "X", "credits": 10, "requires": {"attested": "viva"}},
            {"id": "Y", "credits": 10, "requires": {"attested": "essay"}},
        ],
        buckets=ANY,
        attestations={
            "viva": {"says": "The viva was passed.", "by": "examiner"},
            "essay": {"says": "The essay was read.", "by": "examiner"},
        },
        concessions={"allowed": ["waive"], "requires": ["authority"]},
    )
    waived = granted("waive", path="awards.X.credits")
    decision = decided(rules, [record("x", 10)], concessions=(waived,))
    assert [len(each.placements) for each in decision.outcome.referred] == [0, 1]
    assert counted_by(decision) == ()


def test_years_are_forgiven_one_by_one_and_not_waived() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 1}],
        buckets=ANY,
        obligations=YEARS,
        concessions={"allowed": ["waive"], "requires": ["authority"]},
    )
    waived = granted("waive", path="obligations")
    decision = decided(rules, [record("x", 10)], concessions=(waived,))
    kept(decision)
    assert decision.answer is Answer.UNDECIDED


def test_a_shared_badge_is_held_to_the_order_of_the_buckets_that_it_fills() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 10, "buckets": {"a": 10, "b": 10}}],
        buckets={name: {"min": 0, "where": {"any": True}} for name in "ab"},
        sharing={"max_badges": 1},
        prerequisites=[{"before": "a", "after": "b", "finished": "before_start"}],
    )
    decision = decided(rules, [record("x", 10)])
    kept(decision)
    assert decision.answer is Answer.NOT_SATISFIED


@pytest.mark.parametrize("years", [0, 0.5, 1, 2, 2.9, 3, 100, 7975, 7976, 7977, 99_999, 100_000])
@pytest.mark.parametrize("until", [None, date(2024, 12, 31), date(2199, 12, 31)])
def test_a_deadline_beyond_the_calendar_is_none(years: float, until: date | None) -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 10, "max_registration_years": 1}],
        buckets=ANY,
        concessions={"allowed": ["reduce"], "requires": ["authority"]},
    )
    to = granted("reduce", path="awards.X.max_registration_years", to=years)
    pauses = (interruption(date(2024, 1, 1), until),) if until else ()
    ended = record("x", 10, activity_end=date(2025, 9, 1), issued=date(2025, 9, 2))
    decision = decided(rules, [ended], concessions=(to,), interruptions=pauses)
    kept(decision)
    in_time = years >= (1 if until else 3)
    assert (decision.answer is Answer.SATISFIED) is in_time


OUT_OF_ORDER: dict[str, Any] = {
    "activity_start": date(2024, 6, 1),
    "activity_end": date(2024, 7, 1),
}


def test_commas_in_the_ids_of_badges_tell_the_pairs_apart() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 40}],
        buckets={
            "a": {"min": 40, "where": {"any": True}},
            "b": {"min": 10, "where": {"any": True}},
        },
        sharing={"max_badges": 9},
        prerequisites=[{"before": "a", "after": "b"}],
    )
    late = [record(name, 10, **OUT_OF_ORDER) for name in ("x,y", "x", "x\\", "x\\,y")]
    early = [record(name, 10) for name in ("z", "y,z", ",z", "\\,z")]
    names = {row.name for row in posed(rules, [*late, *early]).rows}
    path = "prerequisites.a-before-b="
    assert {rf"{path}x\,y,z", rf"{path}x,y\,z", rf"{path}x\\,\,z"} <= names
    kept(decided(rules, [*late, *early]))


@pytest.mark.parametrize("code", ["P", "P#1", "P=1", "P.1", "P,1"])
def test_anything_may_stand_in_the_code_of_a_badge(code: str) -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0}],
        buckets={"a": {"min": 1, "where": {"tag": "a"}}, "b": {"min": 5, "where": {"tag": "b"}}},
        exclusions=[[f"badge:{code}", "badge:Q"]],
    )
    badges = [
        record("p", 3, tags="ab", code=code),
        record("q", 5, tags="ab", code="Q"),
        record("r", 3, tags="b"),
    ]
    (award,) = kept(decided(rules, badges))["verdicts"][0]["awards"]
    assert f"exclusions.{code}+Q" in award["proof"]["conflict"]
    needs = programme(
        awards=[{"id": "X", "credits": 20}],
        buckets=ANY,
        prerequisites=[{"badge": code, "needs": "Q"}],
    )
    alone = decided(needs, [record("p=", 10, code=code), record("r", 10)])
    kept(alone)
    (lacking,) = standing(alone).lacking
    assert lacking.rules == ("awards.X.credits", f"prerequisites.{code}-needs-Q")


def test_a_record_of_many_values_and_a_deep_proof_is_read_again() -> None:
    many = json.dumps({"values": list(range(150_000))}).encode()
    deep = b'{"tree":' * 200 + b"1" + b"}" * 200
    assert len(_parsed(many)["values"]) == 150_000
    assert "tree" in _parsed(deep)


def test_strangers_who_wait_hold_no_more_than_two_threads_besides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, ended = threading.Semaphore(0), threading.Event()

    def slow(question: bytes) -> bytes:
        begun.release()
        ended.wait(60)
        raise Unavailable("deciding", "It is over.")

    deciding = Deciding(run=slow)
    monkeypatch.setattr("degree.receiving.deciding.as_json", lambda question: {})
    asked: Any = Question.__new__(Question)

    def ask() -> None:
        with pytest.raises(Unavailable):
            deciding.judge(asked)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        assert begun.acquire(timeout=60)
    while deciding._room._value:  # the other two have come to wait
        threading.Event().wait(0.01)
    with pytest.raises(Unavailable, match="Others are being served"):
        deciding.judge(asked)
    ended.set()
    for thread in threads:
        thread.join(60)
