"""Audit of decisions: how large a secret sample must be, and what its result proves."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb

from issuer.peers.policy import AuditRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """At most `bad_share` of the badges are bad, with `confidence`; both between 0 and 1."""

    bad_share: float
    confidence: float

    @property
    def sentence(self) -> str:
        """The bound as the report prints it."""
        return f"at most {self.bad_share:.1%} bad ({self.confidence:.0%} confidence)"


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
    return Bound(bad_share=high, confidence=float(rule.confidence))


def _at_most(successes: int, trials: int, share: float) -> float:
    """The probability of at most so many successes in independent trials."""
    return sum(
        comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(successes + 1)
    )
