"""A desk on which badges are laid out one by one while a placing is mended by hand, as it were.

It only ever moves badges that were open at the start, never breaks a ceiling or an order, and
proves nothing.
"""

from dataclasses import dataclass

from degree.rules.across import Share
from degree.rules.problem import Problem
from degree.rules.requirements import OPEN, OUT, Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    """The desk as it stood, to go back to once."""

    placed: list[int]
    left: list[int]
    filled: dict[int, int]
    movable: list[bool]


class Desk:
    """A placing in the making; ceilings and the credit of each part are kept up to date."""

    def __init__(self, problem: Problem, placed: Placed) -> None:
        self._problem = problem
        self._placed = list(placed)
        self._movable = [place == OPEN for place in placed]
        self._left = [cap.amount - cap.counted(placed) for cap in problem.ceilings]
        self._needs = {
            floor.part: floor.amount for floor in problem.floors if floor.part is not None
        }
        self._filled = {
            part: sum(
                amount
                for amount, place in zip(problem.credits, placed, strict=True)
                if place == part
            )
            for part in range(len(problem.award.parts))
        }

    def closed(self) -> tuple[int, ...]:
        """The placing as it stands; what is not laid out does not count."""
        return tuple(OUT if place == OPEN else place for place in self._placed)

    def follow(self, sent: dict[int, dict[int, int]]) -> None:
        """Place each item where most of its credit flows, the unsplit ones first."""
        for item in sorted(sent, key=lambda item: len(sent[item])):
            for home in sorted(sent[item], key=lambda home: -sent[item][home]):
                if self._place(item, home):
                    break

    def count_the_rest(self) -> None:
        """Lay out everything that still fits, in the last of its homes, often the widest."""
        for item in self._open():
            for home in reversed(self._problem.homes[item]):
                if self._place(item, home):
                    break

    def mend_parts(self) -> bool:
        """Fill each part that is short, by open badges or from parts that have more than enough;
        whether no part is short any more."""
        mended = [self._mend(part) for part in self._needs]
        return all(mended)

    def relieve_judges(self) -> None:
        """Take away badges of a judge whose share is too large, as long as no part falls short."""
        for share in self._problem.across:
            if isinstance(share, Share):
                while not share.possible(self.closed()) and self._relieve(share):
                    pass

    def _relieve(self, share: Share) -> bool:
        judge, _ = share.heaviest(self.closed())
        items = [item for item in share.judged[judge] if self._movable[item]]
        for item in sorted(items, key=lambda item: -self._problem.credits[item]):
            before = self._snapshot()
            if self._placed[item] >= 0:
                self._take_away(item)
                self._placed[item] = OUT
                self._movable[item] = False
                if self.mend_parts() and self._enough():
                    return True
                self._restore(before)
        return False

    def _enough(self) -> bool:
        placed = self.closed()
        return all(floor.possible(placed) for floor in self._problem.floors)

    def _snapshot(self) -> "_Snapshot":
        return _Snapshot(
            placed=list(self._placed),
            left=list(self._left),
            filled=dict(self._filled),
            movable=list(self._movable),
        )

    def _restore(self, before: "_Snapshot") -> None:
        self._placed, self._left = before.placed, before.left
        self._filled, self._movable = before.filled, before.movable

    def _mend(self, part: int) -> bool:
        while (gap := self._needs[part] - self._filled[part]) > 0:
            if not any(self._bring(item, part) for item in self._by_fit(part, gap)):
                return False
        return True

    def _by_fit(self, part: int, gap: int) -> list[int]:
        """Badges that could come here: the smallest that closes the gap, else the largest; open
        ones before those that another part can spare."""
        credits_ = self._problem.credits
        able = [
            item
            for item, home in enumerate(self._placed)
            if self._movable[item]
            and credits_[item]
            and home != part
            and part in self._problem.homes[item]
            and (home == OPEN or self._filled[home] - credits_[item] >= self._needs.get(home, 0))
        ]

        def fit(item: int) -> tuple[bool, int, bool]:
            closes = credits_[item] >= gap
            return (
                not closes,
                credits_[item] if closes else -credits_[item],
                (self._placed[item] != OPEN),
            )

        return sorted(able, key=fit)

    def _open(self) -> list[int]:
        return [item for item, place in enumerate(self._placed) if place == OPEN]

    def _bring(self, item: int, part: int) -> bool:
        home = self._placed[item]
        if home == OPEN:
            return self._place(item, part)
        self._take_away(item)
        if self._place(item, part):
            return True
        self._place(item, home)
        return False

    def _place(self, item: int, home: int) -> bool:
        burdens = self._problem.burdens[item][home]
        if any(self._left[cap] < amount for cap, amount in burdens):
            return False
        self._placed[item] = home
        if not all(order.possible(self._placed) for order in self._problem.orders):
            self._placed[item] = OPEN
            return False
        for cap, amount in burdens:
            self._left[cap] -= amount
        self._filled[home] += self._problem.credits[item]
        return True

    def _take_away(self, item: int) -> None:
        home = self._placed[item]
        for cap, amount in self._problem.burdens[item][home]:
            self._left[cap] += amount
        self._filled[home] -= self._problem.credits[item]
        self._placed[item] = OPEN
