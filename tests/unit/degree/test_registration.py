"""The registration clock and the yearly obligations."""

from datetime import date

import pytest
from wallets import interruption, record

from degree.rules.programme import Obligations
from degree.rules.records import Record, Role
from degree.rules.registration import last_day, registration_years, year_kept, years_after

START = date(2023, 9, 1)
RULE = Obligations(
    path="obligations",
    joined=4,
    co_provided=2,
    disjoint=True,
    pauses=True,
    forgivable=1,
    awards=frozenset({"X"}),
)


def activities(joined: int, provided: int, *, both: int = 0) -> list[Record]:
    def badge(name: str, role: Role, activity: str) -> Record:
        return record(name, role=role, activity=activity)

    return [
        *(badge(f"j{n}", Role.PARTICIPANT, f"aj{n}") for n in range(joined)),
        *(badge(f"p{n}", Role.CO_PROVIDER, f"ap{n}") for n in range(provided)),
        *(badge(f"bj{n}", Role.PARTICIPANT, f"ab{n}") for n in range(both)),
        *(badge(f"bp{n}", Role.CO_PROVIDER, f"ab{n}") for n in range(both)),
    ]


def kept(records: list[Record]) -> bool:
    (year,) = registration_years(START, until=date(2024, 8, 31), interruptions=())
    return year_kept(RULE, year, records).kept


def test_registration_year_ends_the_day_before_the_anniversary() -> None:
    assert last_day(START, years=1, interruptions=()) == date(2024, 8, 31)


def test_anniversary_of_a_leap_day_is_the_first_of_march() -> None:
    assert years_after(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_an_anniversary_beyond_the_calendar_never_comes() -> None:
    assert years_after(date(2024, 2, 29), 7975) == date(9999, 3, 1)
    for years in (7976, 7977, 100_000):
        assert years_after(date(2024, 2, 29), years) == date.max
    pause = interruption(date(2024, 1, 1), date(2024, 12, 31))
    assert last_day(START, years=7975, interruptions=(pause,)) == date(9999, 9, 1)
    assert last_day(START, years=7976, interruptions=()) == date(9999, 8, 31)
    assert last_day(START, years=7976, interruptions=(pause,)) == date.max


def test_interruption_stops_the_clock_for_as_long_as_it_lasts() -> None:
    pause = interruption(date(2024, 1, 1), date(2024, 1, 31))
    assert last_day(START, years=1, interruptions=(pause,)) == date(2024, 10, 1)


def test_overlapping_interruptions_stop_the_clock_once() -> None:
    pauses = (
        interruption(date(2024, 1, 1), date(2024, 1, 20)),
        interruption(date(2024, 1, 10), date(2024, 1, 31)),
    )
    assert last_day(START, years=1, interruptions=pauses) == date(2024, 10, 1)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2023, 8, 1), date(2023, 8, 31), 0),  # over before the registration
        (date(2023, 8, 1), date(2023, 9, 1), 1),
        (START, START, 1),
        (date(2024, 8, 31), date(2024, 8, 31), 1),
        (date(2024, 9, 1), date(2024, 9, 30), 0),  # the year has ended
    ],
)
def test_only_days_of_the_year_stop_its_clock(first: date, last: date, days: int) -> None:
    ends = last_day(START, years=1, interruptions=(interruption(first, last),))
    assert (ends - date(2024, 8, 31)).days == days


def test_interruption_that_only_the_stopped_clock_reaches_counts_too() -> None:
    pauses = (
        interruption(date(2024, 8, 1), date(2024, 8, 31)),
        interruption(date(2024, 9, 15), date(2024, 9, 24)),
    )
    assert last_day(START, years=1, interruptions=pauses) == date(2024, 10, 11)


def test_a_year_knows_the_days_on_which_its_clock_stood_still() -> None:
    pauses = (
        interruption(date(2023, 8, 1), date(2023, 9, 2)),  # two of them after the registration
        interruption(date(2024, 1, 1), date(2024, 1, 20)),
        interruption(date(2024, 1, 10), date(2024, 1, 31)),
        interruption(date(2025, 8, 30), date(2025, 10, 30)),
    )
    years = registration_years(START, until=date(2026, 11, 22), interruptions=pauses)
    assert [year.paused for year in years] == [2 + 31, 62, 0]
    assert [(year.last - year.first).days + 1 for year in years] == [366 + 33, 365 + 62, 365]


def test_years_follow_each_other_without_gap() -> None:
    years = registration_years(START, until=date(2026, 11, 22), interruptions=())
    assert [year.first for year in years] == [date(2023 + n, 9, 1) for n in range(4)]


@pytest.mark.parametrize(
    ("joined", "provided", "both", "expected"),
    [
        (4, 2, 0, True),
        (3, 2, 0, False),
        (4, 1, 0, False),
        (3, 1, 2, True),  # one of the two serves each role
        (4, 0, 2, True),
        (3, 1, 1, False),  # the one activity cannot serve both roles
        (0, 0, 6, True),
        (0, 0, 5, False),
    ],
)
def test_activity_in_both_roles_serves_one_of_them(
    *, joined: int, provided: int, both: int, expected: bool
) -> None:
    assert kept(activities(joined, provided, both=both)) is expected


def test_two_badges_of_one_activity_are_one_activity() -> None:
    records = [record(f"same{n}", activity="one") for n in range(4)]
    assert not kept([*records, *activities(0, 2)])


def test_prior_learning_is_no_activity_of_the_year() -> None:
    records = [record(f"prior{n}", rpl=True) for n in range(4)]
    assert not kept([*records, *activities(0, 2)])


def test_activity_counts_in_the_year_in_which_it_ended() -> None:
    late = record("late", activity_start=date(2024, 8, 1), activity_end=date(2024, 9, 2))
    assert not kept([late, *activities(3, 2)])
