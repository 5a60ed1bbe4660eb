"""Activities from proposal to attendance, and what members hand in for them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from issuer.chance import Chance
from issuer.evidence import Evidence, check_evidence, evidence_rows
from issuer.peers import panel
from issuer.peers.activity import Part
from issuer.states import ActivityState, ContributionState, Role
from issuer.store import Ledger, Store
from issuer.tables.community import AchievementRow, CircleRow, MemberRow
from issuer.tables.judging import (
    ActivityRow,
    ContributionRow,
    OfferingRow,
    ParticipationRow,
)
from keys.sealing import BallotBox, Seal
from vc.errors import Conflict, Forbidden, Malformed

_EARLIEST_ZONE: Final = timedelta(hours=14)  # a day begins in UTC+14 first


class Activities:
    """What members and facilitators do with activities. Times are aware UTC."""

    def __init__(self, store: Store, *, seal: Seal, chance: Chance) -> None:
        self._store = store
        self._seal = seal
        self._chance = chance

    def propose(
        self,
        *,
        circle_id: str,
        title: str,
        description: str,
        kind: str,
        context_id: str,
        starts_at: datetime,
        ends_at: datetime,
        policy_digest: str,
        rubric_digest: str,
        offerings: Iterable[tuple[str, Role]],
        level_ballot: bool = True,
        provider_ids: Iterable[str] = (),
    ) -> str:
        """Propose an activity that leads to the badges `offerings`; its id is the result.

        Without a `level_ballot` it gathers portfolios, which a panel alone judges. Those who
        propose it are its first providers.
        """
        if ends_at < starts_at:
            raise Malformed("activity-dates", "It ends before it begins.", place="ends_at")
        activity_id = self._chance.identifier()
        with self._store.ledger() as ledger:
            ledger.get(CircleRow, circle_id)
            ledger.add(
                ActivityRow(
                    id=activity_id,
                    circle_id=circle_id,
                    title=title,
                    description=description,
                    kind=kind,
                    context_id=context_id,
                    level_ballot=level_ballot,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    state=ActivityState.PROPOSED,
                    policy_digest=policy_digest,
                    rubric_digest=rubric_digest,
                )
            )
            for achievement_id, role in offerings:
                ledger.get(AchievementRow, achievement_id)
                ledger.add(
                    OfferingRow(activity_id=activity_id, achievement_id=achievement_id, role=role)
                )
            ledger.add(*(_provider(activity_id, person_id) for person_id in provider_ids))
        return activity_id

    def withdraw(self, activity_id: str, *, now: datetime, provider_id: str | None = None) -> None:
        """Take a proposal back; `provider_id` is the provider who does, None the desk.

        Raises Conflict once it is open, Forbidden for who does not provide it.
        """
        with self._store.ledger() as ledger:
            activity = ledger.hold(ActivityRow, activity_id)
            _expect(activity, ActivityState.PROPOSED)
            if provider_id is not None:
                _expect_provider(ledger, activity_id, provider_id)
                if len(ledger.participations(activity_id)) > 1:
                    sentence = "Others provide it too. Leave it, or ask the desk to turn it down."
                    raise Conflict("part", sentence)
            ledger.discard_proposal(activity_id)
            ledger.log("withdrawn", about=activity_id, at=now, title=activity.title)

    def open(self, activity_id: str, *, now: datetime) -> str:
        """Open an activity: commit to the lottery's nonce and make the ballot box.

        The commitment is the result; nobody can know it before, nor change it after.
        """
        nonce, box = self._chance.nonce(), BallotBox.generate()
        with self._store.ledger() as ledger:
            activity = ledger.hold(ActivityRow, activity_id)
            _expect(activity, ActivityState.PROPOSED)
            activity.state = ActivityState.OPEN
            activity.commitment = panel.commitment(nonce)
            activity.sealed_nonce = self._seal.seal(nonce, purpose=f"lottery {activity_id}")
            activity.ballot_public_key = box.public_key
            activity.sealed_ballot_key = self._seal.seal(
                box.private_key, purpose=f"ballot box {activity_id}"
            )
            ledger.log("opened", about=activity_id, at=now, commitment=activity.commitment)
        return panel.commitment(nonce)

    def join(self, *, activity_id: str, person_id: str, part: Part) -> None:
        """A member takes part in an open activity, or helps to provide one that is proposed.

        Who provides it stands when it opens: later, a stranger could confirm friends, or keep
        honest voters out. Raises Conflict when it is too early or too late, or the member has a
        part.
        """
        state = ActivityState.PROPOSED if part is Part.PROVIDER else ActivityState.OPEN
        with self._store.ledger() as ledger:
            _expect(ledger.hold(ActivityRow, activity_id), state)
            ledger.get(MemberRow, person_id)
            if ledger.find(ParticipationRow, activity_id, person_id) is not None:
                raise Conflict("part", "You have a part in this activity already.")
            ledger.add(ParticipationRow(activity_id=activity_id, person_id=person_id, part=part))

    def leave(self, *, activity_id: str, person_id: str) -> None:
        """A member gives up a part in which attendance was not confirmed.

        Raises Missing without a part; Conflict when it is too late, or for the last provider,
        without whom there is no activity.
        """
        with self._store.ledger() as ledger:
            activity = ledger.hold(ActivityRow, activity_id)
            _expect(activity, ActivityState.PROPOSED, ActivityState.OPEN)
            own = ledger.get(ParticipationRow, activity_id, person_id)
            if own.part == Part.PROVIDER and activity.state == ActivityState.OPEN:
                sentence = "Who provides an activity that is open stays its provider."
                raise Conflict("part", sentence)
            if own.confirmed_at is not None:
                raise Conflict("attendance", "Your attendance is confirmed: it stays on record.")
            providers = [p for p in ledger.participations(activity_id) if p.part == Part.PROVIDER]
            if providers == [own]:
                raise Conflict("part", "Nobody else provides this activity.")
            ledger.discard_part(activity_id, person_id=person_id)

    def confirm_attendance(
        self,
        *,
        activity_id: str,
        person_ids: Collection[str],
        now: datetime,
        provider_id: str | None = None,
    ) -> None:
        """Confirm who was present; `provider_id` is the provider who says so, None the desk.

        Raises Missing for a person who had not joined, Conflict before the activity begins
        anywhere on Earth, Forbidden for who does not provide it or confirms themselves.
        """
        with self._store.ledger() as ledger:
            activity = ledger.hold(ActivityRow, activity_id)
            _expect(activity, ActivityState.OPEN)
            if now < activity.starts_at - _EARLIEST_ZONE:
                raise Conflict("attendance", "The activity has not begun yet.")
            if provider_id is not None:
                _expect_provider(ledger, activity_id, provider_id)
                if provider_id in person_ids:
                    sentence = "Nobody confirms themselves: another provider does, or the desk."
                    raise Forbidden("attendance", sentence)
            for person_id in person_ids:
                part = ledger.get(ParticipationRow, activity_id, person_id)
                part.confirmed_at = part.confirmed_at or now

    def hand_in(
        self,
        *,
        activity_id: str,
        author_id: str,
        achievement_id: str,
        evidence: Sequence[Evidence],
        now: datetime,
        co_authors: Sequence[str] = (),
    ) -> str:
        """Hand in artefacts and a reflection for one badge; the contribution's id is the result.

        Raises Conflict when the activity takes none, Forbidden without attendance or a wallet,
        Malformed for evidence that is not sound.
        """
        check_evidence(evidence)
        contribution_id, credential_id = self._chance.identifier(), self._chance.identifier()
        with self._store.ledger() as ledger:
            activity = ledger.hold(ActivityRow, activity_id)
            _expect(activity, ActivityState.OPEN, ActivityState.CLOSED)
            role = _role(ledger, activity_id, author_id)
            if ledger.find(OfferingRow, activity_id, achievement_id, role) is None:
                sentence = f"This activity does not lead to {achievement_id} for a {role}."
                raise Conflict("offering", sentence, place="achievement")
            ledger.add(
                ContributionRow(
                    id=contribution_id,
                    activity_id=activity_id,
                    author_id=author_id,
                    achievement_id=achievement_id,
                    credential_id=credential_id,
                    co_authors=list(co_authors),
                    role=role,
                    revision=0,
                    state=ContributionState.HANDED_IN,
                    handed_in_at=now,
                )
            )
            ledger.add(*evidence_rows(contribution_id, 0, evidence))
        return contribution_id

    def resubmit(
        self, *, contribution_id: str, author_id: str, evidence: Sequence[Evidence], now: datetime
    ) -> None:
        """Hand in a revision. Raises Conflict unless a revision was asked for."""
        check_evidence(evidence)
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            if contribution.author_id != author_id:
                raise Forbidden("author", "Only its author can revise a contribution.")
            if contribution.state != ContributionState.REVISE:
                raise Conflict("contribution-state", "No revision of this was asked for.")
            contribution.revision += 1
            contribution.state = ContributionState.HANDED_IN
            contribution.handed_in_at = now
            ledger.add(*evidence_rows(contribution_id, contribution.revision, evidence))


def _expect(activity: ActivityRow, *states: ActivityState) -> None:
    if activity.state not in states:
        raise Conflict("activity-state", f"The activity is {activity.state}.")


def _provider(activity_id: str, person_id: str) -> ParticipationRow:
    return ParticipationRow(activity_id=activity_id, person_id=person_id, part=Part.PROVIDER)


def _expect_provider(ledger: Ledger, activity_id: str, person_id: str) -> None:
    part = ledger.find(ParticipationRow, activity_id, person_id)
    if part is None or part.part != Part.PROVIDER:
        raise Forbidden("provider", "Only who provides the activity can do this.")


def _role(ledger: Ledger, activity_id: str, author_id: str) -> Role:
    """The role under which a member may hand in for an activity. Raises Forbidden."""
    part = ledger.find(ParticipationRow, activity_id, author_id)
    if part is None or part.confirmed_at is None:
        raise Forbidden("attendance", "Only who is confirmed to have taken part can hand in.")
    if ledger.get(MemberRow, author_id).did is None:
        raise Forbidden("no-wallet", "Fetch your membership card into a wallet first.")
    return Role.PARTICIPANT if part.part == Part.PARTICIPANT else Role.CO_PROVIDER
