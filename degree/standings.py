"""The registry's list: where each case stands, first what waits for somebody."""

from collections.abc import Iterable
from typing import Final

from degree.rules.explain import Answer
from degree.store import Case

_STANDINGS: Final = (
    "to_confer",
    "unsigned",
    "to_approve",
    "for_the_board",
    "conferred",
    "not_yet",
    "withdrawn",
)


def by_standing(cases: Iterable[Case], *, approved: frozenset[str]) -> dict[str, list[Case]]:
    """The cases in groups: first those that wait for somebody."""
    groups: dict[str, list[Case]] = {standing: [] for standing in _STANDINGS}
    for case in cases:
        groups[_standing(case, approved)].append(case)
    return {standing: group for standing, group in groups.items() if group}


def _standing(case: Case, approved: frozenset[str]) -> str:
    if case.conferral:
        carried_out = "withdrawn" if case.conferral.withdrawal else "conferred"
        return carried_out if case.conferral.is_carried_out else "unsigned"
    # As on the board's list: what is undecided above an award comes first.
    if case.decision.answer == Answer.UNDECIDED:
        return "for_the_board"
    if case.decision.earned:
        return "to_confer" if case.decision.id in approved else "to_approve"
    return "not_yet"
