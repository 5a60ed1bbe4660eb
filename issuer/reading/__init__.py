"""What the issuer's pages show: read-only questions, answered with frozen values."""

from dataclasses import dataclass

from issuer.reading.activities import ActivityRecord
from issuer.reading.auditing import AuditRecord
from issuer.reading.community import CommunityRecord
from issuer.reading.desk import DeskRecord
from issuer.reading.judging import Cases
from issuer.reading.members import MemberRecord
from issuer.reading.menu import Menu
from issuer.reading.store import ReadingStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Everything that pages can ask."""

    menu: Menu
    activities: ActivityRecord
    community: CommunityRecord
    members: MemberRecord
    cases: Cases
    desk: DeskRecord
    audits: AuditRecord


def records(store: ReadingStore, *, origin: str) -> Records:
    """The records in `store`, under addresses of `origin`."""
    return Records(
        menu=Menu(store, origin=origin),
        activities=ActivityRecord(store, origin=origin),
        community=CommunityRecord(store),
        members=MemberRecord(store, origin=origin),
        cases=Cases(store),
        desk=DeskRecord(store, origin=origin),
        audits=AuditRecord(store),
    )
