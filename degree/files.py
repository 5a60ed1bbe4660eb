"""Reads a file, and names it in what is refused of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from vc.errors import Malformed, Missing

Form = TypeVar("Form")


def read_file(path: Path, reader: Callable[[bytes], Form]) -> Form:
    """What `reader` reads of the file. Raises Missing or Malformed, with the file as its place."""
    try:
        return reader(path.read_bytes())
    except OSError as error:
        raise Missing("file", f"It cannot be read: {error.strerror}.", place=str(path)) from error
    except Malformed as error:
        place = f"{path}, {error.place}" if error.place else str(path)
        raise Malformed(error.code, error.sentence, place=place) from error
