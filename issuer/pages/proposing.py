"""Proposing an activity, helping to provide one, and taking a proposal or one's part back."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import allow, signed_in_person
from issuer.pages.house import House, required
from issuer.peers.activity import Part
from issuer.proposals import Proposal
from vc.errors import Malformed

_PORTFOLIO = "portfolio"


def add_views(pages: Blueprint, house: House) -> None:
    """What members begin, and may still take back."""
    _add_proposing(pages, house)
    _add_parts(pages, house)


def _add_proposing(pages: Blueprint, house: House) -> None:
    @pages.get("/activities/new")
    @allow("member")
    def proposal_form() -> str:
        return _form_page(house, None)

    @pages.post("/activities/new")
    @allow("member")
    def propose() -> ResponseReturnValue:
        try:
            activity_id = house.office.proposals.propose(
                _proposal(), person_id=signed_in_person().id, now=house.now()
            )
        except Malformed as error:
            return _form_page(house, error), 400
        flash(_("It is proposed. Others can join you in providing it until the desk opens it."))
        return redirect(house.records.activities.path(activity_id), 303)


def _add_parts(pages: Blueprint, house: House) -> None:
    activities = house.office.activities

    @pages.post("/<tenant>/activities/<activity_id>/join")
    @allow("member")
    def join(tenant: str, activity_id: str) -> ResponseReturnValue:
        path = house.records.activities.path(activity_id, tenant=tenant)
        part = _part()
        activities.join(activity_id=activity_id, person_id=signed_in_person().id, part=part)
        if part is Part.PROVIDER:
            flash(_("You provide it with the others. You will not judge its level."))
        else:
            flash(_("You take part. It counts when your attendance is confirmed."))
        return redirect(path, 303)

    @pages.post("/<tenant>/activities/<activity_id>/leave")
    @allow("member")
    def leave(tenant: str, activity_id: str) -> ResponseReturnValue:
        path = house.records.activities.path(activity_id, tenant=tenant)
        activities.leave(activity_id=activity_id, person_id=signed_in_person().id)
        flash(_("You no longer take part."))
        return redirect(path, 303)

    @pages.post("/<tenant>/activities/<activity_id>/withdraw")
    @allow("member")
    def withdraw(tenant: str, activity_id: str) -> ResponseReturnValue:
        house.records.activities.path(activity_id, tenant=tenant)
        activities.withdraw(activity_id, now=house.now(), provider_id=signed_in_person().id)
        flash(_("The proposal is withdrawn."))
        return redirect("/issuer/activities/", 303)


def _part() -> Part:
    part = request.form.get("part", Part.PARTICIPANT)
    if part not in {Part.PARTICIPANT, Part.PROVIDER}:
        raise Malformed("part", _("There is no such part to take."), place="part")
    return Part(part)


def _proposal() -> Proposal:
    return Proposal(
        title=required("title"),
        description=required("description"),
        kind=required("kind"),
        context_id=required("context"),
        begins=_day("begins"),
        ends=_day("ends"),
        badges=request.form.getlist("badges"),
        portfolio=request.form.get("judged") == _PORTFOLIO,
    )


def _day(field: str) -> date:
    try:
        return date.fromisoformat(required(field))
    except ValueError as error:
        sentence = _("A day is expected, such as %(example)s.", example="2026-11-22")
        raise Malformed("form", sentence, place=field) from error


def _form_page(house: House, refusal: Malformed | None) -> str:
    home = house.records.members.home(signed_in_person().id)
    return render_template(
        "issuer/propose.html",
        circle=home.circle,
        badges=house.records.menu.page().entries,
        contexts=house.records.community.contexts(),
        own_context=home.context,
        refusal=refusal,
        given=request.form,
        chosen=request.form.getlist("badges"),
    )
