"""What a panel judges: a contribution, with all that the paper and the endorsement say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from issuer import box, documents, roll
from issuer.addresses import Addresses
from issuer.peers.ballots import PanelPaper
from issuer.peers.rubric import Rubric
from issuer.store import Ledger
from issuer.tables.community import AchievementRow, MemberRow
from issuer.tables.judging import ActivityRow, ContributionRow, EvidenceRow
from vc.documents import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The present revision of a contribution, and by which rules it is judged."""

    contribution: ContributionRow
    activity: ActivityRow
    achievement: AchievementRow
    evidence: Sequence[EvidenceRow]
    rubric: Rubric
    addresses: Addresses

    @property
    def paper(self) -> PanelPaper:
        """The question, the same for every judge."""
        return PanelPaper(
            poll=box.panel_poll(self.contribution.id, self.contribution.revision),
            contribution=self.contribution.id,
            badge=self.addresses.credential(self.contribution.credential_id),
            policy=self.activity.policy_digest,
            rubric=self.rubric,
            evidence=tuple(piece.digest for piece in self.evidence),
        )

    def endorsement_by(self, judge: MemberRow, *, at: datetime) -> JsonObject:
        """What one judge signs beside a yes."""
        return documents.endorsement_draft(
            contribution=self.contribution,
            badge_name=self.achievement.name,
            judge=judge.did or "",
            evidence=self.evidence,
            rubric=self.achievement.rubric_digest,
            policy=self.activity.policy_digest,
            addresses=self.addresses,
            comment="In my judgement this is at the level or above it.",
            valid_from=at,
        )


def matter_of(ledger: Ledger, contribution: ContributionRow, *, origin: str) -> Matter:
    """The matter, read once. `origin` is that of the issuer's addresses."""
    activity, achievement, circle = ledger.surroundings(contribution)
    return Matter(
        contribution=contribution,
        activity=activity,
        achievement=achievement,
        evidence=ledger.evidence(contribution.id, contribution.revision),
        rubric=roll.rubric_of(ledger, achievement.rubric_digest),
        addresses=Addresses(origin, circle.tenant_id),
    )
