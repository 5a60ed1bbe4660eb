"""The flow bound: what could be filled if badges could be split. When even that fails, it is a no.

Credit flows from the records (through the caps that bind wherever a record counts) into the parts
of the award (through the caps of each part), from there to what each part needs, and then to what
the award needs beyond its parts. Records already placed are taken off needs and caps first. Level
floors, order and the rules across records are left out: leaving rules out keeps the bound true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import gcd
from typing import Final

from degree.rules.flow import UNBOUNDED, Flow
from degree.rules.problem import Problem
from degree.rules.requirements import OPEN, Ceiling, Floor, Of, Placed

_SOURCE: Final = 0
_SINK: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A minimum cut: these parts (and the award beyond its parts) need `needed`, the items that
    could count towards them, held back by the limits, come to `short` less."""

    parts: tuple[int, ...]
    award: bool
    needed: int
    short: int
    items: tuple[int, ...]
    limits: tuple[Ceiling, ...]


class Relaxation:
    """The network for one partly placed problem, filled to its maximum in two steps: first what
    the parts need, then what the whole award needs beyond them."""

    def __init__(
        self,
        problem: Problem,
        placed: Placed,
        *,
        level: int = 0,
        only: int | None = None,
        whole: bool = True,
    ) -> None:
        """With `level` only the award's floor at that level is asked, by records at it or above;
        with `only` just what that part needs.

        With `whole` each need is raised to the least that whole badges can make of it. Without,
        what is short is a true lower bound of the credit still to earn, whatever its pieces.
        """
        self.problem = problem
        self._placed = placed
        self._whole = whole
        self._flow = Flow()
        self._flow.node()
        self._flow.node()
        self._free = self._flow.node()
        self.items = [
            item
            for item in self._by_use()
            if placed[item] == OPEN and problem.records[item].level >= level
        ]
        parts = range(len(problem.award.parts))
        self.needs = [
            self._part_need(part) if not level and only in (None, part) else 0 for part in parts
        ]
        self.free = max(0, self._award_need(level) - sum(self.needs))
        self._limits: dict[int, Ceiling] = {}  # edge: the cap that it stands for
        self._inlets: list[int] = [self._flow.node() for _ in parts]
        self._free_edge: int | None = None
        self._nodes: dict[int, int] = {}
        self._need_edges = [self._outlet(part) for part in parts]
        self._homes = self._connect_records()
        self.short_of_parts = sum(self.needs) - self._flow.fill(_SOURCE, _SINK)

    def _by_use(self) -> list[int]:
        """Higher levels first, then oldest: edges tried first carry first."""
        return sorted(
            range(len(self.problem.records)), key=lambda item: -self.problem.records[item].level
        )

    def fill_award(self) -> int:
        """Let credit flow to the award beyond its parts too; what is still short."""
        self._free_edge = self._flow.edge(self._free, _SINK, self.free)
        self._flow.fill(_SOURCE, _SINK)
        short = self.free - self._flow.carried(self._free_edge)
        return short + sum(
            need - self._flow.carried(edge)
            for need, edge in zip(self.needs, self._need_edges, strict=True)
        )

    def sent(self) -> dict[int, dict[int, int]]:
        """For each open item the tenths of credit that flow from it into each part."""
        return {
            item: {
                part: carried
                for part, edge in homes.items()
                if (carried := self._flow.carried(edge))
            }
            for item, homes in self._homes.items()
        }

    def cuts(self) -> list["Cut"]:
        """Where it is short: one cut for each set of needs that share no record and no cap."""
        side = self._flow.reaching(_SINK)
        cuts = [self._cut(island) for island in self._flow.islands(side, without=_SINK)]
        return [cut for cut in cuts if cut.short]

    def _cut(self, island: frozenset[int]) -> "Cut":
        parts = [
            part
            for part, edge in enumerate(self._need_edges)
            if self._flow.starts_in(edge, island) and self.needs[part]
        ]
        edges = [(self.needs[part], self._need_edges[part]) for part in parts]
        award = self._free in island and self._free_edge is not None
        if award and self._free_edge is not None:
            edges.append((self.free, self._free_edge))
        needed = sum(need for need, _ in edges)
        return Cut(
            parts=tuple(parts),
            award=award,
            needed=needed,
            short=needed - sum(self._flow.carried(edge) for _, edge in edges),
            items=tuple(item for item, node in self._nodes.items() if node in island),
            limits=tuple(
                cap
                for edge, cap in self._limits.items()
                if self._flow.enters(edge, island) and sum(cap.amounts) > cap.amount
            ),
        )

    def _part_need(self, part: int) -> int:
        floor = _floor_of(self.problem.floors, part)
        return self._need(floor) if floor else 0

    def _award_need(self, level: int) -> int:
        floor = _floor_of(self.problem.floors, None, level=level)
        return self._need(floor) if floor else 0

    def _need(self, floor: Floor) -> int:
        """What open badges must add to this floor."""
        need = floor.amount - sum(
            amount
            for amount, place in zip(floor.amounts, self._placed, strict=True)
            if (place >= 0 if floor.part is None else place == floor.part)
        )
        if not self._whole:
            return max(0, need)
        amounts = [floor.amounts[item] for item in self.items if floor.amounts[item]]
        return least_sum(amounts, need)

    def _outlet(self, part: int) -> int:
        """The part's way out: to its own need, and on to the award's."""
        outlet = self._flow.node()
        edge = self._flow.edge(self._inlets[part], outlet, self._most_by_count(part))
        for cap in self._caps(Of.BADGES, part):
            self._limits[edge] = cap
        self._flow.edge(outlet, self._free, UNBOUNDED)
        return self._flow.edge(outlet, _SINK, self.needs[part])

    def _most_by_count(self, part: int) -> int:
        for cap in self._caps(Of.BADGES, part):
            left = max(0, self._left(cap))
            amounts = sorted(
                (
                    self.problem.credits[item]
                    for item in self.items
                    if part in self.problem.homes[item]
                ),
                reverse=True,
            )
            return sum(amounts[:left])
        return UNBOUNDED

    def _connect_records(self) -> dict[int, dict[int, int]]:
        rpl = next((self._gate(cap, _SOURCE) for cap in self._caps(Of.RPL, None)), _SOURCE)
        low = self._cascade(self._caps(Of.LEVEL, None), top=_SOURCE, inward=False)
        excluded = self._exclusive_gates()
        into = [
            self._cascade(self._caps(Of.LEVEL, part), top=self._inlets[part], inward=True)
            for part in range(len(self.problem.award.parts))
        ]
        homes: dict[int, dict[int, int]] = {}
        for item in self.items:
            record, node = self.problem.records[item], self._flow.node()
            self._nodes[item] = node
            start = rpl if record.rpl else _entry(low, record.level, _SOURCE)
            start = excluded.get(item, start)
            self._flow.edge(start, node, record.credits_tenths)
            homes[item] = {
                part: self._flow.edge(
                    node, _entry(into[part], record.level, self._inlets[part]), UNBOUNDED
                )
                for part in self.problem.homes[item]
            }
        return homes

    def _exclusive_gates(self) -> dict[int, int]:
        """A gate for each set of badges of which one may count, as wide as the largest of them.

        Its badges do not pass the gates of prior learning and level too, which keeps the bound.
        """
        gates: dict[int, int] = {}
        for cap in self._caps(Of.EXCLUDED, None):
            inside = [item for item in self.items if cap.amounts[item] and item not in gates]
            widest = max((self.problem.credits[item] for item in inside), default=0)
            node = self._flow.node()
            self._limits[self._flow.edge(_SOURCE, node, widest)] = cap
            gates.update(dict.fromkeys(inside, node))
        return gates

    def _gate(self, cap: Ceiling, start: int) -> int:
        node = self._flow.node()
        self._limits[self._flow.edge(start, node, max(0, self._left(cap)))] = cap
        return node

    def _cascade(self, caps: list[Ceiling], *, top: int, inward: bool) -> dict[int, int]:
        """A node for each level cap, the lower behind the higher, joined to `top`."""
        nodes = {cap.level: self._flow.node() for cap in caps}
        levels = sorted(nodes, reverse=True)
        chain = [top, *(nodes[level] for level in levels)]
        by_level = {cap.level: cap for cap in caps}
        for (upper, lower), level in zip(pairwise(chain), levels, strict=True):
            cap = by_level[level]
            start, end = (lower, upper) if inward else (upper, lower)
            self._limits[self._flow.edge(start, end, max(0, self._left(cap)))] = cap
        return nodes

    def _caps(self, of: Of, part: int | None) -> list[Ceiling]:
        return [cap for cap in self.problem.ceilings if cap.of is of and cap.part == part]

    def _left(self, cap: Ceiling) -> int:
        return cap.amount - cap.counted(self._placed)


def least_sum(amounts: Iterable[int], need: int) -> int:
    """The least sum of some of `amounts` that reaches `need`; `need` itself when none does."""
    wholes = list(amounts)
    if need <= 0:
        return 0
    if sum(wholes) < need:
        return need
    unit = gcd(*wholes)
    sums = 1  # bit s is set when some of the amounts make s units
    for amount in wholes:
        sums |= sums << (amount // unit)
    least = -(-need // unit)
    reached = sums >> least
    return (least + (reached & -reached).bit_length() - 1) * unit


def _floor_of(floors: Iterable[Floor], part: int | None, *, level: int = 0) -> Floor | None:
    return next((floor for floor in floors if (floor.part, floor.level) == (part, level)), None)


def _entry(nodes: dict[int, int], level: int, otherwise: int) -> int:
    """The node of the lowest cap that binds a record of this level."""
    return nodes[min(bound)] if (bound := [cap for cap in nodes if level <= cap]) else otherwise
