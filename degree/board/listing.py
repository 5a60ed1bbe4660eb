"""The board's list: the cases that wait for somebody, with what one wants to know of each."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from degree.board.quality import from_text
from degree.board.store import Ledger, Store
from degree.roles import CAPACITIES
from degree.rules.explain import Answer
from degree.rules.saying import spoken
from degree.store import Case
from vc.documents import JsonObject

TO_APPROVE: Final = "to_approve"
FOR_THE_BOARD: Final = "for_the_board"
TO_CONFER: Final = "to_confer"
_GROUPS: Final = (TO_APPROVE, FOR_THE_BOARD, TO_CONFER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One case: which award is earned and in which class, and how far it has come.

    `undecided` are the higher awards, or all, that the board has to decide about.
    `approved` are the capacities that have approved; `quality` counts the badges by what audits
    found of them; `on_agenda` says whether a meeting to come takes it.
    """

    case: Case
    programme: str
    award: str
    undecided: tuple[str, ...]
    best_class: str
    concessions: int
    approved: tuple[str, ...]
    quality: Mapping[str, int]
    on_agenda: bool


def listing(store: Store) -> dict[str, tuple[Entry, ...]]:
    """The cases that wait, in groups, by name; groups without any are left out."""
    groups: dict[str, list[Entry]] = {group: [] for group in _GROUPS}
    with store.ledger() as ledger:
        scheduled = ledger.on_agendas()
        for case in ledger.latest_cases():
            if group := _group(case):
                entry = _entry(ledger, case, scheduled)
                complete = group == TO_APPROVE and len(entry.approved) == len(CAPACITIES)
                groups[TO_CONFER if complete else group].append(entry)
    return {
        group: tuple(sorted(entries, key=lambda each: each.case.application.name.casefold()))
        for group, entries in groups.items()
        if entries
    }


def _group(case: Case) -> str:
    if case.conferral is not None:
        return ""
    # A lower award may be earned while a higher one is undecided: that is for the board first.
    if case.decision.answer == Answer.UNDECIDED:
        return FOR_THE_BOARD
    return TO_APPROVE if case.decision.earned else ""


def _entry(ledger: Ledger, case: Case, scheduled: frozenset[tuple[str, str]]) -> Entry:
    record = json.loads(case.decision.record)
    outcome = record["outcome"]
    programme = record["programmes"][outcome["programme"]]
    titles = {award["id"]: award.get("title", award["id"]) for award in programme["awards"]}
    quality = ledger.quality(case.decision.id)
    return Entry(
        case=case,
        programme=programme["programme"],
        award=titles[outcome["award"]] if outcome["award"] else "",
        undecided=tuple(titles[each] for each in _referred(record)),
        best_class=spoken(outcome["class"] or ""),
        concessions=max(len(verdict["concessions"]) for verdict in record["verdicts"]),
        approved=tuple(row.role for row in ledger.approvals(case.decision.id)),
        quality=Counter(each.state for each in from_text(quality.told)) if quality else {},
        on_agenda=(case.application.person_id, case.application.programme) in scheduled,
    )


def _referred(record: JsonObject) -> list[str]:
    """The awards that are undecided in the version that decides."""
    own = [
        verdict
        for verdict in record["verdicts"]
        if verdict["programme"] == record["outcome"]["programme"]
    ]
    return [
        award["award"] for award in own[-1]["awards"] if award["answer"] == Answer.UNDECIDED.value
    ]
