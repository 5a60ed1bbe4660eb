"""The evidence gate: which records may count at all. Pure filters, one record at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from degree.rules.programme import Gate, MeasuredAt
from degree.rules.records import Record, Status, Wallet
from degree.rules.registration import years_after

_STATUS_SENTENCES: Final = {
    Status.REVOKED: "the issuer has revoked it",
    Status.SUSPENDED: "the issuer has suspended it; it counts again when that is lifted",
    Status.EXPIRED: "it has expired",
    Status.INVALID: "its proof does not hold",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A record that does not count, the rule that says so, and the reason."""

    record: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """A wallet behind the gate, in canonical order.

    `counting` may count; `pending` would if their status could be checked. `shown` are the
    records, counting or not, that show real activity: obligations look at them.
    """

    counting: tuple[Record, ...]
    pending: tuple[Record, ...]
    shown: tuple[Record, ...]
    set_aside: tuple[SetAside, ...]


def sift(gate: Gate, wallet: Wallet, *, today: date) -> Sifted:
    """Put every record of the wallet through the gate; the order of records plays no part."""
    counting, pending, shown, aside = [], [], [], []
    for record in in_order(wallet.records):
        refusal = _not_genuine(gate, wallet, record)
        if refusal is None:
            shown.append(record)
            refusal = _spent(gate, wallet, record, today=today)
        if refusal is not None:
            aside.append(refusal)
        elif record.status is Status.UNKNOWN:
            pending.append(record)
        else:
            counting.append(record)
    return Sifted(
        counting=tuple(counting),
        pending=tuple(pending),
        shown=tuple(shown),
        set_aside=tuple(aside),
    )


def in_order(records: Iterable[Record]) -> list[Record]:
    """The canonical order, oldest activity first: what was earned first is counted first."""
    return sorted(records, key=lambda record: (record.activity_end, record.id))


def _not_genuine(gate: Gate, wallet: Wallet, record: Record) -> SetAside | None:
    def refused(rule: str, reason: str) -> SetAside:
        return SetAside(record=record.id, rule=f"{gate.path}.{rule}", reason=reason)

    if record.issuer not in gate.issuers:
        return refused("issuer_in", f"its issuer {record.issuer} is not on {gate.trust_list}")
    expired_counts = record.status is Status.EXPIRED and gate.may_be_expired
    if record.status in _STATUS_SENTENCES and not expired_counts:
        return refused("status", _STATUS_SENTENCES[record.status])
    judges = [judge for judge in record.judges if gate.holder_may_endorse or judge != wallet.holder]
    endorsed = len(set(judges)) if gate.distinct_endorsers else len(judges)
    if endorsed < gate.min_endorsers:
        different = "different " if gate.distinct_endorsers else ""
        reason = f"{endorsed} of {gate.min_endorsers} {different}judges have endorsed it"
        return refused("endorsements", reason)
    return None


def _spent(gate: Gate, wallet: Wallet, record: Record, *, today: date) -> SetAside | None:
    life = gate.rpl_life if record.rpl else gate.earned_life
    if life is not None:
        measured = wallet.registered if life.measured_at is MeasuredAt.REGISTRATION else today
        if years_after(record.activity_end, life.years) < measured:
            reason = (
                f"it ended on {record.activity_end}, more than {life.years} years before the "
                f"{life.measured_at} on {measured}"
            )
            return SetAside(record=record.id, rule=life.path, reason=reason)
    if gate.not_used_before and record.used_in:
        rule = f"{gate.path}.not_already_used_in_award"
        return SetAside(record=record.id, rule=rule, reason=f"{record.used_in} already counts it")
    return None
