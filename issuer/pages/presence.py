"""The roll of an activity: providers, or the desk, confirm who was present."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.guard import allow, signed_in_person
from issuer.pages.house import House
from issuer.reading.community import RollView
from vc.errors import Conflict, Forbidden

_DESK = "issuer_admin"


def add_views(pages: Blueprint, house: House) -> None:
    """The roll, for those who provide the activity and for the desk."""

    @pages.get("/<tenant>/activities/<activity_id>/roll")
    @allow("member", _DESK)
    def roll(tenant: str, activity_id: str) -> str:
        return render_template(
            "issuer/roll.html",
            roll=_roll(house, tenant, activity_id),
            view=house.records.activities.activity(
                tenant, activity_id, viewer=signed_in_person().id
            ).entry,
        )

    @pages.post("/<tenant>/activities/<activity_id>/roll")
    @allow("member", _DESK)
    def confirm_presence(tenant: str, activity_id: str) -> ResponseReturnValue:
        _roll(house, tenant, activity_id)
        person, present = signed_in_person(), request.form.getlist("present")
        if not present:
            raise Conflict("attendance", _("Choose who was present."))
        if person.id in present:
            raise Forbidden("attendance", _("Nobody confirms their own attendance."))
        house.office.activities.confirm_attendance(
            activity_id=activity_id,
            person_ids=present,
            now=house.now(),
            provider_id=None if _DESK in person.roles else person.id,
        )
        flash(
            ngettext(
                "The attendance of %(num)s member is confirmed.",
                "The attendance of %(num)s members is confirmed.",
                len(present),
            )
        )
        path = house.records.activities.path(activity_id, tenant=tenant)
        return redirect(f"{path}/roll", 303)


def _roll(house: House, tenant: str, activity_id: str) -> RollView:
    person = signed_in_person()
    return house.records.community.roll(
        tenant, activity_id, reader_id=person.id, at_desk=_DESK in person.roles
    )
