"""The evidence gate: which records may count at all. Pure filters, one record at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from degree.rules.programme import Equivalence, Gate, MeasuredAt
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

    `passed` may count, those of `pending` among them only if their status turns out well;
    `admitted` are those that pass by a concession alone. `shown` are the records, counting or not,
    that show real activity: obligations look at them.
    """

    passed: tuple[Record, ...]
    pending: frozenset[str]
    admitted: frozenset[str]
    shown: tuple[Record, ...]
    set_aside: tuple[SetAside, ...]


def sift(
    gate: Gate, wallet: Wallet, *, today: date, accepted: frozenset[str] = frozenset()
) -> Sifted:
    """Put every record of the wallet through the gate; the order of records plays no part.

    The `accepted` records pass by a concession, if their status is good.
    """
    passed, shown, aside, admitted = [], [], [], set()
    for record in in_order(wallet.records):
        refusal = _not_genuine(gate, wallet, record)
        if refusal is None:
            shown.append(record)
            refusal = _spent(gate, wallet, record, today=today)
        if refusal is not None and record.id in accepted and withdrawn(gate, record) is None:
            refusal = None
            admitted.add(record.id)
        if refusal is None:
            passed.append(record)
        else:
            aside.append(refusal)
    return Sifted(
        passed=tuple(passed),
        pending=frozenset(
            record.id for record in (*shown, *passed) if record.status is Status.UNKNOWN
        ),
        admitted=frozenset(admitted),
        shown=tuple(shown),
        set_aside=tuple(aside),
    )


def in_order(records: Iterable[Record]) -> list[Record]:
    """The canonical order, oldest activity first: what was earned first is counted first."""
    return sorted(records, key=lambda record: (record.activity_end, record.id))


def translated(wallet: Wallet, equivalences: Iterable[Equivalence]) -> Wallet:
    """The wallet with the codes of old badges read as their new ones."""
    by_code = {rule.old: rule for rule in equivalences}
    if not by_code:
        return wallet
    return replace(wallet, records=tuple(_translated(each, by_code) for each in wallet.records))


def _translated(record: Record, by_code: dict[str, Equivalence]) -> Record:
    rule = by_code.get(record.code)
    if rule is None or record.issued > rule.until:
        return record
    return replace(record, code=rule.new, tags=record.tags | rule.tags)


def _not_genuine(gate: Gate, wallet: Wallet, record: Record) -> SetAside | None:
    trusted = any(
        entry.issuer == record.issuer and entry.first <= record.issued <= entry.last
        for entry in gate.trusted
    )
    if not trusted:
        known = record.issuer in gate.issuers
        when = f" for badges issued on {record.issued}" if known else ""
        reason = f"its issuer {record.issuer} is not on the trust list {gate.trust_list}{when}"
        return SetAside(record=record.id, rule=f"{gate.path}.issuer_in", reason=reason)
    if (gone := withdrawn(gate, record)) is not None:
        return gone
    endorsed = _endorsed(gate, wallet, record)
    if endorsed < gate.min_endorsers:
        different = "different " if gate.distinct_endorsers else ""
        reason = f"{endorsed} of {gate.min_endorsers} {different}judges have endorsed it"
        return SetAside(record=record.id, rule=f"{gate.path}.endorsements", reason=reason)
    return None


def withdrawn(gate: Gate, record: Record) -> SetAside | None:
    """What the status says against a record, and no concession can help; None when nothing."""
    if record.status is Status.VALID or record.status not in _STATUS_SENTENCES:
        return None
    if record.status is Status.EXPIRED and gate.may_be_expired:
        return None
    reason = _STATUS_SENTENCES[record.status]
    return SetAside(record=record.id, rule=f"{gate.path}.status", reason=reason)


def _endorsed(gate: Gate, wallet: Wallet, record: Record) -> int:
    judges = [
        judge.id
        for judge in record.judges
        if (gate.holder_may_endorse or judge.id != wallet.holder)
        and judge.relation not in gate.barred
        and judge.level >= gate.endorser_level
    ]
    return len(set(judges)) if gate.distinct_endorsers else len(judges)


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
