"""The issuer's ledger: one transaction over its tables, and the questions asked of them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from issuer.tables import questions
from issuer.tables.audits import Audits
from issuer.tables.clients import ClientsAsked
from issuer.tables.community import (
    AchievementRow,
    CircleRow,
    ConflictRow,
    MemberRow,
    RuleRow,
)
from issuer.tables.credentials import (
    CredentialRow,
    NonceRow,
    OfferRow,
    StatusEntryRow,
    StatusListRow,
)
from issuer.tables.judging import (
    ActivityRow,
    BallotRow,
    ContributionRow,
    DecisionRow,
    EvidenceRow,
    OfferingRow,
    PanelRow,
    ParticipationRow,
    SeatRow,
)
from issuer.tables.leaves import Leaves
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


class Ledger(Audits, ClientsAsked, Leaves):
    """The questions that the issuer asks of its tables, within one transaction."""

    def member_by_did(self, did: str) -> MemberRow | None:
        """The member whose wallet has this key."""
        return self._session.scalars(questions.MEMBER_BY_DID, {"did": did}).one_or_none()

    def members(self, people: Collection[str]) -> Sequence[MemberRow]:
        """The members among `people`, by person."""
        return self._session.scalars(questions.MEMBERS, {"people": people}).all()

    def calibrations(self, people: Collection[str]) -> Sequence[tuple[str, str]]:
        """Who of `people` passed the calibration of which rubric."""
        found = self._session.execute(questions.CALIBRATIONS, {"people": people})
        return [(person_id, rubric) for person_id, rubric in found]

    def conflicts(self, people: Collection[str]) -> Sequence[ConflictRow]:
        """The conflicts of interest that any of `people` declared."""
        return self._session.scalars(questions.CONFLICTS, {"people": people}).all()

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

    def parts_around(self, activity_id: str, person_id: str) -> Sequence[ParticipationRow]:
        """The parts in an activity of its makers and of one person, in the order of persons."""
        asked = {"activity": activity_id, "person": person_id}
        return self._session.scalars(questions.PARTS_AROUND, asked).all()

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

    def surroundings(
        self, contribution: ContributionRow
    ) -> tuple[ActivityRow, AchievementRow, CircleRow]:
        """In which activity, for which badge and in which circle a contribution was handed in."""
        asked = {"activity": contribution.activity_id, "achievement": contribution.achievement_id}
        activity, achievement, circle = self._session.execute(questions.SURROUNDINGS, asked).one()
        return activity, achievement, circle

    def evidence(self, contribution_id: str, revision: int) -> Sequence[EvidenceRow]:
        """The evidence of one revision, by digest."""
        asked = {"contribution": contribution_id, "revision": revision}
        return self._session.scalars(questions.EVIDENCE, asked).all()

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
        return self._session.scalars(questions.SEATS, {"poll": poll}).all()

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
        return self._session.scalars(questions.BALLOTS, {"poll": poll}).all()

    def ballot(self, poll: str, *, judge_id: str) -> BallotRow | None:
        """One judge's sealed ballot in a poll."""
        return self._session.scalars(
            questions.BALLOT, {"poll": poll, "judge": judge_id}
        ).one_or_none()

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
        query = select(CredentialRow).where(CredentialRow.url == url)
        return self._session.scalars(query).one_or_none()

    def credentials_of(self, subject: str) -> Sequence[CredentialRow]:
        """The credentials whose subject has this DID, the oldest first."""
        query = select(CredentialRow).where(CredentialRow.subject == subject)
        query = query.order_by(CredentialRow.created_at, CredentialRow.id)
        return self._session.scalars(query).all()

    def unsigned_credentials(self) -> Sequence[CredentialRow]:
        """Credentials that were decided and, because of a crash, not signed."""
        query = select(CredentialRow).where(CredentialRow.signed.is_(None))
        return self._session.scalars(query).all()

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
        return self._session.scalars(
            questions.OFFER_BY_TOKEN, {"token": token_digest}
        ).one_or_none()

    def spend_nonce(self, digest: str, *, now: datetime) -> bool:
        """Use up an unexpired nonce; true for exactly one caller."""
        done = self._session.execute(
            delete(NonceRow)
            .where(NonceRow.digest == digest, NonceRow.expires_at > now)
            .returning(NonceRow.digest)
        )
        return done.first() is not None

    def forget_nonces(self, *, now: datetime) -> None:
        """Drop nonces that nobody can use any more, so that they do not pile up."""
        self._session.execute(questions.OLD_NONCES, {"now": now})

    def forget_requests(self, *, now: datetime) -> None:
        """Drop ballots that nobody can sign any more, so that they do not pile up."""
        self._session.execute(questions.OLD_REQUESTS, {"now": now})

    def discard_request(self, request_id: str) -> None:
        """Drop a ballot that came back signed."""
        self._session.execute(questions.REQUEST, {"request": request_id})
