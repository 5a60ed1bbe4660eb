"""Audit of decisions: which badges form the secret sample, and what its result proves."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil, comb

from issuer.peers.policy import AuditRule

_YEAR = 12  # months


class AuditOutcome(StrEnum):
    """What a moderator finds of an audited badge."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The calendar months whose badges are audited together; `ends` is the first day after."""

    begins: date
    ends: date

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.ends - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """At most `bad_share` of the badges are bad, with `confidence`; both between 0 and 1."""

    overturned: int
    audited: int
    bad_share: float
    confidence: float

    @property
    def sentence(self) -> str:
        """The bound as the report prints it."""
        return (
            f"{self.overturned} of {self.audited} overturned: at most {self.bad_share * 100:.1f} % "
            f"bad, with {self.confidence * 100:.0f} % confidence"
        )


def period_of(day: date, *, rule: AuditRule) -> Period:
    """The period in which a day lies; the first one of each year begins with it."""
    before = (day.month - 1) // rule.months * rule.months
    after = before + rule.months
    return Period(
        begins=date(day.year, before + 1, 1),
        ends=date(day.year + after // _YEAR, after % _YEAR + 1, 1),
    )


def sample_size(badges: int, *, rule: AuditRule) -> int:
    """The smallest sample that touches a bad badge with the rule's confidence.

    Hypergeometric and exact: with `rule.bad_share` of `badges` bad (rounded up), a sample of n
    misses them all with probability C(badges - bad, n) / C(badges, n).
    """
    bad = ceil(rule.bad_share * badges)
    good = badges - bad
    return next(
        (
            size
            for size in range(badges)
            if Fraction(comb(good, size), comb(badges, size)) <= 1 - rule.confidence
        ),
        badges,
    )


def sample(badges: Iterable[str], *, size: int, seed: bytes) -> list[str]:
    """So many of the badges' ids; nobody who does not know the seed can tell which."""
    return sorted(badges, key=lambda badge: hashlib.sha256(seed + badge.encode()).digest())[:size]


def calls_for_everything(*, overturned: int, sampled: int, rule: AuditRule) -> bool:
    """Whether so many overturned in a sample put all that the same judges decided in doubt."""
    return overturned >= rule.everything_from or overturned > rule.everything_above * sampled


def upper_bound(*, overturned: int, audited: int, rule: AuditRule) -> Bound:
    """The largest share of bad badges that the audit leaves plausible (Clopper-Pearson).

    It is the share at which seeing so few overturned has probability 1 - confidence.
    """
    doubt = float(1 - rule.confidence)
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if _at_most(overturned, audited, middle) > doubt:
            low = middle
        else:
            high = middle
    return Bound(
        overturned=overturned,
        audited=audited,
        bad_share=high,
        confidence=float(rule.confidence),
    )


def _at_most(successes: int, trials: int, share: float) -> float:
    """The probability of at most so many successes in independent trials."""
    return sum(
        comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(successes + 1)
    )
