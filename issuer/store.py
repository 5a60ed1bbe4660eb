"""The issuer's ledger: one transaction over its tables, and the questions asked of them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from issuer.tables.audits import Audits
from issuer.tables.community import CalibrationRow, ConflictRow, MemberRow, RuleRow
from issuer.tables.credentials import (
    CredentialRow,
    LeafRow,
    NonceRow,
    OfferRow,
    StatusEntryRow,
    StatusListRow,
)
from issuer.tables.judging import (
    ActivityRow,
    BallotRequestRow,
    BallotRow,
    ContributionRow,
    DecisionRow,
    EvidenceRow,
    OfferingRow,
    PanelRow,
    ParticipationRow,
    SeatRow,
)
from issuer.tables.rows import present
from vc.errors import Conflict


class Store:
    """Opens ledgers on one database."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def ledger(self) -> Iterator["Ledger"]:
        """One transaction: all of it happens, or, when anything is raised, nothing.

        Raises Conflict when a unique key was already taken.
        """
        try:
            with self._sessions.begin() as session:
                yield Ledger(session)
        except IntegrityError as error:
            raise Conflict("taken", "That is already recorded, or names what is not.") from error


class Ledger(Audits):
    """The questions that the issuer asks of its tables, within one transaction."""

    def member_by_did(self, did: str) -> MemberRow | None:
        """The member whose wallet has this key."""
        return self._session.scalars(select(MemberRow).where(MemberRow.did == did)).one_or_none()

    def members(self, people: Collection[str]) -> Sequence[MemberRow]:
        """The members among `people`, by person."""
        query = select(MemberRow).where(MemberRow.person_id.in_(people))
        return self._session.scalars(query.order_by(MemberRow.person_id)).all()

    def calibrations(self, people: Collection[str]) -> Sequence[CalibrationRow]:
        """Who of `people` passed the calibration of which rubric."""
        query = select(CalibrationRow).where(CalibrationRow.person_id.in_(people))
        return self._session.scalars(query).all()

    def conflicts(self, people: Collection[str]) -> Sequence[ConflictRow]:
        """The conflicts of interest that any of `people` declared."""
        query = select(ConflictRow).where(ConflictRow.person_id.in_(people))
        return self._session.scalars(query).all()

    def rule(self, kind: str, *, name: str, version: str) -> RuleRow | None:
        """A policy or rubric by name and version."""
        query = select(RuleRow).where(
            RuleRow.kind == kind, RuleRow.name == name, RuleRow.version == version
        )
        return self._session.scalars(query).one_or_none()

    def rules(self, kind: str) -> Sequence[RuleRow]:
        """Every published version of every policy or rubric."""
        return self._session.scalars(select(RuleRow).where(RuleRow.kind == kind)).all()

    def participations(self, activity_id: str) -> Sequence[ParticipationRow]:
        """Who took part in an activity, in the order of persons."""
        query = select(ParticipationRow).where(ParticipationRow.activity_id == activity_id)
        return self._session.scalars(query.order_by(ParticipationRow.person_id)).all()

    def engagements(self, person_id: str) -> Sequence[tuple[ParticipationRow, ActivityRow]]:
        """A member's participations with their activities, by the activity's end."""
        query = (
            select(ParticipationRow, ActivityRow)
            .join(ActivityRow)
            .where(ParticipationRow.person_id == person_id)
            .order_by(ActivityRow.ends_at, ActivityRow.id)
        )
        return [(part, activity) for part, activity in self._session.execute(query)]

    def offerings(self, activity_id: str) -> Sequence[OfferingRow]:
        """The badges to which an activity can lead."""
        query = select(OfferingRow).where(OfferingRow.activity_id == activity_id)
        return self._session.scalars(query.order_by(OfferingRow.achievement_id)).all()

    def contributions(self, activity_id: str) -> Sequence[ContributionRow]:
        """What was handed in for an activity."""
        query = select(ContributionRow).where(ContributionRow.activity_id == activity_id)
        return self._session.scalars(query.order_by(ContributionRow.id)).all()

    def evidence(self, contribution_id: str, revision: int) -> Sequence[EvidenceRow]:
        """The evidence of one revision, by digest."""
        query = select(EvidenceRow).where(
            EvidenceRow.contribution_id == contribution_id, EvidenceRow.revision == revision
        )
        return self._session.scalars(query.order_by(EvidenceRow.digest)).all()

    def evidence_by_digest(self, digest: str) -> Sequence[EvidenceRow]:
        """All evidence with these very bytes."""
        return self._session.scalars(select(EvidenceRow).where(EvidenceRow.digest == digest)).all()

    def discard_part(self, activity_id: str, *, person_id: str) -> None:
        """Take a member's part out of an activity."""
        self._session.execute(
            delete(ParticipationRow).where(
                ParticipationRow.activity_id == activity_id, ParticipationRow.person_id == person_id
            )
        )

    def discard_proposal(self, activity_id: str) -> None:
        """Take out an activity that nobody has done anything in yet."""
        for kind in (ParticipationRow, OfferingRow):
            self._session.execute(delete(kind).where(kind.activity_id == activity_id))
        self._session.execute(delete(ActivityRow).where(ActivityRow.id == activity_id))

    def seats(self, poll: str) -> Sequence[SeatRow]:
        """All who sit or sat on a panel, those who left among them."""
        query = select(SeatRow).where(SeatRow.poll == poll)
        return self._session.scalars(query.order_by(SeatRow.seated_at, SeatRow.judge_id)).all()

    def seats_of(self, judge_id: str) -> Sequence[tuple[SeatRow, PanelRow]]:
        """The seats that a member holds on panels not yet decided."""
        query = (
            select(SeatRow, PanelRow)
            .join(PanelRow)
            .where(SeatRow.judge_id == judge_id, SeatRow.left_at.is_(None))
            .where(~select(DecisionRow).where(DecisionRow.poll == PanelRow.poll).exists())
            .order_by(PanelRow.due_at, PanelRow.poll)
        )
        return [(seat, panel) for seat, panel in self._session.execute(query)]

    def judgements_about(
        self, people: Sequence[str], *, since: datetime
    ) -> Sequence[tuple[SeatRow, ContributionRow]]:
        """The seats given since then, and not left, on work of or to any of `people`."""
        query = (
            select(SeatRow, ContributionRow)
            .join(PanelRow, PanelRow.poll == SeatRow.poll)
            .join(ContributionRow, ContributionRow.id == PanelRow.contribution_id)
            .where(SeatRow.seated_at > since, SeatRow.left_at.is_(None))
            .where(or_(ContributionRow.author_id.in_(people), SeatRow.judge_id.in_(people)))
        )
        return [(seat, contribution) for seat, contribution in self._session.execute(query)]

    def discard_ballot(self, poll: str, *, judge_id: str) -> None:
        """Take a judge's ballot out of the box, if there is one."""
        self._session.execute(
            delete(BallotRow).where(BallotRow.poll == poll, BallotRow.judge_id == judge_id)
        )

    def ballots(self, poll: str) -> Sequence[BallotRow]:
        """The sealed ballots of a poll, one per judge."""
        query = select(BallotRow).where(BallotRow.poll == poll).order_by(BallotRow.judge_id)
        return self._session.scalars(query).all()

    def ballot(self, poll: str, *, judge_id: str) -> BallotRow | None:
        """One judge's sealed ballot in a poll."""
        query = select(BallotRow).where(BallotRow.poll == poll, BallotRow.judge_id == judge_id)
        return self._session.scalars(query).one_or_none()

    def open_status_list(self, tenant_id: str, purpose: str) -> StatusListRow | None:
        """The newest status list for a purpose, held until the transaction ends."""
        query = (
            select(StatusListRow)
            .where(StatusListRow.tenant_id == tenant_id, StatusListRow.purpose == purpose)
            .order_by(StatusListRow.number.desc())
            .limit(1)
            .with_for_update(key_share=True)
        )
        return self._session.scalars(query).one_or_none()

    def raised(self, list_id: str) -> Sequence[int]:
        """The places whose bits are set."""
        query = select(StatusEntryRow.place).where(
            StatusEntryRow.list_id == list_id, StatusEntryRow.raised.is_(True)
        )
        return self._session.scalars(query.order_by(StatusEntryRow.place)).all()

    def status_entry(self, credential_id: str, purpose: str) -> StatusEntryRow:
        """The entry of a credential for a purpose, held. Raises Missing."""
        query = (
            select(StatusEntryRow)
            .join(StatusListRow)
            .where(StatusEntryRow.credential_id == credential_id, StatusListRow.purpose == purpose)
            .with_for_update(key_share=True)
        )
        return present(self._session.scalars(query).one_or_none(), StatusEntryRow)

    def bit_changed(self, list_id: str) -> None:
        """Count a change of a list's bits, in the database so that none is lost."""
        self._session.execute(
            update(StatusListRow)
            .where(StatusListRow.id == list_id)
            .values(changes=StatusListRow.changes + 1)
        )

    def credential_by_url(self, url: str) -> CredentialRow | None:
        """A credential by its id, the URL."""
        return self._session.scalars(
            select(CredentialRow).where(CredentialRow.url == url)
        ).one_or_none()

    def credentials_of(self, subject: str) -> Sequence[CredentialRow]:
        """The credentials whose subject has this DID, the oldest first."""
        query = select(CredentialRow).where(CredentialRow.subject == subject)
        return self._session.scalars(
            query.order_by(CredentialRow.created_at, CredentialRow.id)
        ).all()

    def unsigned_credentials(self) -> Sequence[CredentialRow]:
        """Credentials that were decided and, because of a crash, not signed."""
        return self._session.scalars(
            select(CredentialRow).where(CredentialRow.signed.is_(None))
        ).all()

    def log_size(self, tenant_id: str) -> int:
        """How many entries a tenant's log has."""
        query = select(func.max(LeafRow.position)).where(LeafRow.tenant_id == tenant_id)
        last = self._session.scalar(query)
        return 0 if last is None else last + 1

    def log_leaves(self, tenant_id: str) -> Sequence[bytes]:
        """The leaf hashes of a tenant's log, in its order."""
        query = select(LeafRow.hash).where(LeafRow.tenant_id == tenant_id)
        return self._session.scalars(query.order_by(LeafRow.position)).all()

    def spend_code(
        self, code_digest: str, *, token_digest: str, token_expires_at: datetime, now: datetime
    ) -> bool:
        """Turn an unexpired code into an access token; true for exactly one caller."""
        done = self._session.execute(
            update(OfferRow)
            .where(
                OfferRow.code_digest == code_digest,
                OfferRow.token_digest.is_(None),
                OfferRow.expires_at > now,
            )
            .values(token_digest=token_digest, token_expires_at=token_expires_at)
            .returning(OfferRow.code_digest)
        )
        return done.first() is not None

    def offer_by_token(self, token_digest: str) -> OfferRow | None:
        """The offer for which an access token was given."""
        query = select(OfferRow).where(OfferRow.token_digest == token_digest)
        return self._session.scalars(query).one_or_none()

    def spend_nonce(self, digest: str, *, now: datetime) -> bool:
        """Use up an unexpired nonce; true for exactly one caller."""
        done = self._session.execute(
            delete(NonceRow)
            .where(NonceRow.digest == digest, NonceRow.expires_at > now)
            .returning(NonceRow.digest)
        )
        return done.first() is not None

    def forget_expired(self, *, now: datetime) -> None:
        """Drop nonces and ballots that nobody can use any more, so that they do not pile up."""
        self._session.execute(delete(NonceRow).where(NonceRow.expires_at <= now))
        self._session.execute(delete(BallotRequestRow).where(BallotRequestRow.expires_at <= now))

    def discard_request(self, request_id: str) -> None:
        """Drop a ballot that came back signed."""
        self._session.execute(delete(BallotRequestRow).where(BallotRequestRow.id == request_id))
