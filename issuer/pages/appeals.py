"""Appeals at the desk: an outsider looks again, and decides with a reason."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import allow, signed_in_person
from issuer.appeals import AppealOutcome
from issuer.pages.house import House, required
from vc.errors import Malformed


def add_views(pages: Blueprint, house: House) -> None:
    """What moderators see of an appeal."""

    @pages.get("/desk/appeals/<contribution_id>")
    @allow("moderator")
    def contested(contribution_id: str) -> str:
        return _appeal_page(house, contribution_id, None)

    @pages.post("/desk/appeals/<contribution_id>")
    @allow("moderator")
    def decide_appeal(contribution_id: str) -> ResponseReturnValue:
        try:
            house.office.appeals.decide(
                contribution_id=contribution_id,
                outsider_id=signed_in_person().id,
                outcome=_outcome(),
                reason=required("reason"),
                now=house.now(),
            )
        except Malformed as error:
            return _appeal_page(house, contribution_id, error), 400
        flash(_("Your decision is recorded with its reason."))
        return redirect("/issuer/desk", 303)


def _appeal_page(house: House, contribution_id: str, refusal: Malformed | None) -> str:
    return render_template(
        "issuer/appeal.html",
        contested=house.records.desk.contested(contribution_id),
        case=house.records.cases.case(contribution_id),
        refusal=refusal,
        given=request.form,
    )


def _outcome() -> AppealOutcome:
    try:
        return AppealOutcome(required("outcome"))
    except ValueError as error:
        raise Malformed("appeal", _("This is no decision."), place="outcome") from error
