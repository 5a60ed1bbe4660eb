"""What a programme asks of all badges together, in words; awards tell what they ask of buckets."""

from collections.abc import Iterable, Iterator
from typing import Final

from degree.rules.exact import CreditUnit, amount_in
from degree.rules.programme import (
    Distinct,
    Finished,
    Gate,
    MeasuredAt,
    Order,
    Programme,
    ShelfLife,
)
from degree.rules.saying import listing, percent, spoken
from degree.rules.saying_dimensions import NOUNS, stands_behind

_DAYS: Final = {
    MeasuredAt.REGISTRATION: "the registration",
    MeasuredAt.DECISION: "the decision",
}


def overall(programme: Programme, unit: CreditUnit = CreditUnit.UK) -> tuple[str, ...]:
    """A sentence for each rule that looks at all badges; credits are told in `unit`."""
    return (
        *_gate(programme.gate),
        *(said for rule in programme.distinct for said in _distinct(programme, rule, unit)),
        *_years(programme),
        *_orders(programme),
        *_exclusions(programme),
    )


def _gate(gate: Gate) -> Iterator[str]:
    for what, life in (("Prior learning", gate.rpl_life), ("All else", gate.earned_life)):
        if life is not None:
            yield f"{what} ended no more than {_age(life)}."
    if gate.not_used_before:
        yield "No other award counts it already."


def _age(life: ShelfLife) -> str:
    return f"{life.years} years before {_DAYS[life.measured_at]}"


def _distinct(programme: Programme, rule: Distinct, unit: CreditUnit) -> Iterator[str]:
    one, many = NOUNS[rule.dimension]
    where, stands = _where(programme, rule.awards), stands_behind(rule.dimension)
    if rule.at_least:
        each = f", with {amount_in(unit, rule.credits_each)} each" if rule.credits_each else ""
        noun = one if rule.at_least == 1 else f"different {many}"
        yield f"Behind the badges that count: at least {rule.at_least} {noun}{each}{where}."
    if rule.max_share is not None:
        yield f"No {one} {stands} more than {percent(rule.max_share)} of the credit{where}."
    if rule.max_credits is not None:
        yield f"No {one} {stands} more than {amount_in(unit, rule.max_credits)}{where}."


def _years(programme: Programme) -> Iterator[str]:
    rule = programme.obligations
    if rule is not None:
        forgiven = f"; the board may forgive {rule.forgivable} missed" if rule.forgivable else ""
        yield (
            f"In each year of membership: at least {rule.joined} activities joined and "
            f"{rule.co_provided} provided with others{_where(programme, rule.awards)}{forgiven}."
        )
    for award in programme.awards:
        if award.max_registration_years is not None:
            years = award.max_registration_years
            yield f"For the {award.id}: all within {years} years of registration."


def _orders(programme: Programme) -> Iterator[str]:
    for rule in programme.prerequisites:
        before, after = spoken(rule.before), spoken(rule.after)
        where = _where(programme, rule.awards)
        yield f"Badges for {before} ended {_by(rule.order)} those for {after}{where}."
    for need in programme.needs:
        where = _where(programme, need.awards)
        yield f"{need.code} counts beside {need.needed}, which ended {_by(need.order)} it{where}."


def _exclusions(programme: Programme) -> Iterator[str]:
    for rule in programme.exclusions:
        codes, where = listing(sorted(rule.codes)), _where(programme, rule.awards)
        yield f"Of the badges {codes} one counts{where}."


def _by(order: Order) -> str:
    return "before" if order.finished is Finished.BEFORE_START else "no later than"


def _where(programme: Programme, awards: Iterable[str]) -> str:
    """For which awards, where it is not all."""
    named = frozenset(awards)
    kept = [award.id for award in programme.awards if award.id in named]
    return "" if len(kept) == len(programme.awards) else f" ({listing(kept)})"
