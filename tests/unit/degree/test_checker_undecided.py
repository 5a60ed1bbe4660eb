"""Registration years, and what is pending: the answers that a board must complete."""

from typing import Any

import pytest
from checker_cases import CREDITS, DUTY, TWO, YEARLY, said
from decision_records import (
    Document,
    badge,
    cuts,
    decision,
    no,
    placed,
    programme,
    undecided,
    verdict,
    yes,
)

from degree.checker import objections


def ended(name: str, day: str, **facts: Any) -> Document:
    return badge(name, activity_start="2020-01-01", activity_end=day, **facts)


THREE = [ended("p", "2024-08-31"), ended("q", "2024-09-01"), ended("r", "2026-08-31")]
PLACES = {"p": "main", "q": "main"}


def test_each_completed_year_is_kept() -> None:
    assert said(YEARLY, THREE, yes(**PLACES)) == ""
    missed = "missed and not forgiven are the years [3]"
    assert missed in said(YEARLY, THREE[:2], yes(**PLACES))
    assert said(YEARLY, THREE, yes(**PLACES), registered="2025-11-23") == ""
    judged = said(YEARLY, THREE[:2], yes(**PLACES), registered="2025-11-22")
    assert "are the years [1]" in judged


def test_award_without_obligations_misses_no_year() -> None:
    awards = [{"id": "X", "credits": 20}, {"id": "Y", "credits": 10}]
    version = programme(obligations=DUTY | {"awards": ["Y"]}, awards=awards)
    assert said(version, THREE[:2], yes(**PLACES)) == ""


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({}, True),
        ({"rpl": True}, False),
        ({"judges": []}, False),
        ({"issuer": "did:web:other"}, False),
        ({"role": "co_provider"}, False),
        ({"used_in": "Y"}, True),
    ],
)
def test_year_is_kept_by_validated_activities_in_the_role(facts: Document, *, kept: bool) -> None:
    r = ended("r", "2026-08-31", **facts)
    version = YEARLY | {
        "evidence_gate": YEARLY["evidence_gate"] | {"not_already_used_in_award": True}
    }
    rule = "endorsements" if "judges" in facts else "issuer_in" if "issuer" in facts else ""
    rule = rule or ("not_already_used_in_award" if "used_in" in facts else "")
    out = [{"record": "r", "rule": f"evidence_gate.{rule}"}] if rule else []
    heard = said(version, [*THREE[:2], r], verdict(version, yes(**PLACES), set_aside=out))
    assert heard == "" if kept else "are the years [3]" in heard


def test_activity_counts_once_in_its_year_and_for_one_role_where_roles_are_disjoint() -> None:
    duty = DUTY | {
        "joined": DUTY["joined"] | {"at_least": 2},
        "co_provided": DUTY["joined"],
    }
    version = programme(obligations=duty)
    own = [badge("p", activity="one"), badge("q", activity="two")]
    led = badge("s", activity="two", role="co_provider")
    year = {"registered": "2024-01-01", "today": "2025-06-01"}

    def heard(version: Document, badges: list[Document]) -> str:
        record = decision(version, badges, yes(**PLACES), registered=year["registered"])
        return "\n".join(objections(record | {"today": year["today"]}))

    assert heard(version, [*own, led]) == ""
    apart = programme(
        obligations=duty | {"co_provided": DUTY["joined"] | {"disjoint_from": "joined"}}
    )
    assert "are the years [1]" in heard(apart, [*own, led])
    assert heard(apart, [*own, led, badge("t", activity="three")]) == ""
    assert "are the years [1]" in heard(version, [own[0], own[1] | {"activity": "one"}, led])
    alone = [badge("p"), badge("q"), badge("s", role="co_provider")]
    assert heard(apart, alone) == ""


def test_clock_stands_still_as_long_as_an_interruption_lasts() -> None:
    pauses = [
        {"first": "2024-01-01", "last": "2024-01-20"},
        {"first": "2024-01-10", "last": "2024-01-31"},
        {"first": "2023-01-01", "last": "2023-08-31"},
    ]
    paused = programme(obligations=DUTY | {"pauses": "authorised_interruptions"})
    late = [ended("p", "2024-10-01"), ended("q", "2025-10-01"), ended("r", "2026-10-01")]
    assert said(paused, late, yes(**PLACES), interruptions=pauses) == ""
    assert "are the years [1]" in said(YEARLY, late, yes(**PLACES), interruptions=pauses)
    later = [ended("p", "2024-10-02"), *late[1:]]
    assert "are the years [1]" in said(paused, later, yes(**PLACES), interruptions=pauses)


def test_leap_day_has_its_anniversary_on_the_first_of_march() -> None:
    badges = [ended("p", "2025-02-28"), ended("q", "2026-02-28")]
    assert said(YEARLY, badges, yes(**PLACES), registered="2024-02-29") == ""
    badges = [ended("p", "2025-03-01"), ended("q", "2026-02-28")]
    assert "are the years [1]" in said(YEARLY, badges, yes(**PLACES), registered="2024-02-29")


def test_one_year_may_be_forgiven_where_no_number_is_said_and_none_where_none_may() -> None:
    one = undecided(years=[3], placements=placed(**PLACES))
    unsaid = programme(obligations=DUTY | {"misses": {"concession": "allowed"}})
    assert said(unsaid, THREE[:2], one) == ""
    none = programme(obligations=DUTY | {"misses": {"concession": "none"}})
    assert "because.years" in said(none, THREE[:2], one)
    assert said(none, THREE[:2], no({"years": [3]})) == ""


def test_missed_year_makes_it_undecided_and_two_make_it_a_no() -> None:
    one = undecided(years=[3], placements=placed(**PLACES))
    assert said(YEARLY, THREE[:2], one) == ""
    apart = [THREE[0], ended("q", "2024-08-01")]
    two = no({"years": [2, 3]})
    assert said(YEARLY, apart, two) == ""
    assert "years: missed and not forgiven are [3]" in said(YEARLY, THREE[:2], no({"years": [3]}))
    assert "are [2, 3]" in said(YEARLY, apart, no({"years": [1, 2, 3]}))
    both = undecided(years=[2, 3], placements=placed(**PLACES))
    assert "because.years" in said(YEARLY, apart, both)


@pytest.mark.parametrize(
    ("claim", "objection"),
    [
        (undecided(years=[2], placements=placed(**PLACES)), "because.years"),
        (undecided(years=[3], placements=placed(p="main")), "awards.X.credits does not hold"),
        (undecided(years=[3]), "placements, and a proof where anything is pending"),
        (undecided(placements=placed(**PLACES)), "because.years"),
        (
            undecided(years=[3], placements=placed(**PLACES), proof=cuts(200, 100, CREDITS)),
            "placements, and a proof where anything is pending",
        ),
        (undecided(search=True), ""),
        (undecided(search=True, years=[3]), "claims nothing"),
        (undecided(search=True, placements=placed(**PLACES)), "claims nothing"),
    ],
)
def test_undecided_says_why(claim: Document, objection: str) -> None:
    heard = said(YEARLY, THREE[:2], claim)
    assert (objection in heard) if objection else heard == ""


def test_nothing_is_undecided_without_a_reason() -> None:
    heard = said(programme(), TWO, undecided(placements=placed(**PLACES)))
    assert "because: there is no reason in it" in heard


# What is pending
OPEN = [badge("p"), badge("q", status="unknown")]
HANGS = undecided(pending=["q"], placements=placed(**PLACES), proof=cuts(200, 100, CREDITS))
VIVA = {
    "attestations": {"viva": {"says": "Passed.", "by": "examiner"}},
    "awards": [{"id": "X", "credits": 20, "requires": {"all_of": ["main", {"attested": "viva"}]}}],
}
UNSAID = undecided(
    pending=["attested:viva"],
    placements=placed(**PLACES),
    proof=cuts(1, 0, "awards.X.requires.all_of[1]"),
)


def word(value: str) -> Document:
    return {"attestations": {"viva": {"value": value, "by": "Dr E.", "on": "2026-10-01"}}}


def test_award_that_hangs_on_a_badge_is_undecided() -> None:
    assert said(programme(), OPEN, HANGS) == ""
    assert "q may not count" in said(programme(), OPEN, yes(**PLACES))


def test_award_that_hangs_on_an_attestation_is_undecided() -> None:
    version = programme(**VIVA)
    assert said(version, TWO, UNSAID) == ""
    assert said(version, TWO, UNSAID, **word("pending")) == ""
    assert said(version, TWO, yes(**PLACES), **word("yes")) == ""
    for value in ("no", "pending"):
        heard = said(version, TWO, yes(**PLACES), **word(value))
        assert "awards.X.requires.all_of[1] does not hold" in heard
    assert "because.pending: it is []" in said(version, TWO, UNSAID, **word("yes"))


@pytest.mark.parametrize(
    ("changes", "objection"),
    [
        ({"placements": placed(p="main")}, "awards.X.credits does not hold"),
        ({"placements": None}, "placements, and a proof"),
        ({"proof": None}, "placements, and a proof"),
        ({"proof": cuts(200, 200, CREDITS)}, "could_count: it is 100"),
        (
            {"because": {"years": [], "pending": ["p", "q"], "search": False}},
            'pending: it is ["q"]',
        ),
        ({"because": {"years": [], "pending": ["attested:viva"], "search": False}}, 'it is ["q"]'),
        ({"because": {"years": [], "pending": [], "search": False}}, "there is no reason"),
        ({"because": {"years": [1], "pending": ["q"], "search": False}}, "because.years"),
    ],
)
def test_what_it_hangs_on_is_worked_out_again(changes: Document, objection: str) -> None:
    assert objection in said(programme(), OPEN, HANGS | changes)


def test_year_that_hangs_on_a_badge_is_shown_by_the_years_missed_without_it() -> None:
    duty = DUTY | {"misses": {"concession": "none"}}
    version = programme(obligations=duty)
    badges = [*THREE[:2], ended("r", "2026-08-31", status="unknown")]
    claim = undecided(pending=["r"], placements=placed(**PLACES), proof={"years": [3]})
    assert said(version, badges, claim) == ""
    assert "no, it is not" not in said(version, badges, claim)
    assert "years: missed and not forgiven are []" in said(version, badges, no({"years": [3]}))
