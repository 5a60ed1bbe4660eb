"""What the issuer says of the quality of one badge: who had the last word, and what audits found.

Anybody may ask. Which badges wait in a secret sample is not told, only that a sample is being read.
"""

from collections.abc import Sequence
from typing import Final

from issuer import decisions
from issuer.addresses import Addresses
from issuer.box import panel_poll
from issuer.peers.audit import AuditOutcome
from issuer.reading.auditing import bound_of
from issuer.reading.store import Reader, ReadingStore
from issuer.tables.audits import AuditedRow, AuditRow
from issuer.tables.credentials import AwardRow
from issuer.tables.judging import ActivityRow, ContributionRow
from vc.documents import JsonObject
from vc.errors import Missing
from vc.model import timestamp

_LAST_WORDS: Final = {
    decisions.BALLOT: "ballot",
    decisions.MODERATOR: "moderator",
    decisions.ON_APPEAL: "appeal",
}


class QualityRecord:
    """Answers for the badges that members decided."""

    def __init__(self, store: ReadingStore, *, origin: str) -> None:
        self._store = store
        self._origin = origin

    def of(self, tenant: str, url: str) -> JsonObject:
        """What is known of a badge by its id. Raises Missing for what members did not decide."""
        with self._store.reader() as reader:
            row = reader.credential_by_url(url)
            award = reader.award_of(row.id) if row and row.tenant_id == tenant else None
            if award is None:
                raise Missing("quality", "There is no such badge that members decided.")
            contribution = reader.get(ContributionRow, award.contribution_id)
            poll = panel_poll(contribution.id, contribution.revision)
            found = reader.finding(contribution.id)
            return {
                "credential": url,
                "rules": Addresses(self._origin, tenant).rule(
                    reader.get(ActivityRow, contribution.activity_id).policy_digest
                ),
                "decidedBy": _LAST_WORDS[decisions.standing(reader, poll).stage],
                "audit": _finding(found),
                "sample": _sample(reader, contribution, award),
            }


def _finding(row: AuditedRow | None) -> JsonObject | None:
    """What a moderator found, once they have."""
    if row is None or row.outcome is None or row.decided_at is None:
        return None
    return {"outcome": row.outcome, "at": timestamp(row.decided_at)}


def _sample(reader: Reader, contribution: ContributionRow, award: AwardRow) -> JsonObject | None:
    """The sample of what the same circle awarded in the same period; None before it is drawn."""
    circle = reader.get(ActivityRow, contribution.activity_id).circle_id
    day = award.awarded_at.date()
    audits = [row for row in reader.audits(circle) if row.begins <= day < row.ends]
    return _drawn(audits[0], reader.audited(audits[0].id), reader) if audits else None


def _drawn(row: AuditRow, badges: Sequence[AuditedRow], reader: Reader) -> JsonObject:
    read = [one for one in badges if one.outcome is not None]
    return {
        "begins": row.begins.isoformat(),
        "ends": row.ends.isoformat(),
        "badges": row.badges,
        "sampled": sum(one.sampled for one in badges),
        "read": sum(one.sampled for one in read),
        "overturned": sum(one.outcome == AuditOutcome.OVERTURNED for one in read),
        "bound": bound_of(reader, row, badges),
        "open": len(read) < len(badges),
    }
