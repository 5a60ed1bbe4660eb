"""Activities: the list, each one with its result, and handing in."""

import re

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import ANYONE, allow, signed_in_person
from issuer.evidence import Evidence
from issuer.pages.house import House, required, viewer
from issuer.reading.activities import ActivityView
from issuer.states import ActivityState
from vc.errors import Forbidden, Malformed

_LONGEST_NAME = 200  # characters, as the table keeps them
# It goes out again as a header; the table keeps 100 characters.
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,49}/[a-z0-9.+-]{1,50}")
_STATES = {
    "proposed": (ActivityState.PROPOSED,),
    "open": (ActivityState.OPEN,),
    "decided": (ActivityState.CLOSED, ActivityState.FINISHED),
}


def add_views(pages: Blueprint, house: House) -> None:
    """What anyone may see, and what members do."""
    _add_reading(pages, house)
    _add_handing_in(pages, house)


def _add_reading(pages: Blueprint, house: House) -> None:
    @pages.get("/activities/")
    @allow(ANYONE)
    def activities() -> str:
        circle, state = request.args.get("circle", ""), request.args.get("state", "")
        page = house.records.activities.page(
            circle=circle,
            states=_STATES.get(state, ()),
            page=request.args.get("page", 1, type=int),
        )
        return render_template("issuer/activities.html", listing=page, circle=circle, state=state)

    @pages.get("/<tenant>/activities/<activity_id>")
    @allow(ANYONE)
    def activity(tenant: str, activity_id: str) -> str:
        return render_template(
            "issuer/activity.html",
            view=_view(house, tenant, activity_id),
            standing=house.records.members.standing(activity_id, viewer()),
        )

    @pages.get("/<tenant>/circles/<circle_id>")
    @allow(ANYONE)
    def circle(tenant: str, circle_id: str) -> str:
        view = house.records.activities.circle(tenant, circle_id)
        return render_template("issuer/circle.html", circle=view)


def _add_handing_in(pages: Blueprint, house: House) -> None:
    @pages.get("/<tenant>/activities/<activity_id>/hand-in")
    @allow("member")
    def hand_in_form(tenant: str, activity_id: str) -> str:
        return _hand_in_page(house, tenant, activity_id, None)

    @pages.post("/<tenant>/activities/<activity_id>/hand-in")
    @allow("member")
    def hand_in(tenant: str, activity_id: str) -> ResponseReturnValue:
        try:
            contribution = house.office.activities.hand_in(
                activity_id=activity_id,
                author_id=signed_in_person().id,
                achievement_id=required("achievement"),
                evidence=evidence_in_form(),
                now=house.now(),
            )
        except Malformed as error:
            return _hand_in_page(house, tenant, activity_id, error), 400
        flash(_("It is handed in. A panel is drawn by lot; you will not learn who sits on it."))
        return redirect(f"/issuer/contributions/{contribution}", 303)


def evidence_in_form() -> list[Evidence]:
    """The artefact, as text or as a file, and the reflection. Raises Malformed."""
    name = required("artefact_name")[:_LONGEST_NAME]
    upload = request.files.get("artefact_file")
    if upload is not None and upload.filename and request.form.get("artefact", "").strip():
        sentence = _(
            "Write the artefact here or choose a file, not both: one of them would be lost."
        )
        raise Malformed("evidence", sentence, place="artefact")
    if upload is not None and upload.filename:
        content, media_type = upload.read(), upload.mimetype
        if not _MEDIA_TYPE.fullmatch(media_type):
            media_type = "application/octet-stream"
        name = f"{name} ({upload.filename})"[:_LONGEST_NAME]
    else:
        content, media_type = request.form.get("artefact", "").strip().encode(), "text/markdown"
    if not content:
        sentence = _("Write the artefact here, or choose a file.")
        raise Malformed("evidence", sentence, place="artefact")
    return [
        Evidence(genre="artefact", name=name, media_type=media_type, content=content),
        Evidence(
            genre="reflection",
            name=_("Reflection"),
            media_type="text/markdown",
            content=required("reflection").encode(),
        ),
    ]


def _view(house: House, tenant: str, activity_id: str) -> ActivityView:
    return house.records.activities.activity(tenant, activity_id, viewer=viewer())


def _hand_in_page(house: House, tenant: str, activity_id: str, refusal: Malformed | None) -> str:
    view = _view(house, tenant, activity_id)
    standing = house.records.members.standing(activity_id, signed_in_person().id)
    if standing is None or not standing.may_hand_in:
        sentence = _("Nothing to hand in: you did, or your attendance is not confirmed.")
        raise Forbidden("hand-in", sentence)
    return render_template(
        "issuer/hand_in.html",
        title=view.entry.title,
        back=view.entry.path,
        badges=standing.may_hand_in,
        criteria=view.evidence_criteria,
        refusal=refusal,
        given=request.form,
    )
