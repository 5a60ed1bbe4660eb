"""The questions that pages ask of the tables: many rows at once, and nothing is changed."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from issuer.offers import TOKEN_LIFETIME
from issuer.store import Ledger
from issuer.tables.community import AchievementRow, MemberRow
from issuer.tables.credentials import (
    AwardRow,
    CredentialRow,
    OfferRow,
    StatusEntryRow,
    StatusListRow,
    raised,
)
from issuer.tables.judging import (
    ActivityRow,
    BallotRow,
    ContributionRow,
    DecisionRow,
    OfferingRow,
    PanelRow,
    ParticipationRow,
    SeatRow,
)

Awarded = tuple[AwardRow, CredentialRow, MemberRow]


class ReadingStore:
    """Opens readers on one database."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def reader(self) -> Iterator["Reader"]:
        """One consistent look at the tables."""
        with self._sessions.begin() as session:
            yield Reader(session)


class Reader(Ledger):
    """What a ledger knows to answer, and what only pages ask."""

    def award_of(self, credential_id: str) -> AwardRow | None:
        """The award that a credential is of."""
        query = select(AwardRow).where(AwardRow.credential_id == credential_id)
        return self._session.scalars(query).one_or_none()

    def holders(self) -> dict[str, int]:
        """How many unrevoked awards there are of each achievement."""
        query = (
            select(ContributionRow.achievement_id, func.count())
            .join(AwardRow, AwardRow.contribution_id == ContributionRow.id)
            .where(AwardRow.credential_id.not_in(raised("revocation")))
            .group_by(ContributionRow.achievement_id)
        )
        return self._counts(query)

    def leading_to(self, achievement_id: str) -> Sequence[ActivityRow]:
        """The activities in which a badge can or could be earned, the newest first."""
        query = (
            select(ActivityRow)
            .join(OfferingRow)
            .where(OfferingRow.achievement_id == achievement_id)
            .order_by(ActivityRow.ends_at.desc(), ActivityRow.id)
        )
        return self._session.scalars(query).unique().all()

    def activities(
        self, *, circle: str = "", states: Collection[str] = (), first: int = 0, count: int = 1000
    ) -> Sequence[ActivityRow]:
        """Activities, those that end last first."""
        query = _of(select(ActivityRow), circle, states)
        query = query.order_by(ActivityRow.ends_at.desc(), ActivityRow.id)
        return self._session.scalars(query.offset(first).limit(count)).all()

    def count_activities(self, *, circle: str = "", states: Collection[str] = ()) -> int:
        """How many there are."""
        query = _of(select(func.count()).select_from(ActivityRow), circle, states)
        count: int = self._session.scalars(query).one()
        return count

    def present(self, activity_ids: Collection[str]) -> dict[str, int]:
        """How many were confirmed to be present at each activity."""
        query = (
            select(ParticipationRow.activity_id, func.count())
            .where(ParticipationRow.activity_id.in_(activity_ids))
            .where(ParticipationRow.confirmed_at.is_not(None))
            .group_by(ParticipationRow.activity_id)
        )
        return self._counts(query)

    def contexts_of(self, circle_id: str) -> dict[str, int]:
        """How many members of a circle come from each context."""
        query = (
            select(MemberRow.context_id, func.count())
            .where(MemberRow.circle_id == circle_id)
            .group_by(MemberRow.context_id)
        )
        return self._counts(query)

    def decisions(self, polls: Collection[str]) -> dict[str, DecisionRow]:
        """The decision that stands for each poll, as issuer.decisions.standing finds it."""
        query = select(DecisionRow).where(DecisionRow.poll.in_(polls))
        # ballot, moderator, on_appeal: the last word is put last.
        return {row.poll: row for row in self._session.scalars(query.order_by(DecisionRow.stage))}

    def ballot_decisions(self) -> Sequence[DecisionRow]:
        """What every ballot so far led to, the newest first."""
        query = select(DecisionRow).where(DecisionRow.stage == "ballot")
        return self._session.scalars(query.order_by(DecisionRow.decided_at.desc())).all()

    def recent_decisions(self, count: int) -> Sequence[DecisionRow]:
        """The newest decisions, those of moderators among them."""
        query = select(DecisionRow).order_by(DecisionRow.decided_at.desc(), DecisionRow.poll)
        return self._session.scalars(query.limit(count)).all()

    def panels(self, contribution_ids: Collection[str]) -> Sequence[PanelRow]:
        """The panels drawn for contributions, the first draw first."""
        query = select(PanelRow).where(PanelRow.contribution_id.in_(contribution_ids))
        return self._session.scalars(query.order_by(PanelRow.drawn_at, PanelRow.poll)).all()

    def contributions_by(self, author_id: str) -> Sequence[ContributionRow]:
        """What a member has handed in, the newest first."""
        query = select(ContributionRow).where(ContributionRow.author_id == author_id)
        return self._session.scalars(query.order_by(ContributionRow.handed_in_at.desc())).all()

    def contributions_in(self, states: Collection[str]) -> Sequence[ContributionRow]:
        """The contributions in any of the states, the longest waiting first."""
        query = select(ContributionRow).where(ContributionRow.state.in_(states))
        return self._session.scalars(query.order_by(ContributionRow.handed_in_at)).all()

    def votes_cast(self, polls: Collection[str]) -> dict[str, int]:
        """How many of a panel's present judges have voted; only for the office that closes it."""
        query = (
            select(BallotRow.poll, func.count())
            .join(
                SeatRow,
                (SeatRow.poll == BallotRow.poll) & (SeatRow.judge_id == BallotRow.judge_id),
            )
            .where(BallotRow.poll.in_(polls), SeatRow.left_at.is_(None))
            .group_by(BallotRow.poll)
        )
        return self._counts(query)

    def polls_voted_in(self, judge_id: str) -> frozenset[str]:
        """The polls in which a member has a ballot in the box."""
        query = select(BallotRow.poll).where(BallotRow.judge_id == judge_id)
        return frozenset(self._session.scalars(query))

    def fetched(self, credential_ids: Collection[str]) -> frozenset[str]:
        """Those credentials for which a wallet has redeemed an offer since they were signed."""
        query = (
            select(OfferRow.credential_id, OfferRow.token_expires_at, CredentialRow.renewed_at)
            .join(CredentialRow, CredentialRow.id == OfferRow.credential_id)
            .where(OfferRow.credential_id.in_(credential_ids), OfferRow.token_digest.is_not(None))
        )
        return frozenset(
            credential
            for credential, expires, renewed in self._session.execute(query)
            if credential and (renewed is None or (expires and expires - TOKEN_LIFETIME >= renewed))
        )

    def awards(self, search: str, *, count: int) -> Sequence[Awarded]:
        """Awards whose badge, member or id matches the words, the newest first."""
        words = f"%{_literal(search)}%"
        query = _awards().where(
            or_(
                CredentialRow.name.ilike(words, escape="\\"),
                MemberRow.name.ilike(words, escape="\\"),
                CredentialRow.id.ilike(words, escape="\\"),
            )
        )
        query = query.order_by(AwardRow.awarded_at.desc(), AwardRow.credential_id).limit(count)
        return [(award, badge, member) for award, badge, member in self._session.execute(query)]

    def award(self, credential_id: str) -> Awarded | None:
        """One award, or None."""
        query = _awards().where(CredentialRow.id == credential_id)
        found = self._session.execute(query).one_or_none()
        return None if found is None else (found[0], found[1], found[2])

    def withdrawn(self, credential_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The purposes for which a bit of each credential is set."""
        query = (
            select(StatusEntryRow.credential_id, StatusListRow.purpose)
            .join(StatusListRow)
            .where(StatusEntryRow.credential_id.in_(credential_ids))
            .where(StatusEntryRow.raised.is_(True))
        )
        found: dict[str, frozenset[str]] = {}
        for credential, purpose in self._session.execute(query):
            found[credential] = found.get(credential, frozenset()) | {purpose}
        return found

    def achievements(self, ids: Collection[str]) -> dict[str, AchievementRow]:
        """Badges of the menu by id."""
        query = select(AchievementRow).where(AchievementRow.id.in_(ids))
        return {row.id: row for row in self._session.scalars(query)}

    def _counts(self, query: Select[str, int]) -> dict[str, int]:
        return {found[0]: found[1] for found in self._session.execute(query)}


def _of(query: Select[Any], circle: str, states: Collection[str]) -> Select[Any]:
    if circle:
        query = query.where(ActivityRow.circle_id == circle)
    return query.where(ActivityRow.state.in_(states)) if states else query


def _awards() -> Select[AwardRow, CredentialRow, MemberRow]:
    return (
        select(AwardRow, CredentialRow, MemberRow)
        .join(CredentialRow, CredentialRow.id == AwardRow.credential_id)
        .join(ContributionRow, ContributionRow.id == AwardRow.contribution_id)
        .join(MemberRow, MemberRow.person_id == ContributionRow.author_id)
    )


def _literal(search: str) -> str:
    """The words without the wildcards of LIKE."""
    return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
