"""Something done with keys by a process that kills itself before one of its steps."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import keys.files
from keys.custody import Custody
from keys.sealing import Seal
from vc.key_history import Compromise

ROOT: Final = Path(__file__).parents[1]
_NOW: Final = datetime(2027, 1, 1, tzinfo=UTC)
_KEY: Final = "issuer-1"


def killed_at(step: int, action: str, folder: Path, *token: str) -> bool:
    """Do it in a process that kills itself before its step-th call to the file system.

    `action` is rotate, compromise or revoke; `token` a PKCS#11 library, a label and a PIN.
    """
    command = [sys.executable, __file__, folder, str(step), action, *token]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environ)
    assert done.returncode in (0, -signal.SIGKILL)
    return done.returncode != 0


class Steps:
    """Counts the calls to the file system, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self._left = last

    def count(self, owner: Any, *names: str) -> None:
        """Have these functions of `owner` counted."""
        for name in names:
            setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, real: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return call


def _main(folder: str, step: str, action: str, *token: str) -> None:
    hardware = None
    if token:
        # Only tests of tokens have what speaks to them.
        from keys.pkcs11 import Pkcs11Token

        hardware = Pkcs11Token(Path(token[0]), label=token[1], pin=token[2])
    custody = Custody(Path(folder), Seal(bytes(32)), token=hardware)
    steps = Steps(int(step))
    steps.count(keys.files.os, "open", "fsync", "fdopen", "close")
    steps.count(Path, "hardlink_to", "unlink", "replace")
    if action == "rotate":
        custody.rotate(_KEY, now=_NOW, in_token=bool(token))
    elif action == "compromise":
        custody.compromise(_KEY, Compromise(_NOW, _NOW, 0, bytes(32)))
    else:
        custody.revoke(_KEY, now=_NOW)


if __name__ == "__main__":
    _main(*sys.argv[1:])
