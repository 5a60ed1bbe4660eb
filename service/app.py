"""One factory for the whole program, or for any of its roles alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import Flask
from flask_babel import Babel
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts import guard
from accounts.ceremony import RelyingParty
from accounts.guard import current_person
from accounts.pages import Door
from accounts.pages import pages as account_pages
from accounts.passkey_pages import passkey_pages
from accounts.passkeys import Passkeys
from accounts.people import People
from accounts.store import Store
from issuer.chance import Chance
from service import headers, mounts, problems, strict
from service.chance import SystemChance
from service.clock import utc_now as utc_now  # others have it from here
from service.custody import custody_of
from service.database import Database, connect
from service.deadlines import Limited
from service.fetchers import Gateway, Loopback, UnsafeMap, Web
from service.installed import Installed
from service.medallion import medallion
from service.outside import Outside
from service.pages import SECTIONS, asset, home, script, translated_step_name
from service.parts import Parts, Program
from service.settings import Settings
from service.strict import StrictRequest

LARGEST_UPLOAD: Final = 6 * 1_048_576  # bytes; a baked badge of 5 MiB and the form around it
# Seconds for all that one request reads from others: some hundred documents, and no more than a
# proxy waits for.
PATIENCE_OF_A_REQUEST: Final = 30.0
_SESSION_COOKIE: Final = "learnometer_session"
_FORM_COOKIE: Final = "learnometer_form"


def create_app(settings: Settings, **parts: Any) -> Flask:
    """The application with `settings.roles` mounted; keywords as for `compose`."""
    return compose(settings, **parts).app


def compose(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    chance: Chance | None = None,
    database: Database | None = None,
    people: People | None = None,
    outside: Outside | None = None,
) -> Program:
    """The application with `settings.roles` mounted, each under its own path, and its use cases.

    The parts after `settings` are made from it unless they are given.
    """
    Installed(settings.installed_folder).load()
    app = Flask("service", static_folder="static", template_folder="templates")
    app.request_class = StrictRequest
    strict.install()
    _configure(app, settings)
    api = Api(app)
    seal = settings.seal()
    database = database or connect(settings.database)
    store = Store(database.sessions)
    people = people or People(store)
    parts = Parts(
        settings=settings,
        database=database,
        people=people,
        passkeys=Passkeys(store, people, party=RelyingParty.at(settings.origin)),
        web=_web(app, settings, outside or Outside()),
        seal=seal,
        custody=custody_of(settings),
        clock=clock,
        chance=chance or SystemChance(),
    )
    _protect(app, settings, parts)
    app.register_blueprint(home)
    program = _mounted(app, api, parts)
    # After the blueprints of flask-smorest, which brings an error handler of its own.
    problems.install(app)
    return program


def _mounted(app: Flask, api: Api, parts: Parts) -> Program:
    roles = parts.settings.roles
    return Program(
        app=app,
        parts=parts,
        issuer=mounts.mount_issuer(app, api, parts) if "issuer" in roles else None,
        verifier=mounts.mount_verifier(app, api, parts) if "verifier" in roles else None,
        wallet=mounts.mount_wallet(app, api, parts) if "wallet" in roles else None,
        degree=mounts.mount_degree(app, api, parts) if "degree" in roles else None,
    )


def _web(app: Flask, settings: Settings, outside: Outside) -> Web:
    gateway = Gateway(settings.gateway, settings.origin) if settings.gateway else None
    return Web(
        authority=settings.authority,
        roles=settings.roles,
        loopback=Loopback(app, settings.origin),
        outside=outside,
        gateway=gateway,
        unsafe=UnsafeMap(settings.unsafe_map),
    )


def _configure(app: Flask, settings: Settings) -> None:
    host_only = "__Host-" if settings.is_https else ""
    app.config.update(
        SECRET_KEY=settings.cookie_secret(),
        SESSION_COOKIE_NAME=host_only + _FORM_COOKIE,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        # The guard asks for the token, because only it knows which views read no cookie. The
        # referrer is no proof here: our own pages send none.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
        API_TITLE="Learnometer",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    if settings.proxies:  # whom they heard from, and nothing else that headers may say
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0
        )
    app.wsgi_app = headers.FixedOrigin(app.wsgi_app, settings.origin)  # type: ignore[method-assign]
    app.wsgi_app = Limited(app.wsgi_app, seconds=PATIENCE_OF_A_REQUEST)  # type: ignore[method-assign]
    app.jinja_env.globals.update(
        medallion=medallion, asset=asset, script=script, step_name=translated_step_name
    )
    Babel(app)


def _protect(app: Flask, settings: Settings, parts: Parts) -> None:
    cookie = ("__Host-" if settings.is_https else "") + _SESSION_COOKIE
    guard.install(app, parts.people, csrf=CSRFProtect(app), cookie=cookie, now=parts.clock)
    guard.allow_endpoint(app, "static", "program")
    guard.allow_endpoint(app, "api-docs.openapi_json", "program")
    headers.install(app, is_https=settings.is_https)
    door = Door(
        people=parts.people,
        passkeys=parts.passkeys,
        cookie=cookie,
        is_https=settings.is_https,
        now=parts.clock,
    )
    app.register_blueprint(account_pages(door))
    app.register_blueprint(passkey_pages(door))
    app.context_processor(lambda: {"person": current_person(), "sections": SECTIONS})
