"""The pages for one's passkeys: adding, renaming, removing, and what a passkey is asked."""

import hashlib

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from accounts.attempts import TooManyAttempts
from accounts.guard import allow, signed_in_person
from accounts.pages import Door
from accounts.schemas import read_confirm, read_digest, read_passkey
from accounts.store import Person
from vc.errors import Conflict, Malformed, NotAuthenticated, Refused

_FORM_AGAIN = (NotAuthenticated, TooManyAttempts, Conflict, Malformed)
_ADD = "add a passkey"


def passkey_pages(door: Door) -> Blueprint:
    """The pages under /account/passkeys."""
    blueprint = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")
    _add_list(blueprint, door)
    _add_registering(blueprint, door)
    _add_one(blueprint, door)

    @blueprint.post("/challenge")
    @allow("signed_in")
    def challenge() -> Response:
        """What the person's passkeys are asked, to approve the digest in the form.

        Any digest: what is approved is what the page behind the form works out by itself.
        """
        digest = read_digest(request.form)
        options = door.passkeys.begin_approval(signed_in_person(), digest=digest, now=door.now())
        return jsonify(options)

    return blueprint


def _add_list(blueprint: Blueprint, door: Door) -> None:
    @blueprint.get("")
    @allow("signed_in")
    def mine() -> str:
        passkeys = door.passkeys.of(signed_in_person())
        return render_template("accounts/passkeys.html", passkeys=passkeys)


def _add_registering(blueprint: Blueprint, door: Door) -> None:
    @blueprint.get("/add")
    @allow("signed_in")
    def add_form() -> Response:
        return _add_form(door, signed_in_person())

    @blueprint.post("/add")
    @allow("signed_in")
    def add() -> Response:
        """Once it is sure who asks, a page with what the browser is asked."""
        person = signed_in_person()
        try:
            _confirm(door, person, _ADD)
            options = door.passkeys.begin_registration(person, now=door.now())
        except _FORM_AGAIN as refusal:
            return _add_form(door, person, refusal)
        return make_response(render_template("accounts/passkey_new.html", options=options))

    @blueprint.post("")
    @allow("signed_in")
    def register() -> Response:
        person = signed_in_person()
        try:
            form = read_passkey(request.form)
            passkey = door.passkeys.register(
                person, name=form.name, response=form.passkey, now=door.now()
            )
        except _FORM_AGAIN as refusal:
            return _add_form(door, person, refusal)
        flash(_("“%(name)s” is added. You can sign in with it from now on.", name=passkey.name))
        return make_response(redirect(url_for("passkeys.mine"), 303))


def _add_one(blueprint: Blueprint, door: Door) -> None:
    @blueprint.get("/<passkey_id>")
    @allow("signed_in")
    def one(passkey_id: str) -> Response:
        return _one(door, signed_in_person(), passkey_id)

    @blueprint.post("/<passkey_id>/name")
    @allow("signed_in")
    def rename(passkey_id: str) -> Response:
        person = signed_in_person()
        try:
            form = read_passkey(request.form)
            door.passkeys.rename(person, passkey_id, name=form.name)
        except Malformed as refusal:
            return _one(door, person, passkey_id, refusal)
        return make_response(redirect(url_for("passkeys.mine"), 303))

    @blueprint.post("/<passkey_id>/removal")
    @allow("signed_in")
    def remove(passkey_id: str) -> Response:
        person = signed_in_person()
        name = door.passkeys.one_of(person, passkey_id).name
        try:
            _confirm(door, person, _removal(passkey_id))
        except _FORM_AGAIN as refusal:
            return _one(door, person, passkey_id, refusal)
        door.passkeys.remove(person, passkey_id, now=door.now(), token=door.token)
        flash(_("“%(name)s” is removed. Other browsers are signed out.", name=name))
        return make_response(redirect(url_for("passkeys.mine"), 303))


def _confirm(door: Door, person: Person, deed: str) -> None:
    """Make sure that it is the person who asks for this. Raises what signing in raises."""
    form = read_confirm(request.form)
    if form.passkey:
        digest = _deed(person, deed)
        door.passkeys.approve(person, digest=digest, response=form.passkey, now=door.now())
    else:
        place = request.remote_addr or ""
        door.people.confirm(person, password=form.password, place=place, now=door.now())


def _deed(person: Person, deed: str) -> bytes:
    """The digest that a passkey approves, to confirm one deed of one person."""
    return hashlib.sha256(f"learnometer: {person.id}: {deed}".encode()).digest()


def _removal(passkey_id: str) -> str:
    return f"remove the passkey {passkey_id}"


def _add_form(door: Door, person: Person, refusal: Refused | None = None) -> Response:
    has_passkey = bool(door.passkeys.of(person))
    digest = _deed(person, _ADD) if has_passkey else None
    page = render_template("accounts/passkey_add.html", digest=digest, refusal=refusal)
    return make_response(page, _status(refusal))


def _one(door: Door, person: Person, passkey_id: str, refusal: Refused | None = None) -> Response:
    passkey = door.passkeys.one_of(person, passkey_id)
    page = render_template(
        "accounts/passkey.html",
        passkey=passkey,
        digest=_deed(person, _removal(passkey_id)),
        refusal=refusal,
    )
    return make_response(page, _status(refusal))


def _status(refusal: Refused | None) -> int:
    if refusal is None:
        return 200
    return 429 if isinstance(refusal, TooManyAttempts) else 400
