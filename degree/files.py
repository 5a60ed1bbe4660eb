"""A stored audit, opened: what everybody who reads or acts on a case has before them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from degree.board.approvals import with_approvals
from degree.board.quality import Qualities, from_text
from degree.board.tables import ApprovalRow, QualityRow
from degree.rules.decision_record import digest
from degree.rules.explain import Decision
from degree.rules.grammar import read_programme
from degree.rules.programme import Programme
from degree.rules.record_reading import read_decision
from degree.rules.records import Wallet
from degree.store import Case
from degree.tables import ConferralRow
from vc.documents import JsonObject
from vc.errors import Missing


@dataclass(frozen=True, slots=True)
class File:
    """A stored audit, opened: the case with the programme that decided, and the decision.

    `source` is the programme's text as it was applied; `record` is the decision record, with the
    `approvals` of the decision. `quality` is what issuers said of the badges that it counts.
    """

    case: Case
    programme: Programme
    source: str
    decision: Decision
    record: JsonObject
    approvals: tuple[ApprovalRow, ...] = ()
    quality: Qualities | None = None

    @property
    def wallet(self) -> Wallet:
        """What was presented."""
        return self.decision.wallet

    @property
    def digest(self) -> str:
        """The digest of the decision record, which approvals sign."""
        return digest(self.record)

    @property
    def earned(self) -> str | None:
        """The id of the award that the member gets."""
        earned = self.decision.outcome.earned
        return earned.award if earned else None

    @property
    def placements(self) -> Mapping[str, tuple[str, ...]]:
        """For the earned award: the buckets that each counted record fills, by record id."""
        earned = self.decision.outcome.earned
        return {each.record: each.buckets for each in earned.counted} if earned else {}

    def conferred(self) -> ConferralRow:
        """What was conferred on this audit. Raises Missing."""
        if self.case.conferral is None:
            raise Missing("conferral", "Nothing was conferred on this audit.")
        return self.case.conferral


def opened(
    case: Case,
    source: str,
    approvals: tuple[ApprovalRow, ...],
    quality: QualityRow | None,
) -> File:
    """The audit as it was kept, with its approvals and what was said of its badges."""
    record = with_approvals(json.loads(case.decision.record), approvals)
    return File(
        case=case,
        programme=read_programme(source.encode()),
        source=source,
        decision=read_decision(record),
        record=record,
        approvals=approvals,
        quality=Qualities(asked_at=quality.asked_at, badges=from_text(quality.told))
        if quality
        else None,
    )
