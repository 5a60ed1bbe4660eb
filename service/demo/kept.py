"""What a home keeps of a demonstration that was played to its end, so that it is served again."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from keys.files import replace_private
from service.demo.addresses import Visit

_FILE: Final = "demonstration.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Which story it was, where it is served, and what the table recommended.

    Links and the password were made for this one time: without them nobody could look at it again.
    """

    members: int
    seed: int
    origin: str
    password: str = field(repr=False)
    visits: tuple[Visit, ...]


def keep(home: Path, kept: Kept) -> None:
    """Write it into `home`, for its owner only: from now on the demonstration counts as played."""
    replace_private(home / _FILE, json.dumps(asdict(kept), indent=1).encode())


def forget(home: Path) -> None:
    """Take it out of `home`, before anything else there is changed."""
    (home / _FILE).unlink(missing_ok=True)


def read(home: Path) -> Kept | None:
    """What `home` keeps; None where nothing was played to its end."""
    try:
        source = json.loads((home / _FILE).read_bytes())
        visits = tuple(Visit(**visit) for visit in source.pop("visits"))
        return Kept(**source, visits=visits)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
