"""What a service does before its first request."""

import logging
from datetime import datetime

from flask import Flask

from issuer.awarding import Awarding
from service.app import compose
from service.custody import custody_of, refuse_other_keys
from service.database import UNUSABLE
from service.settings import Settings
from vc.key_history import KeyState

_log = logging.getLogger(__name__)


def start(settings: Settings) -> Flask:
    """The application, after what a process that was killed left unsigned has been signed.

    Raises Conflict when the keys at home belong to another origin, Unavailable when they do not
    open with this master secret.
    """
    custody = custody_of(settings)
    refuse_other_keys(custody, settings)  # before a role makes a key that it does not find
    for record in custody.list():
        if record.state is KeyState.ACTIVE:
            custody.signer(record.name)
    program = compose(settings)
    if program.issuer is not None:
        _complete(program.issuer.awarding, now=program.parts.clock())
    return program.app


def _complete(awarding: Awarding, *, now: datetime) -> None:
    try:
        awarding.complete(now=now)
    except UNUSABLE as error:
        # The service can start before its database; whoever asks for a badge has it signed then.
        _log.warning("unsigned credentials were not looked for: %s", type(error).__name__)
