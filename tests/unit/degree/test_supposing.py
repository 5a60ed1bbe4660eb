"""What a member can suppose: named so that it cannot be mistaken."""

from dataclasses import replace
from datetime import date

from wallets import record

from degree.progress.supposing import told_apart


def test_badges_of_the_same_title_are_told_apart_by_their_days() -> None:
    one, two, other = (record(name, 10) for name in ("one", "two", "other"))
    records = [
        replace(one, title="A Year of Mentoring", issued=date(2026, 5, 1)),
        replace(two, title="A Year of Mentoring", issued=date(2026, 6, 2)),
        replace(other, title="Another"),
    ]
    assert told_apart(records) == {
        one.id: "A Year of Mentoring, 1 May 2026",
        two.id: "A Year of Mentoring, 2 June 2026",
        other.id: "Another",
    }
