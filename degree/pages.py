"""The office's pages: what a degree asks for, an audit as it is read, and the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.guard import ANYONE, SIGNED_IN, allow, current_person, signed_in_person
from degree.board.approving import Approving
from degree.board.exceptions import Exceptions
from degree.board.meetings import Meetings
from degree.board.showing import shown
from degree.buckets import asks
from degree.catalogue import Catalogue
from degree.conferring import Conferring
from degree.files import File
from degree.overall import overall
from degree.reception import Reception
from degree.registry import Registry
from degree.roles import REGISTRAR, STAFF
from degree.rules.exact import CreditUnit, amount_in, credits_text, number_in
from degree.schemas import read_ask, read_confer
from degree.standings import by_standing
from degree.statement import statement
from degree.statistics import SMALLEST, told
from degree.tables import ConferralRow
from degree.ways import way
from degree.wording import day
from vc.errors import Conflict, Forbidden, Refused, Unavailable


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases behind the pages, and the clock."""

    catalogue: Catalogue
    reception: Reception
    registry: Registry
    conferring: Conferring
    exceptions: Exceptions
    approving: Approving
    meetings: Meetings
    now: Callable[[], datetime]


def pages(desk: Desk) -> Blueprint:
    """Everything under /degree that is for people."""
    blueprint = Blueprint("degree", __name__, url_prefix="/degree", template_folder="templates")
    blueprint.app_template_filter("uk_credits")(credits_text)
    blueprint.app_template_filter("number_in")(
        lambda amount, unit: number_in(CreditUnit(unit), amount)
    )
    blueprint.app_template_filter("amount_in")(
        lambda amount, unit: amount_in(CreditUnit(unit), amount)
    )
    blueprint.app_template_filter("bucket_asks")(asks)
    blueprint.app_template_filter("overall")(overall)
    blueprint.app_template_filter("day")(day)
    for add_views in (_add_front, _add_asking, _add_audits, _add_registry):
        add_views(blueprint, desk)
    return blueprint


def wallet_page(authorization_uri: str) -> str:
    """The page of the member's own wallet that shows a request of ours."""
    return f"/wallet/present?{urlsplit(authorization_uri).query}"


def _add_front(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/")
    @allow(ANYONE)
    def home() -> str:
        person = current_person()
        return render_template(
            "degree/home.html",
            programmes=desk.catalogue.all(),
            latest=desk.registry.latest(person.id) if person else None,
            is_registrar=bool(person and REGISTRAR in person.roles),
            is_staff=bool(person and person.roles & STAFF),
        )


def _add_asking(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post("/ask")
    @allow(SIGNED_IN)
    def ask() -> str:
        programme = read_ask(request.form)
        uri = desk.reception.ask(signed_in_person(), programme=programme, now=desk.now())
        return render_template(
            "degree/ask.html",
            programme=desk.catalogue.applied(programme).programme,
            uri=uri,
            wallet=wallet_page(uri),
            code=segno.make(uri, error="l").svg_data_uri(scale=4, border=3, light="white"),
        )

    @blueprint.get("/answers/<code>")
    @allow(SIGNED_IN)
    def answered(code: str) -> Response:
        person = signed_in_person()
        application = desk.reception.claim(code, person, now=desk.now())
        audited = desk.registry.audit_once(application.id, now=desk.now())
        return redirect(f"/degree/audits/{audited.id}", 303)


def _add_audits(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/audits/<audit_id>")
    @allow(SIGNED_IN)
    def audit(audit_id: str) -> str:
        person = signed_in_person()
        file = desk.registry.file(audit_id, reader=person)
        is_own = file.case.application.person_id == person.id
        is_staff = bool(person.roles & STAFF) and not is_own
        return render_template(
            "degree/audit.html",
            file=file,
            case=file.case,
            statement=statement(file),
            way=None if file.case.conferral else way(file.decision, programme=file.programme),
            earlier=_earlier(desk, file),
            exceptions=shown(file, desk.exceptions.of(file), for_staff=is_staff),
            approvals=desk.approving.seen(file, person),
            is_own=is_own,
            is_staff=is_staff,
            is_registrar=REGISTRAR in person.roles,
            show_all="all" in request.args,
        )


def _earlier(desk: Desk, file: File) -> list[tuple[ConferralRow, str]]:
    """What was conferred on the person by other audits, with the titles of the awards.

    An audit after a conferral has fewer badges, and must not look as if nothing had been earned.
    """
    titles = {award.id: award.title for award in file.programme.awards}
    return [
        (conferral, titles.get(conferral.award, conferral.award))
        for conferral, decision in desk.registry.awards(file.case.application.person_id)
        if conferral.is_carried_out and decision.id != file.case.decision.id
    ]


def _add_registry(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/registry/")
    @allow(REGISTRAR)
    def registry() -> str:
        return render_template(
            "degree/registry.html",
            groups=by_standing(desk.registry.cases(), approved=desk.approving.complete()),
            amendments=desk.registry.amendments(),
            titles={programme.id: programme.title for programme in desk.catalogue.all()},
        )

    @blueprint.get("/registry/statistics")
    @allow(REGISTRAR)
    def statistics() -> str:
        found, catalogue = desk.registry.figures(), desk.catalogue
        return render_template(
            "degree/statistics.html",
            programmes=[
                told(found[each.id], [one.programme for one in catalogue.versions(each.id)])
                for each in catalogue.all()
                if each.id in found
            ],
            least=SMALLEST,
        )

    @blueprint.post("/registry/<audit_id>/again")
    @allow(REGISTRAR)
    def again(audit_id: str) -> Response:
        file = desk.registry.file(audit_id, reader=signed_in_person())
        row = desk.registry.recheck(file.case.application.id, now=desk.now())
        flash(_("The badges were verified again; this is the new audit."))
        return redirect(f"/degree/audits/{row.id}", 303)

    @blueprint.get("/registry/<audit_id>/confer")
    @allow(REGISTRAR)
    def confirm(audit_id: str) -> str:
        file = desk.registry.file(audit_id, reader=signed_in_person())
        if file.earned is None:
            raise Conflict("not-earned", _("No award is earned by this audit."))
        return render_template(
            "degree/confer.html",
            file=file,
            statement=statement(file),
            approvals=desk.approving.seen(file, signed_in_person()),
            refusal=None,
            newer=None,
        )

    @blueprint.post("/registry/<audit_id>/confer")
    @allow(REGISTRAR)
    def confer(audit_id: str) -> Response:
        file = desk.registry.file(audit_id, reader=signed_in_person())
        if file.earned != read_confer(request.form):
            raise Conflict("award", _("This audit found another award."), place="award")
        try:
            conferred = desk.conferring.confer(audit_id, signed_in_person(), now=desk.now())
        except (Conflict, Forbidden, Unavailable) as refusal:
            return _not_conferred(desk, file, refusal)
        flash(
            _(
                "The award is conferred, and the university has signed it with its transcript. "
                "The member can take both into their wallet from their audit."
            )
        )
        return redirect(f"/degree/audits/{conferred.decision_id}", 303)


def _not_conferred(desk: Desk, file: File, refusal: Refused) -> Response:
    latest = desk.registry.latest(file.case.application.person_id)
    page = render_template(
        "degree/confer.html",
        file=file,
        statement=statement(file),
        approvals=desk.approving.seen(file, signed_in_person()),
        refusal=refusal,
        newer=latest if latest and latest.decision.id != file.case.decision.id else None,
    )
    status = {Forbidden: 403, Unavailable: 503}.get(type(refusal), 409)
    return make_response(page, status)
