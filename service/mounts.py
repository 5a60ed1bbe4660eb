"""Which role is mounted how: one entry each, a dozen lines in the role itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask
from flask_smorest import Api

import verifier.pages
import verifier.vc_api
from accounts.people import People
from keys.custody import Custody
from keys.sealing import Seal
from service.database import Database
from service.fetchers import Web
from service.settings import Settings
from service.trust import trust_registry
from verifier.desk import Desk


@dataclass(frozen=True, slots=True)
class Parts:
    """What a role can be built from; each mount takes from it what its use cases need."""

    settings: Settings
    database: Database
    people: People
    web: Web
    seal: Seal
    custody: Custody
    clock: Callable[[], datetime]


Mount = Callable[[Flask, Api, Parts], None]


def mount_verifier(app: Flask, api: Api, parts: Parts) -> None:
    """The verifier: one desk, a page for people and VC-API for programs."""
    desk = Desk(parts.web, trust_registry(parts.settings))
    app.register_blueprint(verifier.pages.blueprint(desk, now=parts.clock))
    api.register_blueprint(verifier.vc_api.blueprint(desk, now=parts.clock))


MOUNTS: Final[Mapping[str, Mount]] = {"verifier": mount_verifier}
