"""The audit of decisions: a secret sample of each circle's badges, seen again by a moderator."""

from datetime import UTC, date, datetime, time

from issuer import awarding, roll
from issuer.box import panel_poll
from issuer.chance import Chance
from issuer.decisions import expect_impartial
from issuer.peers import audit
from issuer.peers.audit import AuditOutcome, Period
from issuer.status_lists import REVOCATION
from issuer.store import Ledger, Store
from issuer.tables.audits import AuditedRow, AuditRow
from issuer.tables.community import CircleRow
from issuer.tables.credentials import AwardRow
from issuer.tables.judging import ContributionRow
from vc.errors import Conflict, Malformed


class Auditing:
    """Draws samples and records what moderators find. Times are aware UTC."""

    def __init__(self, store: Store, *, chance: Chance) -> None:
        self._store = store
        self._chance = chance

    def draw(self, *, circle_id: str, begins: date, now: datetime) -> str:
        """Draw the sample of what a circle awarded in the period that begins then; its id.

        Raises Malformed where no period begins, Conflict before its end, without badges, for the
        same again, and while the circle's last audit is not done.
        """
        with self._store.ledger() as ledger:
            # Two who draw at once must not both find the last audit done.
            ledger.hold(CircleRow, circle_id)
            policy = roll.policy_in_force(ledger, now.date())
            period = audit.period_of(begins, rule=policy.audit)
            _expect_ended(period, begins, now)
            since, until = (_midnight(day) for day in (period.begins, period.ends))
            awards = ledger.awards_between(circle_id, since=since, until=until)
            if not awards:
                raise Conflict("nothing-to-audit", "No badge was awarded then that is in force.")
            size = audit.sample_size(len(awards), rule=policy.audit)
            if _overturned_lately(ledger, circle_id):
                size *= 2
            row = AuditRow(
                id=self._chance.identifier(),
                circle_id=circle_id,
                begins=period.begins,
                ends=period.ends,
                policy_digest=policy.digest,
                badges=len(awards),
                seed=self._chance.nonce(),
                drawn_at=now,
            )
            ledger.add(row)
            ids = [award.contribution_id for award in awards]
            for one in audit.sample(ids, size=size, seed=row.seed):
                ledger.add(AuditedRow(audit_id=row.id, contribution_id=one, sampled=True))
            ledger.log("audit-drawn", about=row.id, at=now, circle=circle_id)
            return row.id

    def decide(
        self,
        *,
        audit_id: str,
        contribution_id: str,
        moderator_id: str,
        outcome: AuditOutcome,
        reason: str,
        now: datetime,
    ) -> None:
        """Uphold a badge or overturn it, with a reason; what is overturned is revoked.

        Raises Malformed without a reason, Missing for what is not under this audit, Conflict for
        what was audited already, Forbidden for who wrote, judged or decided it.
        """
        if not reason.strip():
            raise Malformed("audit", "A finding has a reason.", place="reason")
        with self._store.ledger() as ledger:
            held = ledger.hold(AuditRow, audit_id)
            row = ledger.hold(AuditedRow, audit_id, contribution_id)
            if row.outcome is not None:
                raise Conflict("audited", "This badge was audited already.")
            contribution = ledger.get(ContributionRow, contribution_id)
            expect_impartial(ledger, contribution, moderator_id)
            row.outcome, row.reason = outcome, reason.strip()
            row.decided_at, row.decided_by = now, moderator_id
            credential_id = ledger.get(AwardRow, contribution_id).credential_id
            ledger.log(f"audit_{outcome}", about=credential_id, at=now, reason=row.reason)
            if outcome is AuditOutcome.OVERTURNED:
                if not ledger.status_entry(credential_id, REVOCATION).raised:
                    awarding.withdraw(ledger, credential_id, reason=row.reason, now=now)
                _widen(ledger, held, now)


def _expect_ended(period: Period, begins: date, now: datetime) -> None:
    if period.begins != begins:
        raise Malformed("audit-period", "No period begins on this day.", place="begins")
    if now.date() < period.ends:
        raise Conflict("audit-period", "The period is not over yet.")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _overturned_lately(ledger: Ledger, circle_id: str) -> bool:
    """Whether the circle's last audit overturned a badge. Raises Conflict while it goes on."""
    audits = ledger.audits(circle_id)
    if not audits:
        return False
    rows = ledger.audited(max(audits, key=lambda row: row.drawn_at).id)
    if any(row.outcome is None for row in rows):
        raise Conflict("audit-open", "The last audit of this circle is not done yet.")
    return any(row.outcome == AuditOutcome.OVERTURNED for row in rows)


def _widen(ledger: Ledger, held: AuditRow, now: datetime) -> None:
    """Where the policy says so, put all under audit that judges of overturned badges decided."""
    rows = ledger.audited(held.id)
    overturned = [row for row in rows if row.outcome == AuditOutcome.OVERTURNED]
    if held.widened_at is None and audit.calls_for_everything(
        overturned=sum(row.sampled for row in overturned),
        sampled=sum(row.sampled for row in rows),
        rule=roll.policy_of(ledger, held.policy_digest).audit,
    ):
        held.widened_at = now
        ledger.log("audit-widened", about=held.id, at=now)
    if held.widened_at is not None:
        judges = {judge for row in overturned for judge in _judges(ledger, row.contribution_id)}
        for award in ledger.awards_judged_by(judges):
            one = award.contribution_id
            ledger.add(AuditedRow(audit_id=held.id, contribution_id=one, sampled=False))


def _judges(ledger: Ledger, contribution_id: str) -> set[str]:
    """Who sat when it was decided, whatever they voted: an audit opens no ballot."""
    contribution = ledger.get(ContributionRow, contribution_id)
    seats = ledger.seats(panel_poll(contribution_id, contribution.revision))
    return {seat.judge_id for seat in seats if seat.left_at is None}
