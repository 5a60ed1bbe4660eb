"""The home folder of a demonstration: made anew for each telling, and never somebody's real one."""

import shutil
from dataclasses import replace

from service.database import upgrade
from service.settings import Settings, keep_master_secret
from vc.errors import Conflict

DATABASE = "learnometer.sqlite"
_MARKER = "demonstration"
_CERTIFICATES = "tls"  # whoever tried https before has them
_NOTICE = "`learnometer demo` made what is in this folder, and makes it anew each time.\n"


def fresh(settings: Settings) -> Settings:
    """The settings of an empty demonstration in `settings.home`, with its tables and its secret.

    Raises Conflict when anything lies there that is not a demonstration's.
    """
    home = settings.home
    marker = home / _MARKER
    if not marker.is_file() and _is_used(settings):
        sentence = "There is something here that is no demonstration; name another --home."
        raise Conflict("home-in-use", sentence, place=str(home))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker.write_text(_NOTICE, encoding="utf-8")
    for suffix in ("", "-wal", "-shm", "-journal"):
        (home / f"{DATABASE}{suffix}").unlink(missing_ok=True)
    if settings.keys_folder.is_dir():
        shutil.rmtree(settings.keys_folder)
    made = replace(settings, database_url="", master_secret=keep_master_secret(home))
    upgrade(made.database)
    return made


def _is_used(settings: Settings) -> bool:
    home = settings.home
    if not home.is_dir():
        return home.exists()
    return any(path.name != _CERTIFICATES for path in home.iterdir())
