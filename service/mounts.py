"""Which role is mounted how: one entry each, a dozen lines in the role itself."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask
from flask_smorest import Api

import issuer.api
import issuer.office
import issuer.oid4vci
import issuer.store
import verifier.pages
import verifier.vc_api
import wallet.pages
from accounts.people import People
from issuer.tenant_keys import TenantKeys
from keys.custody import Custody
from keys.sealing import Seal
from service.chance import SystemChance
from service.database import Database
from service.fetchers import Web
from service.medallion import medallion
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


# With this token of the seal the degree office asks the university's issuer to sign (VC-API).
ISSUE_FOR_THE_UNIVERSITY: Final = "issue for the university"

Mount = Callable[[Flask, Api, Parts], None]


def mount_verifier(app: Flask, api: Api, parts: Parts) -> None:
    """The verifier: one desk, a page for people and VC-API for programs."""
    desk = Desk(parts.web, trust_registry(parts.settings))
    app.register_blueprint(verifier.pages.blueprint(desk, now=parts.clock))
    api.register_blueprint(verifier.vc_api.blueprint(desk, now=parts.clock))


def mount_issuer(app: Flask, api: Api, parts: Parts) -> None:
    """The issuer: its documents and VC-API endpoint, and the OpenID4VCI endpoints."""
    chance, origin = SystemChance(), parts.settings.origin
    keys = TenantKeys(parts.custody, origin=origin)
    office = issuer.office.office(
        issuer.store.Store(parts.database.sessions),
        seal=parts.seal,
        chance=chance,
        secrets=chance,
        signer_of=keys.signer,
        keys_of=keys.published,
        origin=origin,
    )
    token = parts.seal.token(purpose=ISSUE_FOR_THE_UNIVERSITY)
    api.register_blueprint(
        issuer.api.blueprint(
            publishing=office.publishing,
            awarding=office.awarding,
            requests=office.requests,
            offices={"university": hashlib.sha256(token.encode()).hexdigest()},
            now=parts.clock,
        )
    )
    app.register_blueprint(
        issuer.oid4vci.blueprint(
            office.offers, publishing=office.publishing, origin=origin, now=parts.clock
        )
    )


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
        picture=lambda name, level, seed: str(medallion(name, level, seed)),
        registered_issuer=registered,
        now=parts.clock,
    )


MOUNTS: Final[Mapping[str, Mount]] = {
    "issuer": mount_issuer,
    "verifier": mount_verifier,
    "wallet": mount_wallet,
}
