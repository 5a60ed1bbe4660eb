"""The issuer's desk: panels to draw and close, moderation, and what was awarded."""

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import allow, signed_in_person
from issuer.pages.house import House, required
from issuer.peers.decision import PanelOutcome
from vc.errors import Malformed, Missing

Act = Callable[[str], object]
# Which changes make sense for an award as it stands.
_CHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "valid": ("suspend", "revoke"),
    "suspended": ("reinstate", "revoke"),
    "revoked": (),
}


def add_views(pages: Blueprint, house: House) -> None:
    """The desk of administrators and moderators."""
    _add_desk(pages, house)
    _add_lapsing(pages, house)
    _add_moderation(pages, house)
    _add_awards(pages, house)
    _add_changes(pages, house)


def _add_desk(pages: Blueprint, house: House) -> None:
    office = house.office

    @pages.get("/desk")
    @allow("issuer_admin", "moderator")
    def desk() -> str:
        return render_template("issuer/desk.html", desk=house.records.desk.view(), now=house.now())

    @pages.post("/desk/activities/<activity_id>/<step>")
    @allow("issuer_admin")
    def step_of_activity(activity_id: str, step: str) -> ResponseReturnValue:
        steps: dict[str, Act] = {
            "open": lambda one: office.activities.open(one, now=house.now()),
            "withdraw": lambda one: office.activities.withdraw(one, now=house.now()),
            "close": lambda one: office.level.close(activity_id=one, now=house.now()),
            "finish": lambda one: office.level.finish(activity_id=one, now=house.now()),
        }
        return _done(steps, step, activity_id)

    @pages.post("/desk/contributions/<contribution_id>/<step>")
    @allow("issuer_admin")
    def step_of_contribution(contribution_id: str, step: str) -> ResponseReturnValue:
        steps: dict[str, Act] = {
            "draw": lambda one: office.lottery.draw(contribution_id=one, now=house.now()),
            "replace": lambda one: office.lottery.replace_overdue(
                contribution_id=one, now=house.now()
            ),
            "close": lambda one: office.panels.close(contribution_id=one, now=house.now()),
            "award": lambda one: office.awarding.award(contribution_id=one, now=house.now()),
        }
        return _done(steps, step, contribution_id)


def _add_lapsing(pages: Blueprint, house: House) -> None:
    @pages.get("/desk/contributions/<contribution_id>/end")
    @allow("issuer_admin")
    def ending(contribution_id: str) -> str:
        return _ending_page(house, contribution_id, None)

    @pages.post("/desk/contributions/<contribution_id>/end")
    @allow("issuer_admin")
    def end(contribution_id: str) -> ResponseReturnValue:
        try:
            house.office.lapsing.end(
                contribution_id=contribution_id, reason=required("reason"), now=house.now()
            )
        except Malformed as error:
            return _ending_page(house, contribution_id, error), 400
        flash(_("It is ended. The author reads your reason."))
        return redirect("/issuer/desk", 303)


def _ending_page(house: House, contribution_id: str, refusal: Malformed | None) -> str:
    return render_template(
        "issuer/ending.html", case=house.records.cases.case(contribution_id), refusal=refusal
    )


def _add_moderation(pages: Blueprint, house: House) -> None:
    @pages.get("/desk/moderation/<contribution_id>")
    @allow("moderator")
    def moderation(contribution_id: str) -> str:
        return _moderation_page(house, contribution_id, None)

    @pages.post("/desk/moderation/<contribution_id>")
    @allow("moderator")
    def moderate(contribution_id: str) -> ResponseReturnValue:
        try:
            house.office.panels.moderate(
                contribution_id=contribution_id,
                moderator_id=signed_in_person().id,
                outcome=_outcome(),
                reason=required("reason"),
                now=house.now(),
            )
        except Malformed as error:
            return _moderation_page(house, contribution_id, error), 400
        flash(_("Your decision is recorded with its reason."))
        return redirect("/issuer/desk", 303)


def _add_awards(pages: Blueprint, house: House) -> None:
    @pages.get("/desk/awards")
    @allow("issuer_admin", "moderator")
    def awards() -> str:
        search = request.args.get("q", "")
        found = house.records.desk.awards(search)
        return render_template("issuer/awards.html", awards=found, search=search)

    @pages.get("/desk/awards/<credential_id>")
    @allow("issuer_admin", "moderator")
    def award(credential_id: str) -> str:
        view = house.records.desk.award(credential_id)
        return render_template("issuer/award.html", award=view, changes=_CHANGES[view.standing])


def _add_changes(pages: Blueprint, house: House) -> None:
    awarding = house.office.awarding
    act = {
        "revoke": awarding.revoke,
        "suspend": awarding.suspend,
        "reinstate": awarding.reinstate,
    }

    @pages.get("/desk/awards/<credential_id>/<change>")
    @allow("issuer_admin")
    def confirm(credential_id: str, change: str) -> str:
        return _confirm_page(house, credential_id, change, None)

    @pages.post("/desk/awards/<credential_id>/<change>")
    @allow("issuer_admin")
    def change_award(credential_id: str, change: str) -> ResponseReturnValue:
        if change not in act:
            raise Missing("change", _("There is no such step."))
        house.records.desk.award(credential_id)
        try:
            act[change](credential_id, reason=required("reason"), now=house.now())
        except Malformed as error:
            return _confirm_page(house, credential_id, change, error), 400
        flash(_("Done. Whoever verifies the badge sees it from now on."))
        return redirect(f"/issuer/desk/awards/{credential_id}", 303)


def _done(steps: Mapping[str, Act], step: str, about: str) -> ResponseReturnValue:
    if step not in steps:
        raise Missing("step", _("There is no such step."))
    steps[step](about)
    flash(_("Done, and recorded."))
    return redirect("/issuer/desk", 303)


def _outcome() -> PanelOutcome:
    try:
        return PanelOutcome(required("outcome"))
    except ValueError as error:
        raise Malformed("moderation", _("This is no decision."), place="outcome") from error


def _moderation_page(house: House, contribution_id: str, refusal: Malformed | None) -> str:
    split = house.records.desk.split(contribution_id)
    return render_template(
        "issuer/moderation.html",
        case=house.records.cases.case(contribution_id),
        split=split,
        refusal=refusal,
        given=request.form,
    )


def _confirm_page(house: House, credential_id: str, change: str, refusal: Malformed | None) -> str:
    view = house.records.desk.award(credential_id)
    if change not in _CHANGES[view.standing]:
        raise Missing("change", _("This cannot be done to the award as it stands."))
    return render_template("issuer/confirm.html", award=view, change=change, refusal=refusal)
