"""A kind of new badge in the question for an award: which records stand for it there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from degree.rules.ideals import Ideal

MOST_BADGES: Final = 60  # of a kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnable:
    """A kind of new badge in the question: its records of credit, with their tenths, and those of
    whole badges, by number."""

    ideal: Ideal
    credits: Mapping[int, int]
    badges: tuple[int, ...]


def credit_of(kinds: Iterable[Earnable]) -> dict[int, int]:
    """The tenths of credit of their records, by number."""
    return {number: tenths for kind in kinds for number, tenths in kind.credits.items()}


def badges_of(kinds: Iterable[Earnable]) -> dict[int, int]:
    """1 for each of their whole badges, by number."""
    return {number: 1 for kind in kinds for number in kind.badges}
