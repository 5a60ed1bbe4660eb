"""Audit samples as published, and the obligations of each membership year."""

from datetime import date

import circle
import pytest

from issuer.peers import audit
from issuer.peers.activity import Part
from issuer.peers.obligations import Engagement, membership_years

RULE = circle.policy().audit


@pytest.mark.parametrize(
    ("badges", "sample"),
    [(0, 0), (1, 1), (10, 10), (20, 16), (35, 18), (60, 23), (100, 25), (200, 27), (1000, 29)],
)
def test_audit_sample_is_the_published_one(badges: int, sample: int) -> None:
    assert audit.sample_size(badges, rule=RULE) == sample


@pytest.mark.parametrize(("audited", "share"), [(29, 0.098), (59, 0.050)])
def test_clean_audit_proves_the_published_bound(audited: int, share: float) -> None:
    bound = audit.upper_bound(overturned=0, audited=audited, rule=RULE)
    assert bound.bad_share == pytest.approx(share, abs=0.0005)


def test_audit_that_overturned_some_proves_less() -> None:
    clean = audit.upper_bound(overturned=0, audited=30, rule=RULE)
    assert audit.upper_bound(overturned=2, audited=30, rule=RULE).bad_share > clean.bad_share
    assert clean.sentence == "0 of 30 overturned: at most 9.5 % bad, with 95 % confidence"


def test_report_prints_the_published_bound() -> None:
    bound = audit.upper_bound(overturned=0, audited=29, rule=RULE)
    assert bound.sentence == "0 of 29 overturned: at most 9.8 % bad, with 95 % confidence"


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 9, 30), date(2026, 7, 1), date(2026, 10, 1)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_period_is_a_quarter_of_the_calendar_year(day: date, begins: date, ends: date) -> None:
    assert audit.period_of(day, rule=RULE) == audit.Period(begins=begins, ends=ends)


def test_sample_follows_from_the_seed_alone() -> None:
    badges = [f"badge-{n}" for n in range(60)]
    first = audit.sample(badges, size=23, seed=bytes(32))
    assert len(set(first)) == 23
    assert audit.sample(reversed(badges), size=23, seed=bytes(32)) == first
    assert audit.sample(badges, size=23, seed=bytes(31)) != first
    assert sorted(audit.sample(badges, size=90, seed=bytes(32))) == sorted(badges)


@pytest.mark.parametrize(
    ("overturned", "sampled", "everything"),
    [(0, 5, False), (1, 9, True), (1, 10, False), (1, 29, False), (2, 29, True)],
)
def test_two_or_a_tenth_overturned_call_for_everything(
    *, overturned: int, sampled: int, everything: bool
) -> None:
    called = audit.calls_for_everything(overturned=overturned, sampled=sampled, rule=RULE)
    assert called is everything


def part(activity: str, on: date, role: Part = Part.PARTICIPANT) -> Engagement:
    return Engagement(activity=activity, part=role, on=on)


def test_membership_year_counts_from_the_day_of_joining() -> None:
    engagements = [part(f"a{n}", date(2025, 9, 30)) for n in range(4)]
    engagements += [part("p1", date(2025, 10, 1), Part.PROVIDER)]
    first, second = membership_years(
        engagements,
        joined=date(2024, 10, 1),
        today=date(2025, 10, 1),
        rule=circle.policy().obligations,
    )
    assert (first.joined, first.co_provided, first.met) == (4, 0, False)
    assert (second.joined, second.co_provided) == (0, 1)


def test_year_is_met_with_four_joined_and_two_provided_with_others() -> None:
    day = date(2025, 1, 1)
    engagements = [part(f"a{n}", day) for n in range(4)]
    engagements += [part("p1", day, Part.PROVIDER), part("p2", day, Part.CO_AUTHOR)]
    (year,) = membership_years(engagements, joined=day, today=day, rule=circle.policy().obligations)
    assert year.met
    assert year.sentence == "4 of 4 joined, 2 of 2 provided with others"


def test_activity_that_was_provided_does_not_count_as_joined_too() -> None:
    day = date(2024, 2, 29)
    both = [part("a1", day, Part.PROVIDER), part("a1", day)]
    years = membership_years(
        both, joined=day, today=date(2025, 3, 1), rule=circle.policy().obligations
    )
    assert [(y.joined, y.co_provided) for y in years] == [(0, 1), (0, 0)]
    assert years[1].begins == date(2025, 3, 1)
