"""Questions to the issuer's tables that come with every vote, draw and fetch.

Composing a question takes about as long as asking it, so these are composed once.
"""

from typing import Final

from sqlalchemy import BindParameter, bindparam, delete, or_, select

from issuer.peers.activity import Part
from issuer.tables.community import (
    AchievementRow,
    CalibrationRow,
    CircleRow,
    ConflictRow,
    MemberRow,
)
from issuer.tables.credentials import LeafRow, NonceRow, OfferRow
from issuer.tables.judging import (
    ActivityRow,
    BallotRequestRow,
    BallotRow,
    EvidenceRow,
    ParticipationRow,
    SeatRow,
)

_PEOPLE: Final[BindParameter[str]] = bindparam("people", expanding=True)

MEMBER_BY_DID: Final = select(MemberRow).where(MemberRow.did == bindparam("did"))
MEMBERS: Final = (
    select(MemberRow).where(MemberRow.person_id.in_(_PEOPLE)).order_by(MemberRow.person_id)
)
CALIBRATIONS: Final = select(CalibrationRow.person_id, CalibrationRow.rubric).where(
    CalibrationRow.person_id.in_(_PEOPLE)
)
CONFLICTS: Final = select(ConflictRow).where(ConflictRow.person_id.in_(_PEOPLE))
PARTS_AROUND: Final = (
    select(ParticipationRow)
    .where(ParticipationRow.activity_id == bindparam("activity"))
    .where(
        or_(
            ParticipationRow.person_id == bindparam("person"),
            ParticipationRow.part != Part.PARTICIPANT,
        )
    )
    .order_by(ParticipationRow.person_id)
)
SURROUNDINGS: Final = (
    select(ActivityRow, AchievementRow, CircleRow)
    .join(CircleRow, CircleRow.id == ActivityRow.circle_id)
    .join(AchievementRow, AchievementRow.id == bindparam("achievement"))
    .where(ActivityRow.id == bindparam("activity"))
)
EVIDENCE: Final = (
    select(EvidenceRow)
    .where(EvidenceRow.contribution_id == bindparam("contribution"))
    .where(EvidenceRow.revision == bindparam("revision"))
    .order_by(EvidenceRow.digest)
)
SEATS: Final = (
    select(SeatRow)
    .where(SeatRow.poll == bindparam("poll"))
    .order_by(SeatRow.seated_at, SeatRow.judge_id)
)
BALLOTS: Final = (
    select(BallotRow).where(BallotRow.poll == bindparam("poll")).order_by(BallotRow.judge_id)
)
BALLOT: Final = select(BallotRow).where(
    BallotRow.poll == bindparam("poll"), BallotRow.judge_id == bindparam("judge")
)
OFFER_BY_TOKEN: Final = select(OfferRow).where(OfferRow.token_digest == bindparam("token"))
LAST_LEAF: Final = (
    select(LeafRow)
    .where(LeafRow.tenant_id == bindparam("tenant"))
    .order_by(LeafRow.position.desc())
    .limit(1)
)

# Of what is dropped no row is looked at again, so a session need not find out which it knew.
_UNSEEN: Final = {"synchronize_session": False}
OLD_NONCES: Final = (
    delete(NonceRow).where(NonceRow.expires_at <= bindparam("now")).execution_options(**_UNSEEN)
)
OLD_REQUESTS: Final = (
    delete(BallotRequestRow)
    .where(BallotRequestRow.expires_at <= bindparam("now"))
    .execution_options(**_UNSEEN)
)
REQUEST: Final = (
    delete(BallotRequestRow)
    .where(BallotRequestRow.id == bindparam("request"))
    .execution_options(**_UNSEEN)
)
