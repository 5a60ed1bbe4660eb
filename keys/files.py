"""Files that only their owner may read, written whole or not at all."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vc.errors import Conflict


def create_private(path: Path, content: bytes) -> None:
    """Write a new file with mode 0600. Raises Conflict when it exists; readers never see half."""
    draft = _draft(path, content)
    try:
        # A hard link fails on an existing name, where a rename would silently replace a key.
        path.hardlink_to(draft)
    except FileExistsError as error:
        raise Conflict("file-exists", f"{path.name} exists already.", place=str(path)) from error
    finally:
        draft.unlink()
    _settle(path.parent)


def replace_private(path: Path, content: bytes) -> None:
    """Put new content with mode 0600 in place of the file at `path`, in one step."""
    _draft(path, content).replace(path)
    _settle(path.parent)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """One process and thread at a time, for whoever asks; a process that is killed lets go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _draft(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _settle(folder: Path) -> None:
    """The new name is durable only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
