"""Versions of one programme: which may decide for a member, and which decides best."""

from collections.abc import Iterable, Sequence
from datetime import date

from degree.rules.explain import Verdict
from degree.rules.programme import Programme, WhichVersion
from vc.errors import Conflict


def admissible(
    programmes: Sequence[Programme], registered: date, *, today: date
) -> tuple[Programme, ...]:
    """The version of the day of registration, and later ones where it lets them decide too.

    Who registered before the first version belongs to it. Raises vc.errors.Conflict when it is not
    in force yet, and as `expect_order` does.
    """
    expect_order(programmes)
    versions = sorted(programmes, key=lambda each: each.in_force_from)
    begun = [each for each in versions if each.in_force_from <= registered]
    start = begun[-1] if begun else versions[0]
    if today < start.in_force_from:
        sentence = f"Version {start.version} is in force from {start.in_force_from} only."
        raise Conflict("not-in-force", sentence, place="ruleset.in_force_from")
    if start.choose is WhichVersion.START:
        return (start,)
    later = versions[versions.index(start) + 1 :]
    return (start, *(each for each in later if each.in_force_from <= today))


def expect_order(programmes: Iterable[Programme]) -> None:
    """Raise vc.errors.Conflict for two versions in force from one day: neither is the later."""
    by_day: dict[date, Programme] = {}
    for each in programmes:
        other = by_day.setdefault(each.in_force_from, each)
        if other is not each:
            pair = " and ".join(sorted((other.version, each.version)))
            sentence = f"Versions {pair} are both in force from {each.in_force_from}."
            raise Conflict("same-day", sentence, place="ruleset.in_force_from")


def best(verdicts: Iterable[Verdict]) -> Verdict:
    """The best for the member: most credits, then the better class, then the earlier version."""
    return max(verdicts, key=lambda each: each.worth)  # of equals the first
