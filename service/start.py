"""What a service does before its first request."""

import logging
from datetime import datetime

from flask import Flask

from issuer.awarding import Awarding
from service.app import compose
from service.custody import custody_of
from service.database import UNUSABLE
from service.settings import Settings
from vc.did import did_web
from vc.errors import Conflict
from vc.key_history import KeyState

_log = logging.getLogger(__name__)


def start(settings: Settings) -> Flask:
    """The application, after what a process that was killed left unsigned has been signed.

    Raises Conflict when the keys at home belong to another origin, Unavailable when they do not
    open with this master secret.
    """
    _refuse_other_keys(settings)  # before a role makes a key that it does not find
    program = compose(settings)
    if program.issuer is not None:
        _complete(program.issuer.awarding, now=program.parts.clock())
    return program.app


def _refuse_other_keys(settings: Settings) -> None:
    """The origin is part of every DID: under another one nothing that was signed is ours."""
    custody = custody_of(settings)
    ours, records = did_web(settings.authority), custody.list()
    methods = [record.verification_method for record in records]
    if methods and not any(method.startswith(f"{ours}:") for method in methods):
        owner = methods[0].partition("#")[0]
        sentence = f"The keys in {settings.keys_folder} belong to {owner}, not to {ours}."
        raise Conflict("origin", sentence, place="LEARNOMETER_ORIGIN")
    for record in records:
        if record.state is KeyState.ACTIVE:
            custody.signer(record.name)


def _complete(awarding: Awarding, *, now: datetime) -> None:
    try:
        awarding.complete(now=now)
    except UNUSABLE as error:
        # The service can start before its database; whoever asks for a badge has it signed then.
        _log.warning("unsigned credentials were not looked for: %s", type(error).__name__)
