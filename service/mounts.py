"""Which role is mounted how: one entry each, a dozen lines in the role itself."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask
from flask_smorest import Api

import degree.api
import degree.oid4vp
import degree.pages
import verifier.pages
import verifier.vc_api
from accounts.people import People
from degree.catalogue import FOLDER, read_catalogue
from degree.conferring import Conferring
from degree.pages import Desk as DegreeDesk
from degree.reception import Addresses, Reception
from degree.registry import Registry
from degree.store import Store as DegreeStore
from degree.university import University
from keys.custody import Custody
from keys.sealing import Seal
from service.database import Database
from service.fetchers import Web
from service.settings import Settings
from service.trust import UNIVERSITY, trust_registry
from vc.did import did_web
from vc.ed25519 import Signer
from vc.errors import Conflict
from verifier.desk import Desk

OFFICE_KEY: Final = "degree"


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


def mount_degree(app: Flask, api: Api, parts: Parts) -> None:
    """The degree office: its own key and DID, one catalogue, and the university as its signer."""
    authority, origin = parts.settings.authority, parts.settings.origin
    addresses = Addresses(origin, did_web(authority, "degree"))
    catalogue = read_catalogue(FOLDER, community=did_web(authority, "issuer", "learnometer"))
    store = DegreeStore(parts.database.sessions)
    registry = Registry(store, catalogue=catalogue, fetcher=parts.web)
    reception = Reception(
        store,
        catalogue=catalogue,
        signer=_office_key(parts, addresses.did),
        fetcher=parts.web,
        addresses=addresses,
    )
    university = University(
        parts.web,
        f"{origin}/issuer/university",
        did_web(authority, "issuer", "university"),
        UNIVERSITY,
        parts.settings.university_token,
    )
    conferring = Conferring(store, registry=registry, university=university, addresses=addresses)
    desk = DegreeDesk(catalogue, reception, registry, conferring, parts.clock)
    app.register_blueprint(degree.pages.pages(desk))
    app.register_blueprint(degree.oid4vp.blueprint(reception, addresses=addresses, now=parts.clock))
    api.register_blueprint(
        degree.api.blueprint(
            registry,
            catalogue=catalogue,
            office=addresses.did,
            keys=lambda: _public_keys(parts, addresses.did),
        )
    )


def _office_key(parts: Parts, office: str) -> Signer:
    """The key that signs the office's requests; made when the office opens for the first time."""
    # Another process of ours may have been faster, and both must use one key.
    with contextlib.suppress(Conflict):
        method = f"{office}#key-1"
        parts.custody.create(OFFICE_KEY, verification_method=method, now=parts.clock())
    return parts.custody.signer(OFFICE_KEY)


def _public_keys(parts: Parts, owner: str) -> list[tuple[str, bytes]]:
    """Every key of `owner`, retired ones too: what they signed stays checkable."""
    named = ((key.verification_method.partition("#"), key) for key in parts.custody.list())
    return [(fragment, key.public_key) for (did, _, fragment), key in named if did == owner]


MOUNTS: Final[Mapping[str, Mount]] = {"verifier": mount_verifier, "degree": mount_degree}
