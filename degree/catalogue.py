"""The programme files as this installation applies them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from degree.rules.grammar import read_programme
from degree.rules.programme import Programme
from degree.rules.versions import expect_order
from vc.errors import Malformed, Missing

FOLDER: Final = Path(__file__).parent / "programmes"
# The files in the repository name the community of a default installation.
WRITTEN_FOR: Final = b"did:web:localhost%3A8000:issuer:learnometer"


@dataclass(frozen=True, slots=True)
class Applied:
    """A programme, and the very text that it was read from."""

    programme: Programme
    source: str


class Catalogue:
    """The programmes on offer, by id, with all their versions.

    Raises vc.errors.Conflict when two versions of one are in force from the same day.
    """

    def __init__(self, applied: Iterable[Applied]) -> None:
        self._versions: dict[str, list[Applied]] = {}
        for entry in sorted(applied, key=lambda entry: entry.programme.in_force_from):
            self._versions.setdefault(entry.programme.id, []).append(entry)
        for versions in self._versions.values():
            expect_order(entry.programme for entry in versions)

    def all(self) -> tuple[Programme, ...]:
        """The newest version of every programme, by title."""
        programmes = (versions[-1].programme for versions in self._versions.values())
        return tuple(sorted(programmes, key=lambda programme: programme.title))

    def applied(self, programme_id: str) -> Applied:
        """The newest version of a programme and its text. Raises Missing."""
        return self.versions(programme_id)[-1]

    def versions(self, programme_id: str) -> tuple[Applied, ...]:
        """All versions of a programme, the oldest first. Raises Missing."""
        if programme_id not in self._versions:
            raise Missing("programme", "There is no such programme.", place="programme")
        return tuple(self._versions[programme_id])


def read_catalogue(folder: Path, *, community: str) -> Catalogue:
    """The programmes in `folder`, trusting the issuer with the DID `community` for our own.

    The DID is put into the text before it is read, so that the published text, its digest and what
    is decided are one. Raises Malformed naming the file at fault, and Conflict as Catalogue does.
    """
    return Catalogue(_applied(path, community) for path in sorted(folder.glob("*.yaml")))


def _applied(path: Path, community: str) -> Applied:
    source = path.read_bytes().replace(WRITTEN_FOR, community.encode("ascii"))
    try:
        return Applied(read_programme(source), source.decode())
    except Malformed as error:
        raise Malformed(error.code, error.sentence, place=f"{path.name} {error.place}") from error
