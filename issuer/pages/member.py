"""A member's own: obligations, contributions, and the badges to fetch."""

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import allow, signed_in_person
from issuer.offers import OfferMade
from issuer.oid4vci import offer
from issuer.pages.activity import evidence_in_form
from issuer.pages.house import House, required
from issuer.states import ContributionState
from openid4vc.issuance.offer import offer_by_value
from vc.errors import Conflict, Malformed


def add_views(pages: Blueprint, house: House) -> None:
    """What belongs to the member who is signed in, and to nobody else."""
    _add_home(pages, house)
    _add_contributions(pages, house)
    _add_offers(pages, house)


def _add_home(pages: Blueprint, house: House) -> None:
    @pages.get("/me")
    @allow("member")
    def me() -> str:
        person_id, today = signed_in_person().id, house.now().date()
        home = house.records.members.home(person_id)
        policy = house.records.members.policy_in_force(today)
        years = house.office.community.obligations(person_id=person_id, policy=policy, today=today)
        return render_template(
            "issuer/me.html", home=home, years=years, rule=policy.obligations, now=house.now()
        )


def _add_contributions(pages: Blueprint, house: House) -> None:
    @pages.get("/contributions/<contribution_id>")
    @allow("member")
    def contribution(contribution_id: str) -> str:
        return _contribution_page(house, contribution_id, None)

    @pages.post("/contributions/<contribution_id>")
    @allow("member")
    def revise(contribution_id: str) -> ResponseReturnValue:
        try:
            house.office.activities.resubmit(
                contribution_id=contribution_id,
                author_id=signed_in_person().id,
                evidence=evidence_in_form(),
                now=house.now(),
            )
        except Malformed as error:
            return _contribution_page(house, contribution_id, error), 400
        flash(_("The revision is handed in, and goes to a new panel that keeps one judge."))
        return redirect(f"/issuer/contributions/{contribution_id}", 303)

    @pages.post("/contributions/<contribution_id>/appeal")
    @allow("member")
    def appeal(contribution_id: str) -> ResponseReturnValue:
        try:
            house.office.appeals.appeal(
                contribution_id=contribution_id,
                author_id=signed_in_person().id,
                reason=required("grounds"),
                now=house.now(),
            )
        except Malformed as error:
            return _contribution_page(house, contribution_id, error), 400
        flash(_("Your appeal goes to somebody from outside your circle who has not judged it."))
        return redirect(f"/issuer/contributions/{contribution_id}", 303)

    @pages.get("/contributions/<contribution_id>/evidence/<digest>")
    @allow("member", "moderator")
    def evidence(contribution_id: str, digest: str) -> Response:
        person = signed_in_person()
        file = house.records.cases.file(
            contribution_id,
            digest,
            person_id=person.id,
            moderates=person.id if "moderator" in person.roles else "",
        )
        response = make_response(file.content)
        # A stranger's file is never shown as our page.
        response.mimetype = "application/octet-stream"
        response.headers.set("Content-Disposition", "attachment", filename=file.name)
        return response


def _add_offers(pages: Blueprint, house: House) -> None:
    @pages.post("/me/card")
    @allow("member")
    def offer_card() -> str:
        person_id = signed_in_person().id
        if house.records.members.home(person_id).did is not None:
            raise Conflict("wallet-bound", _("A wallet is bound to you already."))
        made = house.office.offers.offer_card(person_id=person_id, now=house.now())
        return _offer_page(house, made, _("Membership card"))

    @pages.post("/me/badges/<credential_id>/offer")
    @allow("member")
    def offer_badge(credential_id: str) -> str:
        person_id = signed_in_person().id
        made = house.office.offers.offer(
            credential_id=credential_id, person_id=person_id, now=house.now()
        )
        home = house.records.members.home(person_id)
        name = next((b.name for b in home.badges if b.credential == credential_id), _("Badge"))
        return _offer_page(house, made, name)


def _contribution_page(house: House, contribution_id: str, refusal: Malformed | None) -> str:
    author_id = signed_in_person().id
    own = house.records.members.contribution(contribution_id, author_id)
    return render_template(
        "issuer/contribution.html",
        own=own,
        case=house.records.cases.case(contribution_id),
        feedback=house.office.panels.feedback(contribution_id=contribution_id, author_id=author_id),
        asks_revision=own.entry.state == ContributionState.REVISE,
        may_appeal=own.appeal_ends is not None and house.now() < own.appeal_ends,
        refusal=refusal,
        given=request.form,
    )


def _offer_page(house: House, made: OfferMade, name: str) -> str:
    """The offer as a link to our wallet, and as a picture and a text for any other."""
    uri = offer_by_value(offer(made, origin=house.origin))
    picture = segno.make(uri, error="l")
    return render_template(
        "issuer/offer.html",
        name=name,
        uri=uri,
        wallet=f"/wallet/offers?{uri.partition('?')[2]}",
        picture=picture.svg_data_uri(scale=4, border=4, dark="#16203a", light="#ffffff"),
        expires_at=made.expires_at,
    )
