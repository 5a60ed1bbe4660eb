"""Evidence as members hand it in: artefacts, and a reflection on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from issuer.tables.judging import EvidenceRow
from vc.encoding import digest_multibase
from vc.errors import Malformed

LARGEST_EVIDENCE: Final = 5_242_880  # bytes: a long report with pictures
MOST_EVIDENCE: Final = 12  # pieces in one handing in
SHORTEST_REFLECTION: Final = 120  # characters; less is a caption, not a reflection


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A piece of evidence to hand in; `genre` is artefact or reflection."""

    genre: str
    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """The digestMultibase of the bytes."""
        return digest_multibase(self.content)


def check_evidence(evidence: Sequence[Evidence]) -> None:
    """Raise Malformed unless there are an artefact and a reflection, each sound and once."""
    if not 2 <= len(evidence) <= MOST_EVIDENCE:
        raise Malformed("evidence", f"2 to {MOST_EVIDENCE} pieces of evidence are expected.")
    if {piece.genre for piece in evidence} != {"artefact", "reflection"}:
        raise Malformed("evidence", "An artefact and a reflection are expected, nothing else.")
    for number, piece in enumerate(evidence):
        place = f"evidence[{number}]"
        if not 0 < len(piece.content) <= LARGEST_EVIDENCE:
            sentence = f"The evidence is empty or larger than {LARGEST_EVIDENCE:,} bytes."
            raise Malformed("evidence", sentence, place=place)
        if piece.genre == "reflection" and len(piece.content) < SHORTEST_REFLECTION:
            sentence = f"A reflection has at least {SHORTEST_REFLECTION} characters."
            raise Malformed("evidence", sentence, place=place)
    if len({piece.digest for piece in evidence}) != len(evidence):
        raise Malformed("evidence", "One piece of evidence is handed in twice.")


def evidence_rows(
    contribution_id: str, revision: int, evidence: Sequence[Evidence]
) -> list[EvidenceRow]:
    """The evidence as it is kept for one revision of a contribution."""
    return [
        EvidenceRow(
            contribution_id=contribution_id,
            revision=revision,
            digest=piece.digest,
            genre=piece.genre,
            name=piece.name,
            media_type=piece.media_type,
            content=piece.content,
        )
        for piece in evidence
    ]
