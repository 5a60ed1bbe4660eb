"""The ballot forms: what a judge answers here, the judge's own wallet signs."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import allow, signed_in_person
from issuer.pages.house import House, required, to_the_wallet
from issuer.panels import JudgesPaper
from issuer.peers.ballots import Answer, Mark
from issuer.peers.rubric import Criterion
from vc.errors import Malformed


def add_views(pages: Blueprint, house: House) -> None:
    """The papers, each for those who may judge."""
    _add_level(pages, house)
    _add_panel(pages, house)
    _add_giving_back(pages, house)


def _add_level(pages: Blueprint, house: House) -> None:
    @pages.get("/<tenant>/activities/<activity_id>/ballot")
    @allow("member")
    def level_paper(tenant: str, activity_id: str) -> str:
        return _level_page(house, tenant, activity_id, None)

    @pages.post("/<tenant>/activities/<activity_id>/ballot")
    @allow("member")
    def level_ballot(tenant: str, activity_id: str) -> ResponseReturnValue:
        person_id = signed_in_person().id
        paper = house.office.level.paper(activity_id=activity_id, person_id=person_id)
        try:
            request_uri = house.office.requests.prepare_level(
                activity_id=activity_id,
                person_id=person_id,
                answers={c.id: _answer(f"answer-{c.id}") for c in paper.rubric.criteria},
                verdict=_answer("verdict"),
                now=house.now(),
            )
        except Malformed as error:
            return _level_page(house, tenant, activity_id, error), 400
        return to_the_wallet(request_uri)


def _add_panel(pages: Blueprint, house: House) -> None:
    @pages.get("/contributions/<contribution_id>/ballot")
    @allow("member")
    def panel_paper(contribution_id: str) -> str:
        return _panel_page(house, contribution_id, None)

    @pages.post("/contributions/<contribution_id>/ballot")
    @allow("member")
    def panel_ballot(contribution_id: str) -> ResponseReturnValue:
        given = _seated(house, contribution_id)
        try:
            request_uri = house.office.requests.prepare_panel(
                contribution_id=contribution_id,
                judge_id=signed_in_person().id,
                marks=_marks(given.paper.rubric.criteria),
                verdict=_answer("verdict"),
                feedback=request.form.get("feedback", "").strip(),
                comment=request.form.get("comment", "").strip(),
                now=house.now(),
            )
        except Malformed as error:
            return _panel_page(house, contribution_id, error), 400
        return to_the_wallet(request_uri)


def _add_giving_back(pages: Blueprint, house: House) -> None:
    @pages.post("/contributions/<contribution_id>/seat")
    @allow("member")
    def give_seat_back(contribution_id: str) -> ResponseReturnValue:
        try:
            house.office.lottery.replace(
                contribution_id=contribution_id,
                judge_id=signed_in_person().id,
                reason=required("why"),
                now=house.now(),
            )
        except Malformed as error:
            return _panel_page(house, contribution_id, error), 400
        flash(_("Your seat goes to the next in the draw."))
        return redirect("/issuer/me", 303)


def _level_page(house: House, tenant: str, activity_id: str, refusal: Malformed | None) -> str:
    person_id = signed_in_person().id
    paper = house.office.level.paper(activity_id=activity_id, person_id=person_id)
    view = house.records.activities.activity(tenant, activity_id, viewer=person_id)
    return render_template(
        "issuer/level_ballot.html", view=view, paper=paper, refusal=refusal, given=request.form
    )


def _panel_page(house: House, contribution_id: str, refusal: Malformed | None) -> str:
    given = _seated(house, contribution_id)
    return render_template(
        "issuer/panel_ballot.html",
        case=house.records.cases.case(contribution_id),
        rubric=given.paper.rubric,
        due_at=given.due_at,
        refusal=refusal,
        given=request.form,
    )


def _seated(house: House, contribution_id: str) -> JudgesPaper:
    """The paper, for a judge who sits. Raises Forbidden for anybody else."""
    return house.office.panels.paper(
        contribution_id=contribution_id, judge_id=signed_in_person().id, now=house.now()
    )


def _answer(field: str) -> Answer:
    try:
        return Answer(required(field))
    except ValueError as error:
        raise Malformed("ballot", "This is no answer.", place=field) from error


def _marks(criteria: Sequence[Criterion]) -> list[Mark]:
    return [
        Mark(
            criterion=criterion.id,
            level=required(f"level-{criterion.id}"),
            evidence=required(f"evidence-{criterion.id}"),
            anchor=required(f"anchor-{criterion.id}"),
        )
        for criterion in criteria
    ]
