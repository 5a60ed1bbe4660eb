"""A contribution: what one member hands in for one activity."""

from dataclasses import dataclass
from datetime import datetime

from service.charter.menu import Achievement
from service.demo.community import Activity, Person, Role
from service.demo.writing import Evidence, Piece, Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one member hands in for one activity.

    `comes_back` says whether the author hands in a better version when a panel sends it back.
    """

    id: str
    piece: Piece
    achievement: Achievement
    quality: Quality
    evidence: Evidence
    handed_in: datetime
    comes_back: bool
    version: int = 1

    @property
    def author(self) -> Person:
        """Whose it is."""
        return self.piece.author

    @property
    def activity(self) -> Activity:
        """To which activity it belongs."""
        return self.piece.activity

    @property
    def role(self) -> Role:
        """What the author did in the activity."""
        return self.piece.role

    @property
    def earns(self) -> bool:
        """Whether it will become a badge, at once or after it was sent back."""
        return self.quality is not Quality.THIN or self.comes_back
