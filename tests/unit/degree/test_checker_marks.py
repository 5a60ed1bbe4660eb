"""Marks, condonement and classes: what the checker accepts and refuses."""

from typing import Any

import pytest
from decision_records import Document, badge, cut, cuts, decision, placed, programme, yes

from degree.checker import objections

MARKED = [
    badge("a", 10, mark=80),
    badge("b", 10, mark=60),
    badge("c", 10, mark=45, first_attempt=False),
    badge("d", 10, mark=50, rpl=True),
    badge("e", 20),
]


def said(rules: Document, claim: Document, badges: list[Document] = MARKED) -> str:
    return "\n".join(objections(decision(programme(**rules), badges, claim)))


def best(*, kept: Any = None, **buckets: Any) -> Document:
    """The award with these placements, and the class K with them too."""
    given = {"class": "K", "answer": "satisfied", "placements": placed(**(kept or buckets))}
    return yes(classes=[given], **buckets)


def classed(rule: Document, **whole: Any) -> Document:
    classes = [{"id": "K"} | rule]
    return {"classification": {"rpl_marks": "included", "classes": classes} | whole}


CONDONED = {"pass_mark": 50, "condonement": {"max_credits": 10, "mark_floor": 40}}


def test_failed_badge_counts_by_condonement_alone() -> None:
    assert "c may not count" in said({"pass_mark": 50}, yes(a="main", c="main"))
    assert said(CONDONED, yes(a="main", c="main")) == ""


@pytest.mark.parametrize(
    ("rule", "objection"),
    [
        ({"mark_floor": 45.1}, "c may not count in main"),
        ({"not_in": ["main"]}, "c may not count in main"),
        ({"max_credits": 9.9}, "condonement.max_credits does not hold: 100 is not at most 99"),
        ({"mean_at_least": 62.6}, "condonement.used does not hold"),
        ({"mean_at_least": 62.5}, ""),
    ],
)
def test_condonement_holds_to_its_bounds(rule: Document, objection: str) -> None:
    rules = CONDONED | {"condonement": CONDONED["condonement"] | rule}
    heard = said(rules, yes(a="main", c="main"))
    assert (objection in heard) if objection else heard == ""


def test_mean_of_condonement_is_asked_of_those_alone_who_need_it() -> None:
    rules = CONDONED | {"condonement": {"max_credits": 10, "mark_floor": 40, "mean_at_least": 90}}
    assert said(rules, yes(a="main", b="main")) == ""


def test_bucket_that_is_not_compensatable_takes_no_failed_badge() -> None:
    buckets = {"main": {"min": 20, "where": {"any": True}, "compensatable": False}}
    assert "c may not count in main" in said(
        CONDONED | {"buckets": buckets}, yes(a="main", c="main")
    )


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"mean": 70}, True),
        ({"mean": 70.1}, False),
        ({"bucket_means": {"main": 70}}, True),
        ({"bucket_means": {"main": 70.1}}, False),
        ({"credits_at": {"80": 10}}, True),
        ({"credits_at": {"80": 10.1}}, False),
        ({"credits_at": {"80.1": 1}}, False),
        ({"share_at": {"60.1": 0.5}}, True),
        ({"share_at": {"60.1": 0.51}}, False),
        ({"any_of": [{"mean": 71}, {"mean": 70}]}, True),
        ({"any_of": [{"mean": 71}, {"mean": 70.1}]}, False),
        ({"any_of": [{"share_at": {"80": 0.6}}, {"share_at": {"80": 0.5}}]}, True),
        ({"any_of": [{"share_at": {"80": 0.6}}, {"credits_at": {"80": 20}}]}, False),
        ({"any_of": [{"bucket_means": {"main": 70}, "mean": 71}]}, False),
        ({"mean": 60, "any_of": [{"mean": 71}, {"bucket_means": {"main": 70}}]}, True),
        ({"mean": 71, "any_of": [{"mean": 60}]}, False),
        ({"first_attempts": True}, True),
    ],
)
def test_class_needs_all_it_says_and_one_of_its_alternatives(
    rule: Document, *, holds: bool
) -> None:
    heard = said(classed(rule), best(a="main", b="main"))
    assert heard == "" if holds else "classes[0].placements: classification.K" in heard


def test_mean_is_rounded_half_up_where_the_programme_says_so() -> None:
    badges = [badge("a", mark=70), badge("b", mark=69)]
    for rounding, mean, holds in (
        *(("half_up", 70, True), ("half_up", 70.1, False)),
        *(("none", 69.5, True), ("none", 69.6, False)),
    ):
        rules = classed({"mean": mean, "bucket_means": {"main": mean}}, mean_rounding=rounding)
        assert (said(rules, best(a="main", b="main"), badges) == "") is holds


def test_badge_without_mark_is_in_no_mean_and_prior_learning_as_the_programme_says() -> None:
    rules = classed({"mean": 65})
    assert said(rules, best(a="main", d="main", e="main")) == ""
    excluded = classed({"mean": 80}, rpl_marks="excluded_from_mean")
    assert said(excluded, best(a="main", d="main", e="main")) == ""
    assert "K.mean" in said(classed({"mean": 80}), best(a="main", d="main", e="main"))


def test_class_needs_something_graded() -> None:
    rules = classed({"mean": 0}, rpl_marks="excluded_from_mean")
    assert "K.graded does not hold: 0 is not at least 1" in said(rules, best(d="main", e="main"))
    more = classed({}, graded_at_least=20)
    assert said(more, best(a="main", b="main")) == ""
    assert "K.graded does not hold: 100 is not at least 200" in said(more, best(a="main", e="main"))
    other = {
        "main": {"min": 20, "where": {"any": True}},
        "other": {"min": 0, "where": {"any": True}},
    }
    rules = classed({"bucket_means": {"other": 10}}) | {"buckets": other}
    assert "K.graded.other" in said(rules, best(a="main", b="main"))
    rules = classed({"any_of": [{"bucket_means": {"other": 10}}]}) | {"buckets": other}
    assert "K.any_of does" in said(rules, best(a="main", b="main"))


def test_class_by_first_attempts_has_no_resit() -> None:
    heard = said(classed({"first_attempts": True}), best(a="main", c="main"))
    assert "classification.K.first_attempts" in heard


def test_class_above_the_cap_has_no_condoned_badge() -> None:
    for cap, holds in (("K", True), ("pass", False), (None, False)):
        rule = {"max_credits": 10, "mark_floor": 40} | ({"cap_class": cap} if cap else {})
        rules = classed({}) | {"pass_mark": 50, "condonement": rule}
        heard = said(rules, best(a="main", c="main"))
        assert heard == "" if holds else "classification.K.uncondoned" in heard


def test_class_may_stand_on_other_placements_than_the_award() -> None:
    claim = best(kept={"a": "main", "e": "main"}, b="main", e="main")
    assert said(classed({"mean": 80}), claim) == ""


TWO = {
    "classification": {
        "rpl_marks": "included",
        "classes": [{"id": "top", "credits_at": {"70": 20}}, {"id": "good", "mean": 60}],
    }
}
PLACES = placed(a="main", b="main")
NOT_TOP = {
    "class": "top",
    "answer": "not_satisfied",
    "proof": cuts(200, 100, "classification.top.credits_at.70"),
}
GOOD = {"class": "good", "answer": "satisfied", "placements": PLACES}


def test_classes_are_shown_from_the_best_to_the_first_that_is_reached() -> None:
    assert said(TWO, yes(a="main", b="main", classes=[NOT_TOP, GOOD])) == ""
    open_ = {"class": "top", "answer": "undecided"}
    assert said(TWO, yes(a="main", b="main", classes=[open_, GOOD])) == ""
    no_good = {"class": "good", "answer": "undecided"}
    assert said(TWO, yes(a="main", b="main", classes=[open_, no_good])) == ""


@pytest.mark.parametrize(
    "classes", [[GOOD], [NOT_TOP], [GOOD, NOT_TOP], [NOT_TOP, GOOD, GOOD], [], None]
)
def test_classes_left_out_or_out_of_order_are_refused(classes: Any) -> None:
    heard = said(TWO, yes(a="main", b="main", classes=classes))
    assert "classes: the order is top, good, to the first that is satisfied" in heard


def test_class_that_cannot_be_reached_by_the_cut_alone_is_refused() -> None:
    wrong = NOT_TOP | {"proof": {"cuts": [cut(200, 200, "classification.top.credits_at.70")]}}
    heard = said(TWO, yes(a="main", b="main", classes=[wrong, GOOD]))
    assert "classes[0].proof.cuts[0].could_count: it is 100" in heard
    forged = {"class": "top", "answer": "satisfied", "placements": PLACES}
    assert "classification.top.credits_at.70" in said(
        TWO, yes(a="main", b="main", classes=[forged])
    )


def test_class_where_none_is_given_is_refused() -> None:
    awards = [{"id": "X", "credits": 20}, {"id": "Y", "credits": 10}]
    rules = classed({}, awards=["Y"]) | {"awards": awards}
    assert "no class is given here" in said(rules, best(a="main", b="main"))
    assert said(rules, yes(a="main", b="main")) == ""
