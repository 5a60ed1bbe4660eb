"""The evidence of a contribution: for its author, for who sits on its panel, for a moderator."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from issuer.box import panel_poll
from issuer.reading.store import Reader, ReadingStore
from issuer.states import ContributionState
from issuer.tables.community import AchievementRow
from issuer.tables.judging import ActivityRow, ContributionRow, EvidenceRow
from vc.errors import Forbidden, Missing

# Text longer than this is offered as a file: a page must stay readable. In characters.
_LONGEST_SHOWN: Final = 40_000
_ASKS_THE_DESK: Final = (ContributionState.MODERATOR, ContributionState.APPEALED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One piece of evidence; `text` is None where it is no text, or too long to be shown."""

    digest: str
    genre: str
    name: str
    media_type: str
    size: int
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A contribution without its author's name: what a judge or a moderator needs to see."""

    contribution: str
    badge: str
    criteria: str
    activity: str
    description: str
    revision: int
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The bytes of a piece of evidence, under the name that its author gave it."""

    name: str
    content: bytes


class Cases:
    """Reads what is to be judged."""

    def __init__(self, store: ReadingStore) -> None:
        self._store = store

    def case(self, contribution_id: str) -> CaseView:
        """A contribution as a judge sees it; the caller has asked whether one may. Raises
        Missing."""
        with self._store.reader() as reader:
            row = reader.get(ContributionRow, contribution_id)
            badge = reader.get(AchievementRow, row.achievement_id)
            activity = reader.get(ActivityRow, row.activity_id)
            return CaseView(
                contribution=row.id,
                badge=badge.name,
                criteria=badge.criteria,
                activity=activity.title,
                description=activity.description,
                revision=row.revision,
                evidence=tuple(_view(piece) for piece in _pieces(reader, row)),
            )

    def file(self, contribution_id: str, digest: str, *, person_id: str, moderates: str) -> File:
        """The bytes of a piece of the present revision.

        `moderates` is the person's id where they may moderate, else empty. Raises Missing, and
        Forbidden for anyone but the author, a judge who sits, and a moderator who was asked.
        """
        with self._store.reader() as reader:
            row = reader.get(ContributionRow, contribution_id)
            asked = bool(moderates) and (
                row.state in _ASKS_THE_DESK or reader.is_under_audit(row.id)
            )
            if person_id != row.author_id and not asked and not _sits(reader, row, person_id):
                raise Forbidden("evidence", "This evidence is for its judges.")
            for piece in _pieces(reader, row):
                if piece.digest == digest:
                    return File(name=piece.name, content=piece.content)
        raise Missing("evidence", "There is no such evidence.")


def _pieces(reader: Reader, row: ContributionRow) -> Iterable[EvidenceRow]:
    """Artefacts first, then the reflection on them."""
    return sorted(reader.evidence(row.id, row.revision), key=lambda piece: piece.genre)


def _sits(reader: Reader, row: ContributionRow, person_id: str) -> bool:
    seats = reader.seats(panel_poll(row.id, row.revision))
    sits = any(seat.judge_id == person_id and seat.left_at is None for seat in seats)
    return sits and row.state == ContributionState.JUDGED


def _view(piece: EvidenceRow) -> EvidenceView:
    return EvidenceView(
        digest=piece.digest,
        genre=piece.genre,
        name=piece.name,
        media_type=piece.media_type,
        size=len(piece.content),
        text=_text(piece),
    )


def _text(piece: EvidenceRow) -> str | None:
    if not piece.media_type.startswith("text/"):
        return None
    try:
        text = piece.content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if len(text) <= _LONGEST_SHOWN else None
