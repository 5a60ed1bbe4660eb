"""The programme files as this installation applies them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from degree.rules.grammar import read_programme
from degree.rules.programme import Programme
from vc.errors import Malformed, Missing

FOLDER: Final = Path(__file__).parent / "programmes"
# The files in the repository name the community of a default installation.
WRITTEN_FOR: Final = b"did:web:localhost%3A8000:issuer:learnometer"


@dataclass(frozen=True, slots=True)
class Applied:
    """A programme, and the very text of which `programme.digest` is the digest."""

    programme: Programme
    source: str


class Catalogue:
    """The programmes on offer, by id."""

    def __init__(self, applied: Iterable[Applied]) -> None:
        self._applied = {entry.programme.id: entry for entry in applied}

    def all(self) -> tuple[Programme, ...]:
        """Every programme, by title."""
        programmes = (entry.programme for entry in self._applied.values())
        return tuple(sorted(programmes, key=lambda programme: programme.title))

    def applied(self, programme_id: str) -> Applied:
        """The programme and its text. Raises Missing."""
        if programme_id not in self._applied:
            raise Missing("programme", "There is no such programme.", place="programme")
        return self._applied[programme_id]


def read_catalogue(folder: Path, *, community: str) -> Catalogue:
    """The programmes in `folder`, trusting the issuer with the DID `community` for our own.

    The DID is put into the text before it is read and digested, so that the published text, its
    digest and what is decided are one. Raises Malformed naming the file at fault.
    """
    return Catalogue(_applied(path, community) for path in sorted(folder.glob("*.yaml")))


def _applied(path: Path, community: str) -> Applied:
    source = path.read_bytes().replace(WRITTEN_FOR, community.encode("ascii"))
    try:
        return Applied(read_programme(source), source.decode())
    except Malformed as error:
        raise Malformed(error.code, error.sentence, place=f"{path.name} {error.place}") from error
