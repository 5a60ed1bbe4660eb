"""What happened in the story, as its players saw it; the claims are checked against it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A badge that was signed, and for how many judges' endorsements.

    Contribution and activity are named as in the plot, the holder by handle.
    """

    contribution: str
    holder: str
    credential_id: str
    url: str
    judges: int
    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A share link that was opened: whose, for whom, and the path of its page."""

    holder: str
    reader: str
    path: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conferral:
    """An award that the university signed: whose, which, on which audit, and its credentials."""

    holder: str
    award: str
    audit: str
    urls: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Chronicle:
    """Counts, and what must be found again. Badges are named by their URL.

    `people` leads from a member's handle to the account, `activities` from the plot's name of an
    activity to its id, `levels` from that to the outcome of its ballot, `awards` from a handle to
    the award that the audit found, if any. `decisions` is every decision in the story's order:
    the same seed gives the same list.
    """

    people: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    decisions: list[str] = field(default_factory=list)
    activities: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    badges: dict[str, Signed] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    suspended: list[str] = field(default_factory=list)
    shares: list[Opened] = field(default_factory=list)
    awards: dict[str, str | None] = field(default_factory=dict)
    conferrals: list[Conferral] = field(default_factory=list)

    def decided(self, about: str, outcome: str, tally: str = "") -> None:
        """Note a decision, and count its outcome."""
        self.decisions.append(f"{about}: {outcome} {tally}".rstrip())
        self.counts[str(outcome)] += 1
