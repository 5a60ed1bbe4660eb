"""Classes of an award: the best that some placing reaches, and why a better one is not."""

from typing import Any

from wallets import decided, granted, programme, record

from degree.rules import bench
from degree.rules.explain import Answer, AwardAnswer
from degree.rules.programme import Programme
from degree.rules.records import Record, Status
from degree.rules.rendering import decision_as_text
from degree.rules.rows import Problem
from degree.rules.solving import GaveUp, solve

SATISFIED, NOT, UNDECIDED = Answer.SATISFIED, Answer.NOT_SATISFIED, Answer.UNDECIDED
BUCKETS: dict[str, dict[str, Any]] = {
    "a": {"min": 0, "where": {"tag": "a"}},
    "b": {"min": 0, "where": {"tag": "b"}},
}
TWO = ({"id": "first", "mean": 70}, {"id": "second", "mean": 60})


def rules(*classes: dict[str, Any], credits_: float = 10, **clauses: Any) -> Programme:
    award = {"id": "X", "credits": credits_, **clauses.pop("award", {})}
    said = {"rpl_marks": "included", "classes": list(classes), **clauses.pop("more", {})}
    listed = clauses.pop("awards", [award])
    return programme(awards=listed, buckets=BUCKETS, classification=said, **clauses)


def answered(stated: Programme, records: list[Record], **facts: Any) -> AwardAnswer:
    return decided(stated, records, **facts).outcome.awards[0]


def classes(answer: AwardAnswer) -> list[tuple[str, Answer]]:
    return [(each.id, each.answer) for each in answer.classes]


def marked(name: str, mark: float, credits_: float = 10, tags: str = "a", **facts: Any) -> Record:
    return record(name, credits_, mark=round(mark * 10), tags=tags, **facts)


def test_the_best_class_that_is_reached_is_given_and_none_below_it() -> None:
    found = answered(rules(*TWO), [marked("x", 70)])
    assert classes(found) == [("first", SATISFIED)]
    assert found.best_class is found.classes[0]


def test_a_class_that_is_not_reached_is_told_with_its_proof() -> None:
    found = answered(rules(*TWO), [marked("x", 69.9)])
    assert classes(found) == [("first", NOT), ("second", SATISFIED)]
    proof = found.classes[0].proof
    assert proof is not None
    (cut,) = proof.cuts
    assert "classification.first.mean" in cut.rows
    assert found.classes[0].placements == ()


def test_an_award_may_reach_no_class() -> None:
    found = answered(rules(*TWO), [marked("x", 59.9)])
    assert (found.answer, found.best_class) == (SATISFIED, None)
    assert classes(found) == [("first", NOT), ("second", NOT)]
    assert found.counted == found.placements


def test_a_class_may_need_another_placing_than_the_award_alone() -> None:
    """The oldest badge would do for the award; the class counts the better one beside it."""
    records = [marked("x", 60), marked("y", 85)]
    found = answered(rules(*TWO), records)
    assert [each.record for each in found.placements] == ["x"]
    assert classes(found) == [("first", SATISFIED)]
    assert "y" in [each.record for each in found.counted]
    assert found.counted == found.classes[0].placements


def test_without_marks_there_is_no_class() -> None:
    found = answered(rules({"id": "any"}), [record("x", 10, tags="a")])
    assert classes(found) == [("any", NOT)]


def test_an_award_that_is_not_classified_has_no_classes() -> None:
    awards = [{"id": "X", "credits": 10}, {"id": "Y", "credits": 5}]
    stated = rules(*TWO, awards=awards, more={"awards": ["Y"]})
    assert answered(stated, [marked("x", 90)]).classes == ()
    lower = decided(stated, [marked("x", 90, 5)]).outcome.awards[1]
    assert classes(lower) == [("first", SATISFIED)]
    assert answered(programme(awards=awards, buckets=BUCKETS), [marked("x", 90)]).classes == ()


def test_an_award_that_is_not_satisfied_has_no_classes() -> None:
    assert answered(rules(*TWO, credits_=20), [marked("x", 90)]).classes == ()


def test_half_a_mark_may_be_rounded_up() -> None:
    found = answered(rules(*TWO, more={"mean_rounding": "half_up"}), [marked("x", 69.5)])
    assert classes(found) == [("first", SATISFIED)]
    found = answered(rules(*TWO, more={"mean_rounding": "half_up"}), [marked("x", 69.4)])
    assert classes(found) == [("first", NOT), ("second", SATISFIED)]


def test_prior_learning_counts_in_the_mean_or_does_not() -> None:
    records = [marked("x", 90, 5, rpl=True), marked("y", 60, 5)]
    assert classes(answered(rules(*TWO), records)) == [("first", SATISFIED)]
    excluded = rules(*TWO, more={"rpl_marks": "excluded_from_mean"})
    assert classes(answered(excluded, records)) == [("first", NOT), ("second", SATISFIED)]


CONDONED = {
    "pass_mark": 50,
    "condonement": {"max_credits": 5, "mark_floor": 40, "cap_class": "second"},
}


def test_a_condoned_badge_keeps_from_the_best_class() -> None:
    records = [marked("x", 90, 5), marked("y", 45, 5)]
    found = answered(rules(*TWO, **CONDONED), records)
    assert classes(found) == [("first", NOT), ("second", SATISFIED)]
    spare = answered(rules(*TWO, **CONDONED), [*records, marked("z", 90, 5)])
    assert classes(spare) == [("first", SATISFIED)]


def test_too_much_failed_credit_is_not_condoned() -> None:
    stated = rules(*TWO, **CONDONED)
    assert answered(stated, [marked("x", 90, 4), marked("y", 45, 6)]).answer is NOT


def test_a_mean_is_asked_of_who_has_a_condoned_badge() -> None:
    condoned = {"pass_mark": 50, "condonement": {**CONDONED["condonement"], "mean_at_least": 55}}  # type: ignore[dict-item]
    stated = rules(*TWO, **condoned)
    assert answered(stated, [marked("x", 64, 5), marked("y", 45, 5)]).answer is NOT
    assert answered(stated, [marked("x", 65, 5), marked("y", 45, 5)]).answer is SATISFIED
    assert answered(stated, [marked("x", 51, 10)]).answer is SATISFIED


def test_one_alternative_is_enough_for_a_class() -> None:
    either = {"id": "first", "any_of": [{"mean": 80}, {"credits_at": {"70": 5}, "mean": 60}]}
    stated = rules(either)
    assert classes(answered(stated, [marked("x", 80)])) == [("first", SATISFIED)]
    both = [marked("x", 70, 5), marked("y", 50, 5)]
    assert classes(answered(stated, both)) == [("first", SATISFIED)]
    assert classes(answered(stated, [marked("x", 69, 10)])) == [("first", NOT)]


def test_a_resit_keeps_from_a_class_of_first_attempts() -> None:
    stated = rules({"id": "first", "mean": 50, "first_attempts": True})
    assert classes(answered(stated, [marked("x", 90, first_attempt=False)])) == [("first", NOT)]
    assert classes(answered(stated, [marked("x", 90)])) == [("first", SATISFIED)]


def test_a_class_that_hangs_on_a_pending_badge_is_undecided_and_the_next_is_tried() -> None:
    records = [marked("x", 65), marked("y", 80, status=Status.UNKNOWN)]
    found = answered(rules(*TWO), records)
    assert found.answer is SATISFIED
    assert classes(found) == [("first", UNDECIDED), ("second", SATISFIED)]
    assert (found.classes[0].proof, found.classes[0].placements) == (None, ())


def test_a_class_that_no_pending_badge_would_reach_is_not_reached() -> None:
    records = [marked("x", 61), marked("y", 65, status=Status.UNKNOWN)]
    found = answered(rules(*TWO), records)
    assert classes(found) == [("first", NOT), ("second", SATISFIED)]
    assert found.classes[0].proof is not None


def test_an_award_whose_better_class_is_undecided_is_before_the_board() -> None:
    """What is undecided counts as no in nothing, and so not in a class either."""
    held = [marked("x", 60), marked("y", 90, status=Status.UNKNOWN)]
    decision = decided(rules(*TWO), held)
    assert decision.outcome.earned
    assert (decision.outcome.earned.answer, decision.answer) == (SATISFIED, UNDECIDED)
    assert "For the board to decide: first." in decision_as_text(decision)
    without = decided(rules(*TWO), held[:1])
    assert without.answer is SATISFIED


def test_a_class_whose_search_gives_up_is_undecided(monkeypatch: Any) -> None:
    def tired(problem: Problem) -> object:
        named = any(row.path.startswith("classification.first") for row in problem.rows)
        return GaveUp() if named else solve(problem)

    monkeypatch.setattr(bench, "solve", tired)
    found = answered(rules(*TWO), [marked("x", 90)])
    assert classes(found) == [("first", UNDECIDED), ("second", SATISFIED)]


def test_a_class_is_conceded_by_its_path() -> None:
    stated = rules(*TWO, concessions={"allowed": ["waive", "reduce"]})
    waived = (granted("waive", path="classification.first.mean"),)
    decision = decided(stated, [marked("x", 65)], concessions=waived)
    assert [classes(each.awards[0]) for each in decision.verdicts] == [
        [("first", NOT), ("second", SATISFIED)],
        [("first", SATISFIED)],
    ]
