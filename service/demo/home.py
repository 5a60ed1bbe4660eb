"""The home folder of a demonstration: without the last telling, and never somebody's real one."""

import shutil
from dataclasses import replace
from pathlib import Path

from service.database import upgrade
from service.demo import kept
from service.settings import Settings, keep_master_secret
from vc.errors import Conflict

DATABASE = "learnometer.sqlite"
_MARKER = "demonstration"
_CERTIFICATES = "tls"  # whoever tried https before has them
_NOTICE = "`learnometer demo` made what is in this folder"
_WARNING = ". With --afresh, or when it was interrupted, it takes all of it away and begins anew.\n"


def fresh(settings: Settings) -> Settings:
    """The settings of an empty demonstration in `settings.home`, with its tables and its secret.

    Raises Conflict when anything lies there that is not a demonstration's.
    """
    refuse_others(settings.home)
    home = settings.home
    kept.forget(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / _MARKER).write_text(_NOTICE + _WARNING, encoding="utf-8")
    for suffix in ("", "-wal", "-shm", "-journal"):
        (home / f"{DATABASE}{suffix}").unlink(missing_ok=True)
    for folder in (settings.keys_folder, home / "trust"):  # what is registered had other keys
        if folder.is_dir():
            shutil.rmtree(folder)
    made = as_played(settings)
    upgrade(made.database)
    return made


def as_played(settings: Settings) -> Settings:
    """The settings with which the demonstration in `settings.home` was played: all of its own."""
    return replace(settings, database_url="", master_secret=keep_master_secret(settings.home))


def refuse_others(home: Path) -> None:
    """Raises Conflict when anything lies in `home` that is not a demonstration's."""
    if not _mark(home).startswith(_NOTICE) and _is_used(home):
        sentence = "There is something here that is no demonstration; name another --home."
        raise Conflict("home-in-use", sentence, place=str(home))


def is_half_played(home: Path) -> bool:
    """Whether a demonstration was begun in `home` and not played to its end."""
    return _mark(home) == _NOTICE + _WARNING and kept.read(home) is None


def _mark(home: Path) -> str:
    try:
        return (home / _MARKER).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _is_used(home: Path) -> bool:
    if not home.is_dir():
        return home.exists()
    return any(path.name != _CERTIFICATES for path in home.iterdir())
