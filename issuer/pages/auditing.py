"""Audits at the desk: drawing a sample, looking at its badges again, and the report."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import allow, signed_in_person
from issuer.pages.house import House, required
from issuer.peers.audit import AuditOutcome
from issuer.proposals import FIRST_YEAR, LAST_YEAR
from vc.errors import Malformed

_AUDITS = "/issuer/desk/audits"


def add_views(pages: Blueprint, house: House) -> None:
    """The report for the desk; the sample is for moderators alone."""
    _add_report(pages, house)
    _add_findings(pages, house)


def _add_report(pages: Blueprint, house: House) -> None:
    @pages.get("/desk/audits")
    @allow("issuer_admin", "moderator")
    def audits() -> str:
        return render_template(
            "issuer/audits.html",
            due=house.records.audits.due(house.now().date()),
            audits=house.records.audits.audits(),
        )

    @pages.post("/desk/audits")
    @allow("moderator")
    def draw_sample() -> ResponseReturnValue:
        house.office.auditing.draw(circle_id=required("circle"), begins=_begins(), now=house.now())
        flash(_("The sample is drawn. Nobody but moderators sees it."))
        return redirect(_AUDITS, 303)


def _add_findings(pages: Blueprint, house: House) -> None:
    @pages.get("/desk/audits/<audit_id>/<contribution_id>")
    @allow("moderator")
    def audited_badge(audit_id: str, contribution_id: str) -> str:
        return _audit_page(house, audit_id, contribution_id, None)

    @pages.post("/desk/audits/<audit_id>/<contribution_id>")
    @allow("moderator")
    def find(audit_id: str, contribution_id: str) -> ResponseReturnValue:
        try:
            house.office.auditing.decide(
                audit_id=audit_id,
                contribution_id=contribution_id,
                moderator_id=signed_in_person().id,
                outcome=_outcome(),
                reason=required("reason"),
                now=house.now(),
            )
        except Malformed as error:
            return _audit_page(house, audit_id, contribution_id, error), 400
        flash(_("Your finding is recorded with its reason."))
        return redirect(_AUDITS, 303)


def _audit_page(
    house: House, audit_id: str, contribution_id: str, refusal: Malformed | None
) -> str:
    house.records.audits.expect_waiting(audit_id, contribution_id)
    return render_template(
        "issuer/audit.html",
        case=house.records.cases.case(contribution_id),
        refusal=refusal,
        given=request.form,
    )


def _begins() -> date:
    try:
        begins = date.fromisoformat(required("begins"))
    except ValueError as error:
        raise Malformed("form", _("A day is expected here."), place="begins") from error
    if not FIRST_YEAR <= begins.year <= LAST_YEAR:
        raise Malformed("form", _("No period begins there."), place="begins")
    return begins


def _outcome() -> AuditOutcome:
    try:
        return AuditOutcome(required("outcome"))
    except ValueError as error:
        raise Malformed("audit", _("This is no finding."), place="outcome") from error
