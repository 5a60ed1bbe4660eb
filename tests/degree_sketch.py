"""A random case in the making: a programme, a wallet and a plan, which is one of its placings.

Rules are set by what the plan gives, so that cases stand near the border between yes and no.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from degree_reading import Badge, Json, takes

HOLDER = "did:key:zHolder"
TODAY = date(2026, 11, 22)
OURS, PARTNER, STRANGER = "did:web:ours.example", "did:web:partner.example", "did:web:else.example"


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Versions of one programme and a wallet, as JSON. `planted` says that the answer is yes."""

    family: str
    seed: int
    programmes: tuple[Json, ...]
    wallet: Json
    today: date = TODAY
    planted: bool = False

    @property
    def programme(self) -> Json:
        return self.programmes[0]


@dataclass(kw_only=True)
class Sketch:
    """A case in the making. `strain` is how often a rule asks more than the plan gives.

    `rules` are the paths of rules with the amount that the plan would keep, for concessions;
    `strained` those of them that the plan breaks.
    """

    dice: random.Random
    strain: float
    marks: bool
    ects: bool
    sizes: Sequence[float]
    programme: Json = field(default_factory=dict)
    wallet: Json = field(default_factory=dict)
    plan: list[tuple[Badge, tuple[str, ...]]] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    strained: list[str] = field(default_factory=list)

    def chance(self, probability: float) -> bool:
        return self.dice.random() < probability

    def some(self, names: Sequence[Any], most: int) -> list[Any]:
        return self.dice.sample(list(names), self.dice.randint(1, min(most, len(names))))

    def counted(self) -> list[Badge]:
        return [badge for badge, _ in self.plan]

    def inside(self, bucket: str) -> list[Badge]:
        return [badge for badge, way in self.plan if bucket in way]

    def floor(self, path: str, given: int, step: int) -> int:
        """What a rule asks of something of which the plan gives so much."""
        self.rules[path] = given
        if self.chance(self.strain):
            self.strained.append(path)
            return given + max(step, given // 25)
        return given if self.chance(0.6) else int(given * self.dice.uniform(0.5, 1))

    def cap(self, path: str, given: int, step: int) -> int:
        """What a rule allows of something of which the plan has so much."""
        self.rules[path] = given
        if self.chance(self.strain) and given > step:
            self.strained.append(path)
            return given - step
        return max(step, given if self.chance(0.6) else int(given * self.dice.uniform(1, 1.5)))

    def credit_floor(self, path: str, badges: Collection[Badge]) -> int | float:
        given = credits_of(badges)
        asked = self.floor(path, given, self.dice.choice((5, 10, 20)))
        self.rules[path] = plain(given)
        return plain(asked // 2 if self.ects else asked)

    def credit_cap(self, path: str, badges: Collection[Badge]) -> int | float:
        given = credits_of(badges)
        allowed = self.cap(path, given, self.dice.choice((5, 10, 20)))
        self.rules[path] = plain(given)
        return plain(-(-allowed // 2) if self.ects else allowed)

    def share_floor(self, path: str, part: Collection[Badge], whole: Collection[Badge]) -> float:
        return self._share(path, part, whole, 1)

    def share_cap(self, path: str, part: Collection[Badge], whole: Collection[Badge]) -> float:
        return self._share(path, part, whole, -1)

    def _share(
        self, path: str, part: Collection[Badge], whole: Collection[Badge], sign: int
    ) -> float:
        given = Fraction(credits_of(part), max(1, credits_of(whole)))
        hundredths = int(given * 100) if sign > 0 else -int(-given * 100 // 1)
        kept = min(99, max(1, hundredths))
        self.rules[path] = kept / 100
        if self.chance(self.strain):
            self.strained.append(path)
            return min(99, max(1, kept + sign * self.dice.randint(1, 12))) / 100
        loose = 0 if self.chance(0.6) else self.dice.randint(1, 15)
        return min(99, max(1, kept - sign * loose)) / 100


def credits_of(badges: Collection[Badge]) -> int:
    return sum(badge.credits for badge in badges)


def plain(tenths: int) -> int | float:
    """Tenths as a number of the JSON forms."""
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def taken(filter_: Json, badges: Collection[Badge]) -> list[Badge]:
    return [badge for badge in badges if takes(filter_, badge)]
