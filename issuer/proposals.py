"""What members propose to do together, checked against the menu and the rules in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from issuer import roll
from issuer.activities import Activities
from issuer.states import Role
from issuer.store import Ledger, Store
from issuer.tables.community import AchievementRow, CircleRow, ContextRow, MemberRow
from vc.errors import Malformed

FIRST_YEAR, LAST_YEAR = 2000, 2100  # what lies beyond is a slip of the pen
LONGEST_TITLE: Final = 300  # characters, as the table keeps them
LONGEST_KIND: Final = 40  # characters, as the table keeps them
LONGEST_DESCRIPTION: Final = 10_000  # characters: some four pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a member would like to provide, from the first to the last day.

    `badges` are ids of the menu. A portfolio is judged by panels alone, without a level ballot.
    """

    title: str
    description: str
    kind: str
    context_id: str
    begins: date
    ends: date
    badges: Sequence[str]
    portfolio: bool


class Proposals:
    """Takes proposals of members. Times are aware UTC."""

    def __init__(self, store: Store, *, activities: Activities) -> None:
        self._store = store
        self._activities = activities

    def propose(self, proposal: Proposal, *, person_id: str, now: datetime) -> str:
        """Propose an activity of the member's circle; its id is the result.

        Raises Malformed, whose place is the field; Missing for who is no member, or while no
        rules are in force.
        """
        _check(proposal)
        with self._store.ledger() as ledger:
            circle = ledger.get(CircleRow, ledger.get(MemberRow, person_id).circle_id)
            if ledger.find(ContextRow, proposal.context_id) is None:
                raise Malformed("proposal", "There is no such context.", place="context")
            level = _level(ledger, proposal.badges, circle.tenant_id)
            policy = roll.policy_in_force(ledger, now.date())
            rubric = roll.level_rubric(ledger, level)
        roles = (Role.PARTICIPANT,) if proposal.portfolio else tuple(Role)
        return self._activities.propose(
            circle_id=circle.id,
            title=proposal.title,
            description=proposal.description,
            kind=proposal.kind,
            context_id=proposal.context_id,
            starts_at=datetime.combine(proposal.begins, time(), tzinfo=UTC),
            ends_at=datetime.combine(proposal.ends, time(23, 59), tzinfo=UTC),
            policy_digest=policy.digest,
            rubric_digest=rubric.digest,
            offerings=[(badge, role) for badge in proposal.badges for role in roles],
            level_ballot=not proposal.portfolio,
            provider_ids=[person_id],
        )


def _check(proposal: Proposal) -> None:
    for place, text, longest in (
        ("title", proposal.title, LONGEST_TITLE),
        ("description", proposal.description, LONGEST_DESCRIPTION),
        ("kind", proposal.kind, LONGEST_KIND),
    ):
        if not 0 < len(text.strip()) <= longest:
            sentence = f"From 1 to {longest:,} characters are expected."
            raise Malformed("proposal", sentence, place=place)
    for place, day in (("begins", proposal.begins), ("ends", proposal.ends)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            sentence = f"A year from {FIRST_YEAR} to {LAST_YEAR} is expected."
            raise Malformed("proposal", sentence, place=place)
    if proposal.ends < proposal.begins:
        raise Malformed("proposal", "It ends before it begins.", place="ends")


def _level(ledger: Ledger, badges: Sequence[str], tenant_id: str) -> int:
    """The one FHEQ level of the badges: the participants can be asked about one only."""
    rows = [ledger.find(AchievementRow, badge) for badge in dict.fromkeys(badges)]
    known = [row for row in rows if row is not None and row.tenant_id == tenant_id]
    if not badges or len(known) != len(badges):
        raise Malformed("proposal", "Choose badges from the menu, each once.", place="badges")
    levels = {row.level for row in known}
    if len(levels) > 1:
        raise Malformed("proposal", "Choose badges of one level only.", place="badges")
    return levels.pop()
