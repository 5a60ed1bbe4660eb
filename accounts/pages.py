"""Signing in and out, and choosing another password, in the browser."""

from collections.abc import Callable
from datetime import datetime

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _

from accounts.guard import allow, current_person, signed_in_person
from accounts.people import People, TooManyAttempts
from accounts.schemas import read_password, read_sign_in, safe_next
from vc.errors import Malformed, NotAuthenticated, Refused


def pages(people: People, *, cookie: str, is_https: bool, now: Callable[[], datetime]) -> Blueprint:
    """The pages under /account. `cookie` is the name under which the session's token travels."""
    blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")

    @blueprint.get("/sign-in")
    @allow("anyone")
    def sign_in() -> Response:
        wanted = safe_next(request.args.get("next", "/"))
        if current_person():
            return make_response(redirect(wanted))
        return _form(wanted, "", None)

    @blueprint.post("/sign-in")
    @allow("anyone")
    def open_session() -> Response:
        form = read_sign_in(request.form)
        place = request.remote_addr or ""
        try:
            signed_in = people.sign_in(
                email=form.email, password=form.password, place=place, now=now()
            )
        except (NotAuthenticated, TooManyAttempts) as refusal:
            return _form(form.next, form.email, refusal)
        # A session that somebody else may have planted in this browser ends here.
        _end(people, cookie)
        response = make_response(redirect(form.next, 303))
        response.set_cookie(
            cookie,
            signed_in.token,
            expires=signed_in.expires_at,
            httponly=True,
            secure=is_https,
            samesite="Lax",
        )
        return response

    @blueprint.get("/password")
    @allow("signed_in")
    def password_form() -> Response:
        return _password_form(None)

    @blueprint.post("/password")
    @allow("signed_in")
    def change_password() -> Response:
        try:
            form = read_password(request.form)
            people.change_password(
                signed_in_person(),
                present=form.present,
                wanted=form.wanted,
                place=request.remote_addr or "",
                now=now(),
            )
        except (NotAuthenticated, TooManyAttempts, Malformed) as refusal:
            return _password_form(refusal)
        flash(_("Your password is changed. Sign in with the new one."))
        return make_response(redirect(url_for("account.sign_in"), 303))

    @blueprint.post("/sign-out")
    @allow("anyone")
    def sign_out() -> Response:
        _end(people, cookie)
        response = make_response(redirect("/", 303))
        response.delete_cookie(cookie, secure=is_https, httponly=True, samesite="Lax")
        return response

    return blueprint


def sign_in_first() -> Response:
    """Send a browser to sign in, and back to where it wanted to go."""
    wanted = safe_next(request.full_path.rstrip("?"))
    return make_response(redirect(url_for("account.sign_in", next=wanted)))


def _end(people: People, cookie: str) -> None:
    token = request.cookies.get(cookie)
    if token:
        people.sign_out(token=token)
    session.clear()


def _password_form(refusal: Refused | None) -> Response:
    page = render_template("accounts/password.html", refusal=refusal)
    status = 200
    if refusal:
        status = 429 if isinstance(refusal, TooManyAttempts) else 400
    return make_response(page, status)


def _form(wanted: str, email: str, refusal: Refused | None) -> Response:
    page = render_template("accounts/sign_in.html", next=wanted, email=email, refusal=refusal)
    status = 200
    if refusal:
        status = 429 if isinstance(refusal, TooManyAttempts) else 401
    return make_response(page, status)
