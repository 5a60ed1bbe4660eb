"""What happened in the story, as its players saw it; the claims are checked against it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A badge that was signed for a contribution, named as in the plot, and by how many judges."""

    contribution: str
    holder: str
    credential_id: str
    url: str
    judges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A share link that was opened: whose, for whom, and the path of its page."""

    holder: str
    reader: str
    path: str
    urls: tuple[str, ...]


@dataclass(slots=True)
class Chronicle:
    """Counts, and what must be found again. People are named by handle, badges by their URL.

    `decisions` is every decision in the story's order: the same seed gives the same list.
    """

    members: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    decisions: list[str] = field(default_factory=list)
    activities: dict[str, str] = field(default_factory=dict)
    badges: dict[str, Signed] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    suspended: list[str] = field(default_factory=list)
    shares: list[Opened] = field(default_factory=list)

    def decided(self, about: str, outcome: str, tally: str = "") -> None:
        """Note a decision, and count its outcome."""
        self.decisions.append(f"{about}: {outcome} {tally}".rstrip())
        self.counts[outcome] += 1
