"""What can be seen without placing anything: when even split badges would not do, it is a no.

First each row that asks, alone and beside one limit. Then the flow bound: credit flows from the
records, through the limits on all counted credit, into the buckets and through their limits, from
there to what each bucket needs, and on to what the award needs beyond its buckets. Rows with
choices, counts and shares are left out, which keeps the bound true.
"""

from collections.abc import Iterable

from degree.rules.cuts import Cut, cut
from degree.rules.flow import UNBOUNDED, Flow
from degree.rules.rows import Counts, Problem, Row

_SOURCE = 0
_SINK = 1
_REST = 2  # what the award needs beyond its buckets


def plain_cuts(problem: Problem) -> tuple[Cut, ...]:
    """Every row that asks for more than there is; beside a limit where it takes one."""
    found = []
    ceilings = [problem.rows[number] for number in problem.ceilings]
    limits = [row for row in ceilings if row.counts is Counts.CREDITS and row.terms]
    for row in [problem.rows[number] for number in problem.floors]:
        alone = cut(problem, ((row, 1),)) if _most(row) < row.bound else None
        if alone is None and row.counts is Counts.CREDITS:
            alone = _beside_a_limit(problem, row, limits)
        if alone is not None:
            found.append(alone)
    return tuple(found)


def _most(row: Row) -> int:
    """No less than the records can give to a floor, each by one option: exact but for sharing."""
    return sum([sum(term.amounts.values()) * term.times for term in row.terms])


def _beside_a_limit(problem: Problem, row: Row, limits: Iterable[Row]) -> Cut | None:
    (term,) = row.terms
    most = _most(row)
    best: Cut | None = None
    for limit in limits:
        (held,) = limit.terms
        if held.bucket not in (None, term.bucket):
            continue
        inside = sum([held.amounts[n] for n in term.amounts if n in held.amounts])
        if inside > limit.bound and most - inside + limit.bound < row.bound:
            found = cut(problem, ((row, 1), (limit, 1)))
            if found is not None and (best is None or found.short > best.short):
                best = found
    return best


class FlowBound:
    """The network for one problem, filled to its maximum in two steps: first what the buckets
    need, then what the award needs beyond them."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._flow = Flow()
        for _ in (_SOURCE, _SINK, _REST):
            self._flow.node()
        credits_ = [row for row in problem.rows if row.counts is Counts.CREDITS and row.plain]
        self._floors = {
            row.terms[0].bucket: row
            for row in credits_
            if row.asks and row.terms and row.name in self._names
        }
        self._limits: dict[int, Row] = {}  # edge: the limit that it stands for
        parts = range(len(problem.award.parts))
        self._inlets = [self._flow.node() for _ in parts]
        self._needs = [self._needed(part) for part in parts]
        self._outlets = [self._outlet(part) for part in parts]
        self._homes = self._connect(
            [row for row in credits_ if not row.asks and row.terms and not row.shared]
        )
        self._flow.fill(_SOURCE, _SINK)
        total = self._floors.get(None)
        self._rest = max(0, total.bound - sum(self._needs)) if total else 0
        self._rest_edge = self._flow.edge(_REST, _SINK, self._rest)
        self._flow.fill(_SOURCE, _SINK)

    @property
    def _names(self) -> frozenset[str]:
        award = self._problem.award
        return frozenset((f"{award.path}.credits", *(part.path for part in award.parts)))

    @property
    def short(self) -> bool:
        """Whether something stays unfilled."""
        unfilled = any(
            self._flow.carried(edge) < need
            for edge, need in zip(self._outlets, self._needs, strict=True)
        )
        return unfilled or self._flow.carried(self._rest_edge) < self._rest

    def sent(self) -> dict[int, dict[int, int]]:
        """For each record the tenths of credit that flow from it into each bucket."""
        return {
            record: {
                bucket: carried
                for bucket, edge in homes.items()
                if (carried := self._flow.carried(edge))
            }
            for record, homes in self._homes.items()
        }

    def cuts(self) -> tuple[Cut, ...]:
        """The minimum cuts, one for each set of needs that share no record and no limit."""
        side = self._flow.reaching(_SINK)
        found = []
        for island in self._flow.islands(side, without=_SINK):
            proposed = cut(self._problem, self._rows_of(island))
            if proposed is not None:
                found.append(proposed)
        return tuple(found)

    def _rows_of(self, island: frozenset[int]) -> list[tuple[Row, int]]:
        limits = [
            (row, 1)
            for edge, row in self._limits.items()
            if self._flow.enters(edge, island) and row.counts is Counts.CREDITS
        ]
        if _REST in island:
            return [(self._floors[None], 1), *limits] if None in self._floors else limits
        asked = [
            (self._floors[part], 1)
            for part, edge in enumerate(self._outlets)
            if self._needs[part] and self._flow.starts_in(edge, island)
        ]
        return [*asked, *limits]

    def _needed(self, part: int) -> int:
        row = self._floors.get(part)
        return row.bound if row else 0

    def _outlet(self, part: int) -> int:
        """The bucket's way out: to its own need, and on to the award's."""
        outlet = self._flow.node()
        self._flow.edge(self._inlets[part], outlet, UNBOUNDED)
        self._flow.edge(outlet, _REST, UNBOUNDED)
        return self._flow.edge(outlet, _SINK, self._needs[part])

    def _connect(self, limits: list[Row]) -> dict[int, dict[int, int]]:
        """Each record runs through the first limit on it anywhere, and the first in each bucket."""
        everywhere = [row for row in limits if row.terms[0].bucket is None]
        gates = {row.name: self._gate(row, _SOURCE) for row in everywhere}
        inlets = {
            row.name: self._gate(row, self._inlets[bucket], inward=True)
            for row in limits
            if (bucket := row.terms[0].bucket) is not None
        }
        homes: dict[int, dict[int, int]] = {}
        problem = self._problem
        for record in sorted(problem.able, key=lambda n: -problem.records[n].level):
            node = self._flow.node()
            start = next(
                (gates[row.name] for row in everywhere if record in row.terms[0].amounts), _SOURCE
            )
            self._flow.edge(start, node, problem.credits[record])
            homes[record] = {}
            for option in problem.options[record]:
                if len(option) > 1:
                    continue
                bucket = option[0]
                end = next(
                    (
                        inlets[row.name]
                        for row in limits
                        if row.terms[0].bucket == bucket and record in row.terms[0].amounts
                    ),
                    self._inlets[bucket],
                )
                homes[record][bucket] = self._flow.edge(node, end, UNBOUNDED)
        return homes

    def _gate(self, row: Row, other: int, *, inward: bool = False) -> int:
        node = self._flow.node()
        start, end = (node, other) if inward else (other, node)
        self._limits[self._flow.edge(start, end, max(0, row.bound))] = row
        return node
