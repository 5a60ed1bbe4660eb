"""What the degree office keeps, in transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from accounts.store import Person
from degree.tables import (
    AmendmentRow,
    ApplicationRow,
    Base,
    ConferralRow,
    DecisionRow,
    EventRow,
    HolderRow,
    PaperRow,
    RequestRow,
    RulesetRow,
)
from vc.errors import Conflict, Missing


@dataclass(frozen=True, slots=True)
class Case:
    """An application with one of its decisions, and the award that the decision led to."""

    application: ApplicationRow
    decision: DecisionRow
    conferral: ConferralRow | None


class Store:
    """The office's tables, in transactions."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def ledger(self) -> Iterator["Ledger"]:
        """One transaction: committed at the end, or rolled back whole when an error leaves it."""
        with self._sessions.begin() as session:
            yield Ledger(session)


class Ledger:
    """What can be read and written within one transaction. Rows stay readable after it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: Base) -> None:
        """Keep a new row."""
        self._session.add(row)
        self._session.flush()

    def log(self, kind: str, *, about: str, by: Person, at: datetime, **detail: Any) -> None:
        """Note what somebody did."""
        row = EventRow(at=at, kind=kind, about=about, by=by.id, by_name=by.name, detail=detail)
        self.add(row)

    def events(self, about: str) -> tuple[EventRow, ...]:
        """What was done about something, in order."""
        query = select(EventRow).where(EventRow.about == about).order_by(EventRow.id)
        return tuple(self._session.scalars(query))

    def keep_ruleset(self, digest: str, *, source: str, now: datetime) -> None:
        """Keep a programme file, unless it is kept already."""
        if self._session.get(RulesetRow, digest) is None:
            self.add(RulesetRow(digest=digest, source=source, kept_at=now))

    def ruleset(self, digest: str) -> str:
        """The programme file with this digest. Raises Missing."""
        row = self._session.get(RulesetRow, digest)
        if row is None:
            raise Missing("ruleset", "No programme with this digest was ever applied here.")
        return row.source

    def request(self, state: str) -> RequestRow | None:
        """The request with this state."""
        return self._session.get(RequestRow, state)

    def use_request(self, state: str, *, now: datetime) -> bool:
        """Mark an open request as answered; False when it is not open any more."""
        spent = self._session.execute(
            update(RequestRow)
            .where(
                RequestRow.state == state,
                RequestRow.used_at.is_(None),
                RequestRow.expires_at > now,
            )
            .values(used_at=now)
            .returning(RequestRow.state)
        )
        return spent.first() is not None

    def application(self, application_id: str) -> ApplicationRow:
        """The application. Raises Missing."""
        row = self._session.get(ApplicationRow, application_id)
        if row is None:
            raise Missing("application", "There is no such application.")
        return row

    def hold_application(self, application_id: str) -> ApplicationRow:
        """The application, whose decisions nobody else adds to before this transaction ends.

        Raises Missing.
        """
        query = select(ApplicationRow).where(ApplicationRow.id == application_id).with_for_update()
        row = self._session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            raise Missing("application", "There is no such application.")
        return row

    def credentials(self, application_id: str) -> str:
        """The presented credentials as a JSON list. Raises Missing."""
        return self.application(application_id).credentials

    def application_by_code(self, code_digest: str) -> ApplicationRow | None:
        """The application that the answer with this code led to."""
        return self._session.scalar(
            select(ApplicationRow).where(ApplicationRow.code_digest == code_digest)
        )

    def person_of(self, holder: str) -> str | None:
        """The person who is known to hold this wallet."""
        row = self._session.get(HolderRow, holder)
        return row.person_id if row else None

    def keep_holder(self, holder: str, person: Person) -> None:
        """Note whose this wallet is, for good. Raises Conflict when it is another member's."""
        owner = self.person_of(holder)
        if owner is None:
            try:
                self.add(HolderRow(holder=holder, person_id=person.id))
            except IntegrityError as error:
                sentence = "Another answer of this wallet came at the same moment. Try again."
                raise Conflict("holder", sentence) from error
        elif owner != person.id:
            raise Conflict("holder", "This wallet is known as another member's.")

    def hold_holder(self, holder: str) -> None:
        """Let nobody else have an award count this wallet's badges before this transaction ends."""
        self._session.scalar(select(HolderRow).where(HolderRow.holder == holder).with_for_update())

    def decision(self, decision_id: str) -> DecisionRow:
        """The decision. Raises Missing."""
        row = self._session.get(DecisionRow, decision_id)
        if row is None:
            raise Missing("audit", "There is no such audit.")
        return row

    def latest_decision(self, application_id: str) -> DecisionRow | None:
        """The application's latest decision."""
        return self._session.scalar(
            select(DecisionRow)
            .where(DecisionRow.application_id == application_id)
            .order_by(DecisionRow.decided_at.desc(), DecisionRow.id)
            .limit(1)
        )

    def case(self, decision_id: str) -> Case:
        """A decision with its application and conferral. Raises Missing."""
        decision = self.decision(decision_id)
        conferral = self._session.scalar(
            select(ConferralRow).where(ConferralRow.decision_id == decision.id)
        )
        return Case(self.application(decision.application_id), decision, conferral)

    def latest_case(self, person_id: str) -> Case | None:
        """The person's latest decision."""
        return next(iter(self._cases(person_id)), None)

    def latest_cases(self) -> tuple[Case, ...]:
        """The latest decision about each person, the newest first."""
        latest: dict[str, Case] = {}
        for case in self._cases(None):
            latest.setdefault(case.application.person_id, case)
        return tuple(latest.values())

    def latest_decisions(self) -> tuple[tuple[str, str], ...]:
        """The programme and the id of the latest decision about each person."""
        query = (
            select(ApplicationRow.person_id, ApplicationRow.programme, DecisionRow.id)
            .join(DecisionRow, DecisionRow.application_id == ApplicationRow.id)
            .where(ApplicationRow.claimed_at.is_not(None))
            .order_by(DecisionRow.decided_at.desc(), DecisionRow.id)
        )
        latest: dict[str, tuple[str, str]] = {}
        for person_id, programme, decision_id in self._session.execute(query):
            latest.setdefault(person_id, (programme, decision_id))
        return tuple(latest.values())

    def conferral(self, person_id: str, *, programme: str, award: str) -> ConferralRow | None:
        """What was conferred on a person for one award, and was not withdrawn."""
        return self._session.scalar(
            select(ConferralRow).where(
                ConferralRow.person_id == person_id,
                ConferralRow.programme == programme,
                ConferralRow.award == award,
                ConferralRow.withdrawn_at.is_(None),
            )
        )

    def conferrals(self, person_id: str) -> tuple[tuple[ConferralRow, DecisionRow], ...]:
        """Every award of a person, with the decision that it rests on; the oldest first."""
        rows = self._session.execute(
            select(ConferralRow, DecisionRow)
            .join(DecisionRow, ConferralRow.decision_id == DecisionRow.id)
            .where(ConferralRow.person_id == person_id)
            .order_by(ConferralRow.conferred_at, ConferralRow.id)
        )
        return tuple((conferral, decision) for conferral, decision in rows)

    def reserve(self, conferral: ConferralRow) -> None:
        """Keep a new conferral. Raises Conflict when the person has the award already."""
        try:
            self.add(conferral)
        except IntegrityError as error:
            sentence = "This award was conferred on this person before."
            raise Conflict("conferred", sentence) from error

    def hold(self, conferral_id: str) -> ConferralRow:
        """The conferral, which nobody else changes before this transaction ends.

        Raises Conflict when it was released.
        """
        query = select(ConferralRow).where(ConferralRow.id == conferral_id).with_for_update()
        row = self._session.scalar(query)
        if row is None:
            sentence = (
                "The university would not sign it, and the conferral was given up. Ask again."
            )
            raise Conflict("released", sentence)
        return row

    def release(self, conferral: ConferralRow) -> None:
        """Forget the last edition of a held conferral's papers, of which nothing was signed.

        With the first edition goes the conferral.
        """
        if conferral.edition == 1:
            self._session.delete(conferral)
            return
        edition = conferral.edition
        conferral.papers = [one for one in conferral.papers if one.edition < edition]
        conferral.amendments = [one for one in conferral.amendments if one.edition < edition]

    def paper(self, credential_id: str) -> PaperRow:
        """The paper of an award with this id. Raises Missing."""
        row = self._session.get(PaperRow, credential_id)
        if row is None:
            raise Missing("paper", "There is no such paper.")
        return row

    def signed_text(self, credential_id: str) -> str:
        """A signed paper of an award. Raises Missing."""
        text = self._session.scalar(
            select(PaperRow.signed).where(PaperRow.credential_id == credential_id)
        )
        if text is None:
            raise Missing("paper", "The university has not signed this.")
        return text

    def amendments(self) -> tuple[tuple[AmendmentRow, ApplicationRow, ConferralRow], ...]:
        """What was done to awards after they were conferred, with whose they are; newest first."""
        rows = self._session.execute(
            select(AmendmentRow, ApplicationRow, ConferralRow)
            .join(ConferralRow, AmendmentRow.conferral_id == ConferralRow.id)
            .join(DecisionRow, ConferralRow.decision_id == DecisionRow.id)
            .join(ApplicationRow, DecisionRow.application_id == ApplicationRow.id)
            .order_by(AmendmentRow.made_at.desc(), AmendmentRow.id)
        )
        return tuple((one, application, conferral) for one, application, conferral in rows)

    def _cases(self, person_id: str | None) -> list[Case]:
        query = (
            select(ApplicationRow, DecisionRow, ConferralRow)
            .join(DecisionRow, DecisionRow.application_id == ApplicationRow.id)
            .outerjoin(ConferralRow, ConferralRow.decision_id == DecisionRow.id)
            .where(ApplicationRow.claimed_at.is_not(None))
            .order_by(DecisionRow.decided_at.desc(), DecisionRow.id)
        )
        if person_id is not None:
            query = query.where(ApplicationRow.person_id == person_id)
        return [Case(*row) for row in self._session.execute(query)]
