"""What a plan need not ask for: with lower marks and levels its badges are decided upon again.

A mark or level that is left is needed: with the next lower one the badges, as they are, no longer
earn the award.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from degree.rules.ideals import MARKS
from degree.rules.minting import Badge
from degree.rules.programme import Award

Badges = list[Badge]


def eased(badges: Badges, award: Award, is_enough: Callable[[Badges], bool]) -> Badges:
    """The badges with the lowest marks, and then the lowest levels, that are enough."""
    easy = next(filter(is_enough, _marked_lower(badges)), badges)
    for group in _alike(easy):
        easy = next(filter(is_enough, _at_lower_levels(easy, group, award)), easy)
    return easy


def _marked_lower(badges: Badges) -> Iterator[Badges]:
    """The lowest marks first, where badges have marks."""
    for mark in MARKS:
        lower = []
        for ideal, record in badges:
            changed = replace(record, mark=min(mark, record.mark)) if record.mark else record
            lower.append((ideal, changed if ideal.allows(changed) else record))
        if lower != badges:
            yield lower


def _alike(badges: Badges) -> list[frozenset[int]]:
    """The badges by number, those for the same buckets and at the same level together."""
    groups: dict[object, list[int]] = {}
    for number, (ideal, record) in enumerate(badges):
        groups.setdefault((ideal.buckets, record.code, record.level), []).append(number)
    return [frozenset(group) for group in groups.values()]


def _at_lower_levels(badges: Badges, group: frozenset[int], award: Award) -> Iterator[Badges]:
    """These badges at each lower level that their buckets take, the lowest first."""
    first = badges[min(group)][1]
    for level in range(1, first.level):
        lower = [
            (ideal, replace(record, level=level) if number in group else record)
            for number, (ideal, record) in enumerate(badges)
        ]
        if all(_fits(lower[number], award) for number in group):
            yield lower


def _fits(badge: Badge, award: Award) -> bool:
    ideal, record = badge
    filled = (part.bucket for part in award.parts if part.bucket.name in ideal.buckets)
    return all(bucket.where.takes(record) for bucket in filled)
