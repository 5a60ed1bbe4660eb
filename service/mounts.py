"""Which role is mounted how: one entry each, a dozen lines in the role itself."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask
from flask_smorest import Api

import verifier.pages
import verifier.vc_api
import wallet.pages
from accounts.people import People
from keys.custody import Custody
from keys.sealing import Seal
from service.database import Database
from service.fetchers import Web
from service.medallion import medallion
from service.raster import medallion_png
from service.settings import Settings
from service.trust import trust_registry
from vc.model import Credential
from verifier.desk import Desk
from wallet.store import Store


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


class Medallions:
    """Our own drawings as the wallet's pictures."""

    def svg(self, *, name: str, level: str, seed: str) -> str:
        """The medallion as an SVG document."""
        return str(medallion(name, level, seed))

    def png(self, *, seed: str) -> bytes:
        """The medallion as PNG."""
        return medallion_png(seed)


def mount_wallet(app: Flask, api: Api, parts: Parts) -> None:
    """The wallet: its pages for members, and the share page for everybody."""
    del api  # programs speak to the wallet by the share address alone
    registry = trust_registry(parts.settings)

    def registered(credential: Credential) -> str | None:
        known = registry.find(credential).known
        return known.name if known else None

    wallet.pages.mount(
        app,
        store=Store(parts.database.sessions),
        seal=parts.seal,
        http=parts.web,
        fetcher=parts.web,
        entropy=secrets.token_bytes,
        origin=parts.settings.origin,
        pictures=Medallions(),
        registered_issuer=registered,
        now=parts.clock,
    )


MOUNTS: Final[Mapping[str, Mount]] = {"verifier": mount_verifier, "wallet": mount_wallet}
