"""Versions of a programme: which must be tried, and what the outcome is."""

from typing import Any

from checker_cases import CREDITS, TWO, said
from decision_records import (
    CONCESSIONS,
    SAID,
    Document,
    badge,
    cuts,
    no,
    placed,
    programme,
    undecided,
    verdict,
    yes,
)

from degree.checker import digest

PLACES = {"p": "main", "q": "main"}
SHORT = no(cuts(200, 100, CREDITS))


def version(
    day: str, credit: float = 20, *, better: bool = False, name: str = "X", **more: Any
) -> Document:
    ruleset = {"id": "small", "version": day, "in_force_from": day}
    ruleset |= {"choose": "start_version_or_better"} if better else {}
    main = {"main": {"min": 0, "where": {"any": True}}}
    return programme(
        ruleset=ruleset, awards=[{"id": name, "credits": credit}], buckets=main, **more
    )


def test_version_of_the_day_of_registration_decides() -> None:
    old, new, later = version("2020-01-01"), version("2023-09-01", 10), version("2023-09-02", 5)
    assert said([old, new, later], TWO[:1], verdict(new, yes(p="main"))) == ""
    assert "verdicts, by programme and concessions" in said(
        [old, new, later], TWO[:1], verdict(later, yes(p="main"))
    )
    assert said([new, later], TWO[:1], verdict(new, yes(p="main")), registered="2001-01-01") == ""


def test_later_versions_are_tried_where_the_first_allows_it() -> None:
    old, new = version("2020-01-01", better=True), version("2026-11-22", 10)
    future = version("2026-11-23", 1)
    verdicts = [verdict(old, SHORT), verdict(new, yes(p="main"))]
    assert said([old, new, future], TWO[:1], *verdicts) == ""
    outcome = {"programme": digest(new), "answer": "satisfied", "award": "X"}
    assert said([old, new, future], TWO[:1], *reversed(verdicts), outcome=outcome) == ""
    assert "verdicts, by programme and concessions" in said([old, new], TWO[:1], verdicts[0])


def test_best_outcome_counts_and_of_equals_the_first() -> None:
    old, new = version("2020-01-01", 10, better=True), version("2025-01-01", 10)
    more = version("2025-01-01", 20, name="Z")
    both = yes(**PLACES)
    first = {"programme": digest(old)}
    assert said([old, new], TWO, verdict(old, both), verdict(new, both), outcome=first) == ""
    heard = said([old, new], TWO, verdict(old, both), verdict(new, both))
    assert f'outcome.programme: it is "{digest(old)}"' in heard
    verdicts = [verdict(old, both), verdict(more, yes("Z", **PLACES))]
    assert said([old, more], TWO, *verdicts) == ""
    assert 'outcome.award: it is "Z"' in said([old, more], TWO, *verdicts, outcome={"award": "X"})


def test_better_class_decides_between_versions_with_the_same_credit() -> None:
    classes = [{"id": "top", "mean": 70}, {"id": "good"}]
    old = version(
        "2020-01-01",
        10,
        better=True,
        classification={"rpl_marks": "included", "classes": classes},
    )
    new = version(
        "2025-01-01",
        10,
        classification={"rpl_marks": "included", "classes": [{"id": "top"}]},
    )
    badges = [badge("p", mark=60)]
    place = placed(p="main")
    bad = {"class": "top", "answer": "undecided"}
    good = {"class": "good", "answer": "satisfied", "placements": place}
    top = {"class": "top", "answer": "satisfied", "placements": place}
    verdicts = [verdict(old, yes(p="main", classes=[bad, good]))]
    verdicts += [verdict(new, yes(p="main", classes=[top]))]
    assert said([old, new], badges, *verdicts) == ""
    heard = said([old, new], badges, *verdicts, outcome={"class": "good"})
    assert 'outcome.class: it is "top"' in heard


def test_undecided_award_that_would_be_more_makes_the_outcome_undecided() -> None:
    old, new = version("2020-01-01", 10, better=True), version("2025-01-01", 20)
    less = version("2025-01-01", 5)
    open_ = undecided(search=True)
    first = {"programme": digest(old), "award": "X"}
    verdicts = [verdict(old, yes(p="main")), verdict(new, open_)]
    assert said([old, new], TWO, *verdicts, outcome=first | {"answer": "undecided"}) == ""
    heard = said([old, new], TWO, *verdicts, outcome=first | {"answer": "satisfied"})
    assert 'outcome.answer: it is "undecided"' in heard
    verdicts = [verdict(old, yes(p="main")), verdict(less, open_)]
    assert said([old, less], TWO, *verdicts, outcome=first | {"answer": "satisfied"}) == ""
    none = no(cuts(100, 0, CREDITS))
    verdicts = [verdict(old, none), verdict(less, open_)]
    outcome = {"programme": digest(old), "answer": "undecided"}
    assert said([old, less], [], *verdicts, outcome=outcome) == ""


def test_versions_are_of_one_ruleset_and_of_different_days() -> None:
    old, new = version("2020-01-01"), version("2020-01-01", 10)
    assert "in force from: '2020-01-01' stands twice" in said(
        [old, new], TWO, verdict(old, yes(**PLACES))
    )
    other = version("2021-01-01")
    other["ruleset"] = other["ruleset"] | {"id": "other"}
    heard = said([old, other], TWO, verdict(old, yes(**PLACES)))
    assert "of several rulesets" in heard


def test_every_version_has_a_second_verdict_when_a_concession_applies_in_any() -> None:
    old, new = version("2020-01-01", better=True), version("2025-01-01", concessions=CONCESSIONS)
    wallet = [{"id": "c1", "action": "waive", "path": CREDITS, **SAID}]
    verdicts = [verdict(old, SHORT), verdict(new, SHORT), verdict(old, SHORT)]
    verdicts += [verdict(new, yes(p="main"), concessions=["c1"])]
    assert said([old, new], TWO[:1], *verdicts, concessions=wallet) == ""
    assert "verdicts, by programme and concessions" in said(
        [old, new], TWO[:1], *verdicts[:2], verdicts[3], concessions=wallet
    )


def test_version_that_is_not_in_force_yet_decides_nothing() -> None:
    assert "no version is in force yet" in said(
        version("2030-01-01"), TWO, verdict(version("2030-01-01"), yes(**PLACES))
    )
