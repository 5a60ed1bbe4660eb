"""The application for conformance suites: VC-API at the root, nothing kept, no people."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import Babel
from flask_smorest import Api

import verifier.vc_api
import wallet.vc_api
from accounts.guard import allow_endpoint
from service import headers, problems, strict
from service.conformance import vc_api
from service.conformance.instances import Instance, made
from service.conformance.lists import Lists
from service.fetchers import Loopback, UnsafeMap, Web
from service.outside import Outside
from service.strict import StrictRequest
from verifier.desk import Desk
from verifier.trust import TrustRegistry

NOTHING: Final[Mapping[str, str]] = {}
LARGEST_REQUEST: Final = 10 * 1_048_576  # bytes; the largest presentation and JSON around it


@dataclass(frozen=True, slots=True)
class Conformance:
    """The application, and the issuers whose DIDs suites must be told."""

    app: Flask
    instances: Mapping[str, Instance]


def conformance(
    origin: str, *, now: Callable[[], datetime], unsafe_map: Mapping[str, str] = NOTHING
) -> Conformance:
    """The endpoints with keys made for this run. `origin` is the https origin served at.

    `unsafe_map` is what service.unsafe has read.
    """
    app = Flask("service", static_folder=None, template_folder="templates")
    app.request_class = StrictRequest
    strict.install()
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        API_TITLE="Learnometer for conformance suites",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    Babel(app)
    web = Web(
        authority=urlsplit(origin).netloc,
        roles=frozenset(),
        loopback=Loopback(app, origin),
        outside=Outside(),
        unsafe=UnsafeMap(unsafe_map),
    )
    instances = made(secrets.token_bytes)
    lists = Lists(origin, instances["bitstring-status-list"].signer, secrets.randbelow)
    desk = Desk(web, TrustRegistry("none", {}), takes_unsigned=True)
    api = Api(app)
    api.register_blueprint(vc_api.blueprint(instances, lists, now=now))
    api.register_blueprint(verifier.vc_api.blueprint(desk, now=now, prefix=""))
    api.register_blueprint(wallet.vc_api.blueprint(prefix=""))
    allow_endpoint(app, "api-docs.openapi_json", "program")
    headers.install(app, is_https=False)  # no browser is to insist on https at localhost
    problems.install(app)
    return Conformance(app, instances)
