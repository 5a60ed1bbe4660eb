"""What fills a bucket, in words."""

from collections.abc import Iterable

from degree.rules.exact import CreditUnit, amount_in, credits_text
from degree.rules.filters import Where
from degree.rules.programme import Bucket
from degree.rules.records import Role
from degree.rules.saying import spoken


def asks(bucket: Bucket, unit: CreditUnit = CreditUnit.UK) -> str:
    """What a bucket asks of badges; credits are told in `unit`."""
    limits = []
    if not bucket.rpl:
        limits.append("prior learning does not count here")
    if bucket.min_mark is not None:
        limits.append(f"with a mark of {credits_text(bucket.min_mark)} or more")
    if bucket.min_badges:
        limits.append(f"at least {_number(bucket.min_badges)}")
    if bucket.max_badges is not None:
        limits.append(f"at most {_number(bucket.max_badges)}")
    if bucket.max_credits is not None:
        limits.append(f"at most {amount_in(unit, bucket.max_credits)}")
    limits += [
        f"at most {amount_in(unit, cap.amount)} at level {cap.level} or below"
        for cap in bucket.ceilings
    ]
    return "; ".join((_badges(bucket.where), *limits)) + "."


def _number(badges: int) -> str:
    return "1 badge" if badges == 1 else f"{badges} badges"


def _badges(where: Where) -> str:
    said = _filtered(where)
    return f"Badges {said}" if said else "Any badge"


def _filtered(where: Where) -> str:
    """A filter as what badges are."""
    parts = []
    if where.tags:
        parts.append("tagged " + _either(where.tags))
    if where.kinds:
        parts.append("of the kind " + _either(where.kinds))
    if where.codes:
        parts.append("with the code " + _either(where.codes))
    if where.roles == {Role.CO_PROVIDER}:
        parts.append("for activities that you provided with others")
    elif where.roles == {Role.PARTICIPANT}:
        parts.append("for activities that you joined")
    if where.issuers:
        parts.append("issued by " + _either(where.issuers))
    if where.circles:
        parts.append("from the circle " + _either(where.circles))
    if where.contexts:
        parts.append("in the context " + _either(where.contexts))
    if where.level:
        parts.append(f"at level {where.level} or above")
    if where.level_max is not None:
        parts.append(f"at level {where.level_max} or below")
    if where.mark is not None:
        parts.append(f"with a mark of {credits_text(where.mark)} or more")
    if where.rpl is not None:
        parts.append("of prior learning" if where.rpl else "earned here")
    parts += [_filtered(each) for each in where.all_of]
    if where.any_of:
        parts.append("either " + ", or ".join(_filtered(each) for each in where.any_of))
    if where.negated is not None:
        parts.append(f"but not those {_filtered(where.negated)}")
    return ", ".join(part for part in parts if part)


def _either(names: Iterable[str]) -> str:
    return " or ".join(spoken(name) for name in sorted(names))
