"""Which role is mounted how: a dozen lines each, from parts to use cases and pages."""

import contextlib
import hashlib
import secrets
from importlib.metadata import version
from typing import Final

from flask import Flask
from flask_smorest import Api

import degree.api
import degree.board.pages
import degree.board.store
import degree.oid4vp
import degree.pages
import degree.paper_pages
import degree.progress.desk
import degree.progress.pages
import degree.receiving.desk
import degree.receiving.pages
import issuer.api
import issuer.office
import issuer.oid4vci
import issuer.pages
import issuer.pages.house
import issuer.reading
import issuer.reading.store
import issuer.store
import verifier.asking.reception
import verifier.asking.store
import verifier.bulk.checking
import verifier.bulk.store
import verifier.bulk_pages
import verifier.counter
import verifier.desk
import verifier.oid4vp
import verifier.pages
import verifier.receipt_pages
import verifier.register
import verifier.registry_pages
import verifier.vc_api
import wallet.desk
import wallet.finding
import wallet.pages
import wallet.store
import wallet.vc_api
from degree.amending import Amending
from degree.board.approving import Approving
from degree.board.exceptions import Exceptions
from degree.board.meetings import Meetings
from degree.board.pages.room import Room
from degree.catalogue import FOLDER, Catalogue, read_catalogue
from degree.conferring import Conferring
from degree.papers import Papers
from degree.receiving.carrying import Carrier
from degree.reception import Addresses, Reception
from degree.registry import Registry
from degree.university import University
from issuer.clients import Clients
from issuer.reading.quality import QualityRecord
from issuer.tenant_keys import TenantKeys
from keys.sealing import Seal
from openid4vc.presentation.asking import Asking
from service import direction
from service.chance import SystemChance
from service.founding import COMMUNITY_TENANT, UNIVERSITY_TENANT
from service.medallion import medallion
from service.parts import Parts
from service.raster import medallion_png
from service.trust import UNIVERSITY, known_party, trust_registry
from vc.did import did_web
from vc.ed25519 import Signer
from vc.errors import Conflict
from vc.model import Credential

# With this token of the seal the degree office asks the university's issuer to sign (VC-API).
ISSUE_FOR_THE_UNIVERSITY: Final = "issue for the university"

OFFICE_KEY: Final = "degree"
VERIFIER_KEY: Final = "verifier"


def mount_issuer(app: Flask, api: Api, parts: Parts) -> issuer.office.Office:
    """The issuer: pages for people; documents, VC-API and OpenID4VCI for programs."""
    origin = parts.settings.origin
    keys = TenantKeys(parts.custody, origin=origin)
    office = issuer.office.office(
        issuer.store.Store(parts.database.sessions),
        seal=parts.seal,
        chance=parts.chance,
        secrets=SystemChance(),
        signer_of=keys.signer,
        signer_with=keys.signer_with,
        keys_of=keys.published,
        origin=origin,
    )
    reading = issuer.reading.store.ReadingStore(parts.database.sessions)
    api.register_blueprint(
        issuer.api.blueprint(
            publishing=office.publishing,
            log=office.log,
            quality=QualityRecord(reading, origin=origin),
            awarding=office.awarding,
            requests=office.requests,
            offers=office.offers,
            origin=origin,
            clients=clients_of(parts.seal, office.store),
            now=parts.clock,
        )
    )
    app.register_blueprint(
        issuer.oid4vci.blueprint(
            office.offers, publishing=office.publishing, origin=origin, now=parts.clock
        )
    )
    house = issuer.pages.house.House(
        office=office,
        records=issuer.reading.records(reading, origin=origin),
        origin=origin,
        now=parts.clock,
    )
    app.register_blueprint(issuer.pages.blueprint(house))
    return office


def clients_of(seal: Seal, store: issuer.store.Store) -> Clients:
    """The programs that may issue: our own degree office, and those that operators let in."""
    token = seal.token(purpose=ISSUE_FOR_THE_UNIVERSITY)
    office = ("degree office", hashlib.sha256(token.encode()).hexdigest())
    return Clients(
        store,
        SystemChance(),
        of_the_house={UNIVERSITY_TENANT: office},
        members_decide=COMMUNITY_TENANT,
    )


def mount_verifier(app: Flask, api: Api, parts: Parts) -> verifier.desk.Desk:
    """The verifier: one desk, pages for people, VC-API for programs and OpenID4VP for wallets."""
    registry = trust_registry(parts.settings)
    desk = verifier.desk.Desk(parts.web, registry)
    did = did_web(parts.settings.authority, "verifier")
    counter = verifier.counter.Counter(
        desk=desk,
        signer=_own_key(parts, VERIFIER_KEY, did),
        did=did,
        origin=parts.settings.origin,
        software=f"learnometer {version('learnometer')}",
        keys=lambda: _public_keys(parts, did),
    )
    app.register_blueprint(verifier.pages.blueprint(desk, counter, now=parts.clock))
    app.register_blueprint(verifier.oid4vp.blueprint(_asking_desk(parts, counter)))
    app.register_blueprint(verifier.receipt_pages.blueprint(counter, now=parts.clock))
    batches = verifier.bulk.checking.Batches(
        store=verifier.bulk.store.Store(parts.database.sessions),
        desk=desk,
        clock=parts.clock,
        entropy=secrets.token_bytes,
    )
    app.register_blueprint(verifier.bulk_pages.blueprint(batches))
    register = verifier.register.Register(registry)
    app.register_blueprint(verifier.registry_pages.blueprint(register, now=parts.clock))
    api.register_blueprint(verifier.vc_api.blueprint(desk, now=parts.clock))
    return desk


def _asking_desk(parts: Parts, counter: verifier.counter.Counter) -> verifier.oid4vp.AskingDesk:
    """Where wallets are asked in the verifier's own name, and what it keeps for minutes."""
    owner, desk = counter.did, counter.desk
    addresses = verifier.asking.reception.Addresses(parts.settings.origin, owner)
    reception = verifier.asking.reception.Reception(
        verifier.asking.store.Store(parts.database.sessions),
        asking=_asking(parts, VERIFIER_KEY, owner),
        desk=desk,
        addresses=addresses,
    )
    return verifier.oid4vp.AskingDesk(reception, desk, counter, addresses, parts.clock)


class Medallions:
    """Our own drawings as the wallet's pictures."""

    def svg(self, *, name: str, level: str, seed: str) -> str:
        """The medallion as an SVG document."""
        return str(medallion(name, level, seed))

    def png(self, *, seed: str) -> bytes:
        """The medallion as PNG."""
        return medallion_png(seed)


def mount_wallet(app: Flask, api: Api, parts: Parts) -> wallet.desk.Desk:
    """The wallet: its pages for members, the share page for everybody, VC-API for programs."""
    api.register_blueprint(wallet.vc_api.blueprint())
    registry = trust_registry(parts.settings)

    def registered(credential: Credential) -> wallet.finding.Registration:
        found = registry.current().find(credential)
        return wallet.finding.Registration(
            found.known.name if found.known else None, found.sentence
        )

    return wallet.pages.mount(
        app,
        store=wallet.store.Store(parts.database.sessions),
        seal=parts.seal,
        http=parts.web,
        fetcher=parts.web,
        entropy=secrets.token_bytes,
        origin=parts.settings.origin,
        pictures=Medallions(),
        registered_issuer=registered,
        known_party=known_party(parts.settings, registry),
        now=parts.clock,
    )


def mount_degree(app: Flask, api: Api, parts: Parts) -> degree.pages.Desk:
    """The degree office: its own key and DID, one catalogue, and the university as its signer."""
    direction.install(app, under="/degree")
    authority, origin = parts.settings.authority, parts.settings.origin
    addresses = Addresses(origin, did_web(authority, "degree"))
    catalogue = read_catalogue(FOLDER, community=_community(parts))
    store = degree.board.store.Store(parts.database.sessions)
    registry = Registry(
        store, catalogue=catalogue, fetcher=parts.web, version=version("learnometer")
    )
    exceptions = Exceptions(store, registry=registry, catalogue=catalogue)
    meetings = Meetings(store, registry=registry)
    approving = Approving(store, registry=registry, passkeys=parts.passkeys)
    reception = Reception(
        store,
        catalogue=catalogue,
        asking=_asking(parts, OFFICE_KEY, addresses.did),
        addresses=addresses,
    )
    university = University(
        parts.web,
        f"{origin}/issuer/university",
        did_web(authority, "issuer", "university"),
        UNIVERSITY,
        parts.seal.token(purpose=ISSUE_FOR_THE_UNIVERSITY),
    )
    papers = Papers(store, university, addresses)
    conferring = Conferring(store, registry=registry, approving=approving, papers=papers)
    desk = degree.pages.Desk(
        catalogue, reception, registry, conferring, exceptions, approving, meetings, parts.clock
    )
    app.register_blueprint(degree.pages.pages(desk))
    room = Room(registry, exceptions, approving, meetings, store, parts.clock)
    app.register_blueprint(degree.board.pages.pages(room))
    app.register_blueprint(
        degree.progress.pages.pages(
            degree.progress.desk.Desk(store, catalogue, parts.web, parts.clock)
        )
    )
    amending = Amending(store, registry=registry, papers=papers)
    paper_desk = degree.paper_pages.PaperDesk(conferring, amending, parts.clock)
    app.register_blueprint(degree.paper_pages.pages(paper_desk))
    receiving = _receiving_desk(parts, catalogue, office=addresses.did)
    app.register_blueprint(degree.receiving.pages.pages(receiving, now=parts.clock))
    app.register_blueprint(degree.oid4vp.blueprint(reception, addresses=addresses, now=parts.clock))
    api.register_blueprint(
        degree.api.blueprint(
            registry,
            catalogue=catalogue,
            office=addresses.did,
            keys=lambda: _public_keys(parts, addresses.did),
        )
    )
    return desk


def _receiving_desk(
    parts: Parts, catalogue: Catalogue, *, office: str
) -> degree.receiving.desk.Desk:
    """Where a university that receives a member reads their wallet by its own rules."""
    software = version("learnometer")
    return degree.receiving.desk.Desk(
        shelf=degree.receiving.desk.Shelf(catalogue, community=_community(parts)),
        fetcher=parts.web,
        carrier=Carrier(parts.seal, software),
        software=software,
        author=office,
    )


def _community(parts: Parts) -> str:
    """The DID of the community's issuer, which programmes trust."""
    return did_web(parts.settings.authority, "issuer", "learnometer")


def _asking(parts: Parts, key: str, owner: str) -> Asking:
    """The side of OpenID4VP that asks, in the name of `owner`."""
    return Asking(
        owner,
        signer=_own_key(parts, key, owner),
        fetcher=parts.web,
        new_token=lambda: secrets.token_urlsafe(32),
    )


def _own_key(parts: Parts, name: str, owner: str) -> Signer:
    """The key with which a role signs for itself; made when it opens for the first time."""
    # Another process of ours may have been faster, and both must use one key.
    with contextlib.suppress(Conflict):
        parts.custody.create(name, verification_method=f"{owner}#key-1", now=parts.clock())
    return parts.custody.signer_of(owner)


def _public_keys(parts: Parts, owner: str) -> list[tuple[str, bytes]]:
    """Every key of `owner` that may be believed, laid down ones too until the office restarts."""
    return [
        (record.key.fragment, record.public_key)
        for record in parts.custody.list()
        if record.owner == owner and record.key.withdrawn is None
    ]
