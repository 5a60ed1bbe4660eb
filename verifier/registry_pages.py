"""The trust registry as pages: who is known, for everybody; editing and history, for registrars."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import ANYONE, allow, current_person, signed_in_person
from vc.errors import Conflict, Malformed, Missing
from verifier.register import Change, Difference, Register, differences, seal_of
from verifier.schemas import read_registry_form
from verifier.trust import KnownIssuer
from verifier.trust_file import Version

_EDITOR: Final = "registrar"
# What the form offers to tick; other types can be written beside them.
KINDS: Final = (
    "AchievementCredential",
    "EndorsementCredential",
    "ClrCredential",
    "Degree",
    "BachelorDegree",
    "MasterDegree",
    "DoctoralDegree",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A version, and what it changed."""

    version: Version
    changes: tuple[Difference, ...]


def blueprint(register: Register, *, now: Callable[[], datetime]) -> Blueprint:
    """The blueprint of /verifier/registry."""
    pages = Blueprint("verifier_registry", __name__, url_prefix="/verifier/registry")

    @pages.get("/")
    @allow(ANYONE)
    def issuers() -> str:
        """Every issuer that is known."""
        person = current_person()
        return render_template(
            "verifier/registry.html",
            version=register.versions.latest(),
            may_edit=person is not None and _EDITOR in person.roles,
        )

    @pages.get("/issuer")
    @allow(_EDITOR)
    def edit() -> str:
        """The form for an issuer, new or entered already."""
        did = request.args.get("did", "")
        entry = register.versions.latest().registry.issuers.get(did)
        if did and entry is None:
            raise Missing("trust-registry", "There is no such issuer.")
        return _form(entry)

    @pages.post("/issuer")
    @allow(_EDITOR)
    def save() -> ResponseReturnValue:
        """A new version with the issuer as entered."""
        try:
            form = read_registry_form(request.form, request.form.getlist("issues"))
            change = Change(
                did=form.entry.did,
                entry=form.entry,
                seen=form.seen,
                by=_who(),
                why=form.why,
                namesake=form.namesake,
            )
            version = register.change(change, now=now())
        except (Malformed, Conflict) as refusal:
            return _again(register, refusal)
        flash(_("Version %(number)s of the registry is in force.", number=version.number))
        return redirect("/verifier/registry/", 303)

    @pages.post("/remove")
    @allow(_EDITOR)
    def remove() -> ResponseReturnValue:
        """A new version without the issuer."""
        did, seen, why = (request.form.get(name, "") for name in ("did", "seen", "why"))
        try:
            change = Change(did=did, entry=None, seen=seen, by=_who(), why=why)
            version = register.change(change, now=now())
        except (Malformed, Conflict) as refusal:
            return _again(register, refusal)
        flash(_("Version %(number)s of the registry is in force.", number=version.number))
        return redirect("/verifier/registry/", 303)

    @pages.get("/history")
    @allow(_EDITOR)
    def history() -> str:
        """Every version: who made it, when, why, and what it changed."""
        versions = register.versions.history()
        told = [
            Told(after, differences(before.registry, after.registry))
            for after, before in pairwise(versions)
        ]
        return render_template("verifier/registry_history.html", told=told, began=versions[-1])

    @pages.get("/versions/<int:number>")
    @allow(_EDITOR)
    def version(number: int) -> str:
        """One version whole."""
        for one in register.versions.history():
            if one.number == number:
                return render_template("verifier/registry.html", version=one, may_edit=False)
        raise Missing("trust-registry", "There is no such version.")

    return pages


def _who() -> str:
    person = signed_in_person()
    return f"{person.name} <{person.email}>"


def _again(register: Register, refusal: Malformed | Conflict) -> ResponseReturnValue:
    """The form once more, with what is in force now and what the editor had entered."""
    entry = register.versions.latest().registry.issuers.get(request.form.get("did", ""))
    status = 409 if isinstance(refusal, Conflict) else 400
    return make_response(_form(entry, refusal), status)


def _form(entry: KnownIssuer | None, refusal: Malformed | Conflict | None = None) -> str:
    # What was to be taken out is shown as it stands; what was to be saved, as it was entered.
    given = request.form if refusal is not None and "name" in request.form else {}
    invalid = isinstance(refusal, Malformed)
    ticked = request.form.getlist("issues") if given else sorted(entry.issues if entry else ())
    return render_template(
        "verifier/registry_form.html",
        entry=entry,
        # After a conflict the editor has seen what is there now, and decides anew.
        seen=given["seen"] if invalid and "seen" in given else seal_of(entry),
        given=given,
        ticked=ticked,
        kinds=KINDS,
        others=given.get("others", "") if given else " ".join(sorted(set(ticked) - set(KINDS))),
        refusal=refusal,
    )
