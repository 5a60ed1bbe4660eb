"""What a programme and a wallet say badge by badge, for the judges of the degree engine.

It reads the documented JSON (docs/degree.md, docs/decision-record.md) and shares no code with
degree/rules. What whole placings must keep is in degree_oracle.py and, another way, in
degree_highs.py. Credits are whole tenths of a UK credit, marks whole tenths of a mark.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A record as rules look at it, after the equivalences."""

    id: str
    issuer: str
    credits: int
    level: int
    start: date
    end: date
    issued: date
    status: str
    role: str
    rpl: bool
    code: str
    kind: str
    activity: str
    circle: str
    tags: frozenset[str]
    contexts: frozenset[str]
    judges: tuple[Json, ...]
    others: frozenset[str]
    mark: int | None
    first_attempt: bool
    used: bool

    @property
    def pending(self) -> bool:
        return self.status == "unknown"


def exactly(number: Any) -> Fraction:
    return Fraction(str(number))


def tenths(number: Any) -> int:
    """Tenths of a UK credit or of a mark, cut to whole ones."""
    return int(exactly(number) * 10)


def credit(programme: Json, amount: Any) -> int:
    """An amount of the programme in tenths of a UK credit."""
    return tenths(amount) * (2 if programme.get("credit_unit") == "ects" else 1)


def read_badges(programme: Json, wallet: Json) -> list[Badge]:
    """All that the wallet presents, in the order of ids: the order of records plays no part."""
    presented = [_badge(record) for record in wallet["records"]]
    return sorted((_renamed(programme, badge) for badge in presented), key=lambda badge: badge.id)


def _badge(record: Json) -> Badge:
    judges = [{"id": j} if isinstance(j, str) else j for j in record.get("judges", ())]
    return Badge(
        id=record["id"],
        issuer=record["issuer"],
        credits=tenths(record["credits"]),
        level=record["level"],
        start=date.fromisoformat(record["activity_start"]),
        end=date.fromisoformat(record["activity_end"]),
        issued=date.fromisoformat(record["issued"]),
        status=record["status"],
        role=record.get("role", "participant"),
        rpl=record.get("rpl", False),
        code=record.get("code", ""),
        kind=record.get("kind", ""),
        activity=record.get("activity", "") or f"alone:{record['id']}",
        circle=record.get("circle", ""),
        tags=frozenset(record.get("tags", ())),
        contexts=frozenset(record.get("contexts", ())),
        judges=tuple(judges),
        others=frozenset(record.get("co_participants", ())),
        mark=tenths(record["mark"]) if "mark" in record else None,
        first_attempt=record.get("first_attempt", True),
        used=bool(record.get("used_in", "")),
    )


def _renamed(programme: Json, badge: Badge) -> Badge:
    for old in programme.get("equivalences", ()):
        in_time = badge.issued <= date.fromisoformat(old["until"])
        if badge.code and badge.code == old["from"].removeprefix("badge:") and in_time:
            code = old["to"].removeprefix("badge:")
            return replace(badge, code=code, tags=badge.tags | set(old.get("tags", ())))
    return badge


def takes(where: Json, badge: Badge) -> bool:
    """Whether all that the filter asks for holds of the badge."""
    return all(_holds(key, wanted, badge) for key, wanted in where.items())


def _holds(key: str, wanted: Any, badge: Badge) -> bool:
    several: dict[str, Collection[str]] = {
        "tag": badge.tags,
        "context": badge.contexts,
        "kind": {badge.kind},
        "role": {badge.role},
        "code": {badge.code},
        "issuer": {badge.issuer},
        "circle": {badge.circle},
    }
    if key in several:
        names = [wanted] if isinstance(wanted, str) else wanted
        return any(name in several[key] for name in names)
    match key:
        case "any":
            return bool(wanted)
        case "level":
            return badge.level >= int(wanted)
        case "level_max":
            return badge.level <= int(wanted)
        case "rpl":
            return badge.rpl is wanted
        case "mark":
            return badge.mark is not None and badge.mark >= tenths(wanted)
        case "any_of":
            return any(takes(part, badge) for part in wanted)
        case "all_of":
            return all(takes(part, badge) for part in wanted)
        case "not":
            return not takes(wanted, badge)
    raise AssertionError(f"no such filter: {key}")


def years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def last_day(wallet: Json, years: int, *, pauses: bool) -> date:
    """The last day of the registration year with this number."""
    first = date.fromisoformat(wallet["registered"])
    unpaused = last = years_after(first, years) - timedelta(days=1)
    breaks = wallet.get("interruptions", ()) if pauses else ()
    while True:
        stopped: set[date] = set()
        for pause in breaks:
            day = max(first, date.fromisoformat(pause["first"]))
            while day <= min(last, date.fromisoformat(pause["last"])):
                stopped.add(day)
                day += timedelta(days=1)
        if unpaused + timedelta(days=len(stopped)) == last:
            return last
        last = unpaused + timedelta(days=len(stopped))


def kept_out(programme: Json, wallet: Json, badge: Badge, today: date) -> str | None:
    """The path of the first rule of the gate that the badge fails."""
    gate = programme["evidence_gate"]
    earlier = kept_out_early(programme, wallet, badge)
    if earlier:
        return earlier
    kind = "rpl" if badge.rpl else "earned"
    life = gate.get("currency_years", {}).get(kind)
    if life:
        registered = date.fromisoformat(wallet["registered"])
        measured = registered if life["measured_at"] == "registration" else today
        if years_after(badge.end, life["years"]) < measured:
            return f"evidence_gate.currency_years.{kind}"
    if gate.get("not_already_used_in_award", False) and badge.used:
        return "evidence_gate.not_already_used_in_award"
    return None


def kept_out_early(programme: Json, wallet: Json, badge: Badge) -> str | None:
    """The part of the gate that obligations ask for, too."""
    gate = programme["evidence_gate"]
    trusted = programme["trust_lists"][gate["issuer_in"].removeprefix("trust_list@")]
    if not any(_trusts(entry, badge) for entry in trusted):
        return "evidence_gate.issuer_in"
    if not good_status(programme, badge):
        return "evidence_gate.status"
    if not _endorsed(gate.get("endorsements", {}), badge, wallet["holder"]):
        return "evidence_gate.endorsements"
    return None


def _trusts(entry: Any, badge: Badge) -> bool:
    listed: Json = {"issuer": entry} if isinstance(entry, str) else entry
    first, last = listed.get("from", "0001-01-01"), listed.get("until", "9999-12-31")
    return bool(listed["issuer"] == badge.issuer and first <= badge.issued.isoformat() <= last)


def good_status(programme: Json, badge: Badge) -> bool:
    """Whether the badge passes `status`, be it as pending."""
    strict = "not_expired" in programme["evidence_gate"]["status"]
    return badge.status in {"valid", "unknown"} or (badge.status == "expired" and not strict)


def _endorsed(rule: Json, badge: Badge, holder: str) -> bool:
    barred = rule.get("endorser_not_in", ())
    counting = [
        judge["id"]
        for judge in badge.judges
        if not (judge["id"] == holder and "holder" in barred)
        and (not judge.get("relation") or judge["relation"] not in barred)
        and judge.get("level", 0) >= rule.get("endorser_level_min", 0)
    ]
    number = len(set(counting)) if rule.get("distinct_endorsers", True) else len(counting)
    return number >= rule.get("min", 0)


def failed(programme: Json, badge: Badge) -> bool:
    return (
        "pass_mark" in programme
        and badge.mark is not None
        and badge.mark < tenths(programme["pass_mark"])
    )


def fits(programme: Json, bucket: str, badge: Badge) -> bool:
    """Whether the bucket takes the badge, without any concession."""
    rule = programme["buckets"][bucket]
    if not takes(rule["where"], badge) or (badge.rpl and not rule.get("rpl", True)):
        return False
    if "min_mark" in rule and (badge.mark is None or badge.mark < tenths(rule["min_mark"])):
        return False
    return not failed(programme, badge) or _condonable(programme, bucket, badge)


def _condonable(programme: Json, bucket: str, badge: Badge) -> bool:
    rule = programme.get("condonement")
    return (
        rule is not None
        and badge.mark is not None
        and badge.mark >= tenths(rule["mark_floor"])
        and bucket not in rule.get("not_in", ())
        and programme["buckets"][bucket].get("compensatable", True)
    )


def holds_for(rule: Mapping[str, Any], award: Json) -> bool:
    """Whether a rule across the counted badges holds for this award."""
    return "awards" not in rule or award["id"] in rule["awards"]


def labels(dimension: str, badge: Badge, holder: str) -> frozenset[str]:
    """What the badge carries in a dimension of `distinct`."""
    found = {
        "contexts": badge.contexts,
        "circles": {badge.circle},
        "validators": {judge["id"] for judge in badge.judges} - {holder},
        "co_participants": badge.others - {holder},
        "issuers": {badge.issuer},
        "kinds": {badge.kind},
    }
    return frozenset(found[dimension]) - {""}
