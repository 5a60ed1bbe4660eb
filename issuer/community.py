"""The community: circles, members, the rules in force, the menu, and what each member owes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from issuer.peers.activity import Part
from issuer.peers.obligations import Engagement, MembershipYear, membership_years
from issuer.peers.policy import Policy, read_policy
from issuer.peers.rubric import Rubric, read_rubric
from issuer.store import Store
from issuer.tables.community import (
    AchievementRow,
    CalibrationRow,
    CircleRow,
    ConflictRow,
    ContextRow,
    MemberRow,
    RuleRow,
    TenantRow,
)
from vc.errors import Conflict, Malformed, Missing


class Community:
    """What registrars and members record of the community. Times are aware UTC."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def establish(
        self, rows: Sequence[TenantRow | ContextRow | CircleRow | AchievementRow]
    ) -> None:
        """Record them all, in this order, or none. Raises Conflict when one exists."""
        with self._store.ledger() as ledger:
            for row in rows:
                ledger.add(row)

    def publish_policy(self, text: str, *, source: str) -> Policy:
        """Put a policy file in force. The same file again changes nothing.

        Raises Malformed, and Conflict when this version was published with other content.
        """
        policy = read_policy(text, source=source)
        self._publish("policy", policy.name, policy.version, policy.digest, text)
        return policy

    def publish_rubric(self, text: str, *, source: str) -> Rubric:
        """Put a rubric file in force. The same file again changes nothing.

        Raises Malformed, and Conflict when this version was published with other content.
        """
        rubric = read_rubric(text, source=source)
        self._publish("rubric", rubric.id, rubric.version, rubric.digest, text)
        return rubric

    def _publish(self, kind: str, name: str, version: str, digest: str, text: str) -> None:
        with self._store.ledger() as ledger:
            if ledger.find(RuleRow, digest) is not None:
                return
            if ledger.rule(kind, name=name, version=version) is not None:
                sentence = f"{name} {version} is published already with other content."
                raise Conflict("rule-version", sentence, place="version")
            ledger.add(RuleRow(digest=digest, kind=kind, name=name, version=version, content=text))

    def offer_achievements(self, achievements: Iterable[AchievementRow]) -> None:
        """Put badges on the menu. Raises Conflict when one exists."""
        with self._store.ledger() as ledger:
            ledger.add(*achievements)

    def enrol(
        self,
        *,
        person_id: str,
        name: str,
        circle_id: str,
        context_id: str,
        joined_on: date,
        identity_confirmed_at: datetime | None,
        line_manager: str | None = None,
    ) -> None:
        """Make a person a member of a circle. Raises Conflict when the person is one."""
        with self._store.ledger() as ledger:
            ledger.get(CircleRow, circle_id)
            ledger.get(ContextRow, context_id)
            ledger.add(
                MemberRow(
                    person_id=person_id,
                    name=name,
                    circle_id=circle_id,
                    context_id=context_id,
                    joined_on=joined_on,
                    identity_confirmed_at=identity_confirmed_at,
                    line_manager=line_manager,
                )
            )

    def confirm_identity(self, *, person_id: str, now: datetime) -> None:
        """Record that somebody has seen who the member is; the first day stays. Raises Missing."""
        with self._store.ledger() as ledger:
            member = ledger.hold(MemberRow, person_id)
            member.identity_confirmed_at = member.identity_confirmed_at or now
            ledger.log("identity-confirmed", about=person_id, at=now)

    def pass_calibration(self, *, person_id: str, rubric: str, now: datetime) -> None:
        """Record that a member judged the calibration items of a rubric as agreed.

        Raises Missing for who is no member or a rubric that was never published, Conflict when it
        is recorded already.
        """
        with self._store.ledger() as ledger:
            ledger.get(MemberRow, person_id)
            if rubric not in {row.name for row in ledger.rules("rubric")}:
                raise Missing("rubric", "There is no such rubric.")
            ledger.add(CalibrationRow(person_id=person_id, rubric=rubric, passed_at=now))

    def declare_conflict(self, *, person_id: str, other_id: str, now: datetime) -> None:
        """Record a conflict of interest; neither will judge the other.

        Raises Missing, Malformed for a conflict with oneself, Conflict for the same again.
        """
        if other_id == person_id:
            raise Malformed("conflict", "Nobody judges themselves anyway.", place="other")
        with self._store.ledger() as ledger:
            ledger.get(MemberRow, other_id)
            ledger.add(ConflictRow(person_id=person_id, other_id=other_id, declared_at=now))

    def obligations(
        self, *, person_id: str, policy: Policy, today: date
    ) -> tuple[MembershipYear, ...]:
        """What the member joined and provided in each membership year, attendance confirmed."""
        with self._store.ledger() as ledger:
            member = ledger.get(MemberRow, person_id)
            engagements = [
                Engagement(activity=activity.id, part=Part(part.part), on=activity.ends_at.date())
                for part, activity in ledger.engagements(person_id)
                if part.confirmed_at is not None
            ]
            return membership_years(
                engagements, joined=member.joined_on, today=today, rule=policy.obligations
            )
