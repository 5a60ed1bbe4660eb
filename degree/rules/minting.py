"""Turns a way to an award into badges that could be, so that it can be decided upon.

There are many badges of which a way could consist; a few sensible ones are tried: as few as will
do, then smaller ones. They bring the labels that the way counts on, and judges of their own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from degree.rules.drafting import COMMON_LEVEL
from degree.rules.ideals import Ideal
from degree.rules.least import Portion, Way
from degree.rules.programme import Award, Dimension, Gate, Programme
from degree.rules.records import Judge, Record

SIZES: Final = (600, 300, 200, 150, 100, 50)  # the most credit of one badge, in tenths
PLANNED: Final = "urn:learnometer:planned"

Badge = tuple[Ideal, Record]
_Carrying = Callable[[Record, str], Record]
# Of these a badge carries one label, which is put in here.
_SINGLE: Final[Mapping[Dimension, _Carrying]] = {
    Dimension.CIRCLES: lambda record, label: replace(record, circle=label),
    Dimension.KINDS: lambda record, label: replace(record, kind=label),
}


def minted(
    way: Way,
    *,
    programme: Programme,
    award: Award,
    step: int,
    best_mark: bool,
    today: date,
    prefix: str = PLANNED,
) -> Iterator[list[Badge]]:
    """Badges for a way, in several sensible forms, each with its kind; the simplest first.

    Their ids and new labels begin with `prefix`, as nothing in the wallet does.
    """
    labels = _Labels(way, programme.gate, prefix)
    seen: list[list[Badge]] = []
    for apart in (False, True):
        for largest in _largest(programme, award):
            plain = (
                (portion.kind.ideal, tenths)
                for portion in way.portions
                for tenths in _parts(portion, largest, step)
            )
            badges = [
                (
                    ideal,
                    replace(
                        ideal.record(day=today, best_mark=best_mark),
                        id=f"{prefix}:{number}",
                        title="Planned badge",
                        credits_tenths=tenths,
                    ),
                )
                for number, (ideal, tenths) in enumerate(plain, 1)
            ]
            badges = labels.given(badges, apart=apart)
            if badges not in seen:
                seen.append(badges)
                yield badges


def _largest(programme: Programme, award: Award) -> Iterator[int]:
    """How much credit one badge may have: any, or no more than a label may stand behind."""
    yield max(1, award.credits)
    for rule in programme.distinct:
        if award.id in rule.awards and rule.max_share is not None:
            yield max(1, int(award.credits * rule.max_share))
        if award.id in rule.awards and rule.max_credits is not None:
            yield max(1, rule.max_credits)
    yield from SIZES


def _parts(portion: Portion, largest: int, step: int) -> list[int]:
    """The credit of each badge, in whole steps and as evenly as they go."""
    steps, most = portion.tenths // step, max(1, largest // step)
    count = max(portion.badges, -(-steps // most))
    each, more = divmod(steps, count)
    return [(each + (number < more)) * step for number in range(count)]


class _Labels:
    """The labels that a way counts on."""

    def __init__(self, way: Way, gate: Gate, prefix: str) -> None:
        self._fresh, self._held, self._gate, self._prefix = way.fresh, way.labels, gate, prefix

    def given(self, badges: list[Badge], *, apart: bool) -> list[Badge]:
        """The badges with these labels. `apart` gives a new context to one badge alone, each badge
        another issuer, and none a judge of other badges."""
        contexts = self._new(Dimension.CONTEXTS)
        known = self._held.get(Dimension.VALIDATORS, ())
        missing = self._fresh.get(Dimension.VALIDATORS, 0) + len(known if apart else ())
        judges = max(self._gate.min_endorsers, -(-missing // max(1, len(badges))))
        found = []
        for number, (ideal, record) in enumerate(badges):
            own = [f"{record.id}:judge:{each + 1}" for each in range(judges)]
            full = self._with_people(record, [*own, *(() if apart else known)])
            new = contexts[number : number + 1] if apart else contexts
            full = replace(full, contexts=full.contexts.union(new))
            for label in self._held.get(Dimension.CONTEXTS, ()):
                full = _if_allowed(ideal, full, replace(full, contexts=full.contexts | {label}))
            issuers = sorted(ideal.badges.issuers)
            other = replace(full, issuer=issuers[number % len(issuers)])
            found.append((ideal, _if_allowed(ideal, full, other) if apart else full))
        for dimension, carrying in _SINGLE.items():
            had = {label for _, record in found for label in (record.circle, record.kind)}
            labels = [*self._held.get(dimension, ()), *self._new(dimension)]
            _hand_out(found, [label for label in labels if label not in had], carrying)
        return found

    def _with_people(self, record: Record, judges: Iterable[str]) -> Record:
        level = max(self._gate.endorser_level, COMMON_LEVEL)
        dimension = Dimension.CO_PARTICIPANTS
        return replace(
            record,
            judges=tuple(Judge(name, level=level) for name in judges),
            co_participants=frozenset({*self._new(dimension), *self._held.get(dimension, ())}),
        )

    def _new(self, dimension: Dimension) -> list[str]:
        count = self._fresh.get(dimension, 0)
        return [f"{self._prefix}:{dimension}:{number + 1}" for number in range(count)]


def _hand_out(badges: list[Badge], labels: list[str], carrying: _Carrying) -> None:
    """Gives each label to a badge that can carry it, the largest badges first; each carries one."""
    for number in sorted(range(len(badges)), key=lambda n: -badges[n][1].credits_tenths):
        ideal, record = badges[number]
        if labels and ideal.allows(changed := carrying(record, labels[0])):
            badges[number] = (ideal, changed)
            labels.pop(0)


def _if_allowed(ideal: Ideal, record: Record, changed: Record) -> Record:
    return changed if ideal.allows(changed) else record
