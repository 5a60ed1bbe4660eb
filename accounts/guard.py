"""Who may use which view. A view that does not say is refused.

The decision is taken in one place, before any view runs; CSRF protection hangs on it too.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect

from accounts.people import ROLES, People
from accounts.store import Person
from vc.errors import Forbidden, NotAuthenticated

View = TypeVar("View", bound=Callable[..., Any])

ANYONE: Final = "anyone"
PROGRAM: Final = "program"
SIGNED_IN: Final = "signed_in"
_SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))


def allow(*who: str) -> Callable[[View], View]:
    """Say who may use a view: the roles of accounts.people, or one of three words.

    `anyone` is everybody, with a cookie or without. `signed_in` is everybody with an account.
    `program` is for interfaces that programs call: the cookie is not read, so there is no person
    and no CSRF token, and the view checks whatever token it needs by itself.
    """
    unknown = set(who) - ROLES - {ANYONE, PROGRAM, SIGNED_IN}
    if unknown or not who:
        raise TypeError(f"a view cannot be for {sorted(unknown)}")

    def declare(view: View) -> View:
        view.__dict__["allowed"] = frozenset(who)
        return view

    return declare


def allow_endpoint(app: Flask, endpoint: str, *who: str) -> None:
    """Say who may use a view that a library made."""
    view: Any = app.view_functions[endpoint]
    # A method has no attributes of its own.
    app.view_functions[endpoint] = allow(*who)(lambda **arguments: view(**arguments))


def current_person() -> Person | None:
    """Who is asking, or None for nobody we know."""
    person: Person | None = g.get("person")
    return person


def signed_in_person() -> Person:
    """Who is asking. Raises NotAuthenticated."""
    person = current_person()
    if person is None:
        raise NotAuthenticated("sign-in", "Sign in first.")
    return person


def install(
    app: Flask, people: People, *, csrf: CSRFProtect, cookie: str, now: Callable[[], datetime]
) -> None:
    """Ask every request who makes it, and refuse it where its view does not allow them."""

    def check() -> None:
        if request.url_rule is None or request.method == "OPTIONS":
            return  # nothing will run
        allowed = _allowed(app)
        if PROGRAM not in allowed:
            token = request.cookies.get(cookie)
            g.person = people.signed_in(token=token, now=now()) if token else None
            if request.method not in _SAFE:
                _refuse_other_sites()
                if app.config["WTF_CSRF_ENABLED"]:
                    csrf.protect()
        _refuse_others(allowed)

    app.before_request(check)


def undeclared(app: Flask) -> list[str]:
    """The endpoints and methods of views that do not say who may use them."""
    return [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
        if not _declaration(app, rule.endpoint, method)
    ]


def _allowed(app: Flask) -> frozenset[str]:
    return _declaration(app, request.endpoint or "", request.method)


def _declaration(app: Flask, endpoint: str, method: str) -> frozenset[str]:
    view: Any = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        name = "get" if method == "HEAD" else method.lower()
        view = getattr(view_class, name, view_class)
    allowed: frozenset[str] = getattr(view, "allowed", frozenset())
    return allowed


def _refuse_others(allowed: frozenset[str]) -> None:
    if allowed & {ANYONE, PROGRAM}:
        return
    if not allowed:
        raise Forbidden("undeclared", "This page does not say who may use it.")
    person = signed_in_person()
    if SIGNED_IN not in allowed and not person.roles & allowed:
        raise Forbidden("role", "Your account may not do this.")


def _refuse_other_sites() -> None:
    # Browsers set this header themselves; old ones leave it out and still need the token.
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden("cross-site", "This was sent from another site.")
