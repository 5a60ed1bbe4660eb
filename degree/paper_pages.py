"""The pages of an award's papers: taken into the wallet, read, corrected, withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.guard import SIGNED_IN, allow, signed_in_person
from degree.amending import Amending
from degree.conferring import Conferring
from degree.files import File
from degree.roles import REGISTRAR
from degree.schemas import read_correction, read_withdrawal
from degree.tables import CORRECTION, WITHDRAWAL
from vc.errors import Conflict, Forbidden, Malformed, Refused, Unavailable


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """The use cases behind the pages, and the clock."""

    conferring: Conferring
    amending: Amending
    now: Callable[[], datetime]


def pages(desk: PaperDesk) -> Blueprint:
    """What is under /degree for the papers of an award."""
    blueprint = Blueprint("degree_papers", __name__, url_prefix="/degree")
    _add_papers(blueprint, desk)
    _add_amendments(blueprint, desk)
    return blueprint


def wallet_offer(offer_uri: str) -> str:
    """The page of the member's own wallet that shows an offer."""
    return f"/wallet/offers?{urlsplit(offer_uri).query}"


def _add_papers(blueprint: Blueprint, desk: PaperDesk) -> None:
    @blueprint.post("/audits/<audit_id>/papers/<int:number>/offer")
    @allow(SIGNED_IN)
    def offer(audit_id: str, number: int) -> Response:
        offered = desk.conferring.offer(audit_id, number, reader=signed_in_person())
        return redirect(wallet_offer(offered), 303)

    @blueprint.get("/audits/<audit_id>/supplement.pdf")
    @allow(SIGNED_IN)
    def supplement(audit_id: str) -> Response:
        paper = desk.conferring.supplement(audit_id, reader=signed_in_person())
        response = make_response(paper)
        response.mimetype = "application/pdf"
        response.headers["Content-Disposition"] = 'attachment; filename="diploma-supplement.pdf"'
        return response

    @blueprint.post("/registry/<audit_id>/go-on")
    @allow(REGISTRAR)
    def go_on(audit_id: str) -> Response:
        desk.conferring.go_on(audit_id, signed_in_person(), now=desk.now())
        flash(_("The university has done all of it."))
        return _audit(audit_id)


def _add_amendments(blueprint: Blueprint, desk: PaperDesk) -> None:
    @blueprint.get("/registry/<audit_id>/withdraw")
    @allow(REGISTRAR)
    def confirm_withdrawal(audit_id: str) -> str:
        return _form(desk, audit_id, WITHDRAWAL)

    @blueprint.post("/registry/<audit_id>/withdraw")
    @allow(REGISTRAR)
    def withdraw(audit_id: str) -> Response:
        try:
            grounds = read_withdrawal(request.form)
            desk.amending.withdraw(audit_id, signed_in_person(), grounds, now=desk.now())
        except (Malformed, Conflict, Forbidden, Unavailable) as refusal:
            return _refused(desk, audit_id, WITHDRAWAL, refusal)
        flash(_("The award is withdrawn, and its papers are revoked."))
        return _audit(audit_id)

    @blueprint.get("/registry/<audit_id>/correct")
    @allow(REGISTRAR)
    def confirm_correction(audit_id: str) -> str:
        return _form(desk, audit_id, CORRECTION)

    @blueprint.post("/registry/<audit_id>/correct")
    @allow(REGISTRAR)
    def correct(audit_id: str) -> Response:
        try:
            name, grounds = read_correction(request.form)
            desk.amending.correct(audit_id, signed_in_person(), grounds, name=name, now=desk.now())
        except (Malformed, Conflict, Forbidden, Unavailable) as refusal:
            return _refused(desk, audit_id, CORRECTION, refusal)
        flash(_("The papers are signed anew, and the old ones are revoked."))
        return _audit(audit_id)


def _audit(audit_id: str) -> Response:
    return redirect(f"/degree/audits/{audit_id}#conferral", 303)


def _form(desk: PaperDesk, audit_id: str, kind: str, refusal: Refused | None = None) -> str:
    file = desk.amending.file(audit_id, signed_in_person())
    return render_template(
        "degree/amend.html",
        file=file,
        kind=kind,
        title=_title(file),
        name=desk.amending.name(file),
        refusal=refusal,
        given=request.form,
    )


def _title(file: File) -> str:
    titles = {award.id: award.title for award in file.programme.awards}
    award = file.case.conferral.award if file.case.conferral else ""
    return titles.get(award, award)


def _refused(desk: PaperDesk, audit_id: str, kind: str, refusal: Refused) -> Response:
    status = {Malformed: 400, Forbidden: 403, Unavailable: 503}.get(type(refusal), 409)
    return make_response(_form(desk, audit_id, kind, refusal), status)
