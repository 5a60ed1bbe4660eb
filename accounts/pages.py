"""Signing in and out, and choosing another password, in the browser."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _

from accounts.attempts import TooManyAttempts
from accounts.guard import allow, current_person, signed_in_person
from accounts.passkeys import Passkeys
from accounts.people import People, SignedIn
from accounts.schemas import read_passkey_sign_in, read_password, read_sign_in, safe_next
from vc.errors import Conflict, Malformed, NotAuthenticated, Refused

# Where the browser keeps what its passkey was asked at sign-in.
_CHALLENGE = "passkey_challenge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What lets people in. `cookie` is the name under which the session's token travels."""

    people: People
    passkeys: Passkeys
    cookie: str
    is_https: bool
    now: Callable[[], datetime]

    @property
    def token(self) -> str:
        """The token of this browser's session, or nothing."""
        return request.cookies.get(self.cookie, "")

    def let_in(self, signed_in: SignedIn, wanted: str) -> Response:
        """Go on to `wanted` with a new session."""
        # A session that somebody else may have planted in this browser ends here.
        self.end()
        response = make_response(redirect(wanted, 303))
        response.set_cookie(
            self.cookie,
            signed_in.token,
            expires=signed_in.expires_at,
            httponly=True,
            secure=self.is_https,
            samesite="Lax",
        )
        return response

    def end(self) -> None:
        """End this browser's session, if it has one."""
        if self.token:
            self.people.sign_out(token=self.token)
        session.clear()


def pages(door: Door) -> Blueprint:
    """The pages under /account."""
    blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")
    _add_sign_in(blueprint, door)
    _add_sign_in_with_passkey(blueprint, door)
    _add_password(blueprint, door)

    @blueprint.post("/sign-out")
    @allow("anyone")
    def sign_out() -> Response:
        door.end()
        response = make_response(redirect("/", 303))
        response.delete_cookie(door.cookie, secure=door.is_https, httponly=True, samesite="Lax")
        return response

    return blueprint


def sign_in_first() -> Response:
    """Send a browser to sign in, and back to where it wanted to go."""
    wanted = safe_next(request.full_path.rstrip("?"))
    return make_response(redirect(url_for("account.sign_in", next=wanted)))


def _add_sign_in(blueprint: Blueprint, door: Door) -> None:
    @blueprint.get("/sign-in")
    @allow("anyone")
    def sign_in() -> Response:
        wanted = safe_next(request.args.get("next", "/"))
        if current_person():
            return make_response(redirect(wanted))
        return _form(wanted)

    @blueprint.post("/sign-in")
    @allow("anyone")
    def open_session() -> Response:
        form = read_sign_in(request.form)
        place = request.remote_addr or ""
        try:
            signed_in = door.people.sign_in(
                email=form.email, password=form.password, place=place, now=door.now()
            )
        except (NotAuthenticated, TooManyAttempts) as refusal:
            return _form(form.next, email=form.email, refusal=refusal)
        return door.let_in(signed_in, form.next)


def _add_sign_in_with_passkey(blueprint: Blueprint, door: Door) -> None:
    @blueprint.post("/sign-in/challenge")
    @allow("anyone")
    def sign_in_challenge() -> Response:
        """What this browser's passkeys are asked, for passkeys.js."""
        options = door.passkeys.begin_sign_in(now=door.now())
        session[_CHALLENGE] = options["challenge"]
        return jsonify(options)

    @blueprint.post("/sign-in/passkey")
    @allow("anyone")
    def open_session_with_passkey() -> Response:
        form = read_passkey_sign_in(request.form)
        try:
            signed_in = door.passkeys.sign_in(
                response=form.passkey,
                expected_challenge=session.pop(_CHALLENGE, ""),
                place=request.remote_addr or "",
                now=door.now(),
            )
        except (NotAuthenticated, TooManyAttempts, Conflict, Malformed) as refusal:
            return _form(form.next, refusal=refusal)
        return door.let_in(signed_in, form.next)


def _add_password(blueprint: Blueprint, door: Door) -> None:
    @blueprint.get("/password")
    @allow("signed_in")
    def password_form() -> Response:
        return _password_form(None)

    @blueprint.post("/password")
    @allow("signed_in")
    def change_password() -> Response:
        try:
            form = read_password(request.form)
            door.people.change_password(
                signed_in_person(),
                present=form.present,
                wanted=form.wanted,
                place=request.remote_addr or "",
                now=door.now(),
            )
        except (NotAuthenticated, TooManyAttempts, Malformed) as refusal:
            return _password_form(refusal)
        flash(_("Your password is changed. Sign in with the new one."))
        return make_response(redirect(url_for("account.sign_in"), 303))


def _password_form(refusal: Refused | None) -> Response:
    page = render_template("accounts/password.html", refusal=refusal)
    status = 200
    if refusal:
        status = 429 if isinstance(refusal, TooManyAttempts) else 400
    return make_response(page, status)


def _form(wanted: str, *, email: str = "", refusal: Refused | None = None) -> Response:
    page = render_template("accounts/sign_in.html", next=wanted, email=email, refusal=refusal)
    status = 200
    if refusal:
        status = 429 if isinstance(refusal, TooManyAttempts) else 401
    return make_response(page, status)
