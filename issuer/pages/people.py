"""What the desk records of members, and the conflicts of interest that members declare."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import allow, signed_in_person
from issuer.pages.house import House, required
from vc.errors import Malformed


def add_views(pages: Blueprint, house: House) -> None:
    """The members at the desk, and one's own conflicts."""
    _add_members(pages, house)
    _add_conflicts(pages, house)


def _add_members(pages: Blueprint, house: House) -> None:
    community = house.office.community

    @pages.get("/desk/members")
    @allow("issuer_admin")
    def members() -> str:
        search = request.args.get("q", "")
        found = house.records.community.members(search)
        return render_template("issuer/members.html", members=found, search=search)

    @pages.get("/desk/members/<person_id>")
    @allow("issuer_admin")
    def member(person_id: str) -> str:
        return render_template(
            "issuer/member.html",
            member=house.records.community.member(person_id),
            rubrics=house.records.community.rubrics(),
        )

    @pages.post("/desk/members/<person_id>/identity")
    @allow("issuer_admin")
    def confirm_identity(person_id: str) -> ResponseReturnValue:
        community.confirm_identity(person_id=person_id, now=house.now())
        return _recorded(person_id)

    @pages.post("/desk/members/<person_id>/calibration")
    @allow("issuer_admin")
    def pass_calibration(person_id: str) -> ResponseReturnValue:
        community.pass_calibration(person_id=person_id, rubric=required("rubric"), now=house.now())
        return _recorded(person_id)


def _recorded(person_id: str) -> ResponseReturnValue:
    flash(_("Done, and recorded."))
    return redirect(f"/issuer/desk/members/{person_id}", 303)


def _add_conflicts(pages: Blueprint, house: House) -> None:
    @pages.get("/me/conflicts")
    @allow("member")
    def conflicts() -> str:
        return _conflicts_page(house, None)

    @pages.post("/me/conflicts")
    @allow("member")
    def declare_conflict() -> ResponseReturnValue:
        try:
            house.office.community.declare_conflict(
                person_id=signed_in_person().id, other_id=required("other"), now=house.now()
            )
        except Malformed as error:
            return _conflicts_page(house, error), 400
        flash(_("It is recorded. From now on neither of you judges the other."))
        return redirect("/issuer/me/conflicts", 303)


def _conflicts_page(house: House, refusal: Malformed | None) -> str:
    person_id = signed_in_person().id
    return render_template(
        "issuer/conflicts.html",
        declared=house.records.community.conflicts(person_id),
        others=house.records.community.others(person_id),
        refusal=refusal,
    )
