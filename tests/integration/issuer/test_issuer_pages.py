"""The issuer's pages, as a stranger, a member, a judge and the desk meet them."""

import io
import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from village import NOW, ORIGIN, REFLECTION, Village
from village_site import path_of, reader
from werkzeug.test import TestResponse

from issuer.box import level_poll, panel_poll
from issuer.peers.ballots import Answer
from issuer.tables.credentials import CredentialRow
from vc.encoding import base64url_decode
from vc.errors import Forbidden
from vc.issue import issue
from vc.jose import sign_compact

ANCHOR = "the table on the second page"


def sign_for(app: Flask, village: Village, judge: str, answer: TestResponse) -> TestResponse:
    """What the judge's wallet does with the ballot to which the form led."""
    assert answer.status_code == 303, answer.text[-600:]
    (uri,) = parse_qs(urlsplit(answer.headers["Location"]).query)["request_uri"]
    client, wallet = app.test_client(), village.wallets[judge]
    asked: Any = client.get(urlsplit(uri).path).json
    claims = asked["claims"]
    if claims.get("endorsement"):
        claims["endorsement"] = issue(claims["endorsement"], signer=wallet, created=NOW)
    jws = sign_compact({"typ": "ballot+jwt"}, json.dumps(claims).encode(), signer=wallet)
    return client.post(urlsplit(asked["response_uri"]).path, data={"ballot": jws})


def with_feedback(village: Village, judge: str, jws: str, feedback: str) -> str:
    """The same ballot with some words for the author."""
    claims = json.loads(base64url_decode(jws.split(".")[1]))
    return village.sign(judge, {**claims, "feedback": feedback})


def seated(village: Village, contribution: str) -> str:
    """A judge who can sign in, given the first seat of a fresh panel."""
    village.lottery.draw(contribution_id=contribution, now=NOW)
    with village.store.ledger() as ledger:
        seats = ledger.seats(panel_poll(contribution, 0))
    return next((s.judge_id for s in seats if s.judge_id in {"north2", "south0"}), "")


def test_menu_shows_what_a_badge_is_worth_and_how_many_hold_it(
    app: Flask, village: Village
) -> None:
    village.badge()
    page = reader(app).text("/issuer/")
    assert "Lesson study with colleagues" in page
    assert "Level 7 · 12.5 UK credits (6.25 ECTS)" in page
    assert "held by 1 member" in page


def test_revoked_badge_is_not_counted_as_held(app: Flask, village: Village) -> None:
    village.awarding.revoke(village.badge(), reason="Copied.", now=NOW)
    assert "not yet held" in reader(app).text("/issuer/")


def test_address_of_a_circle_shows_from_where_its_members_come(app: Flask) -> None:
    page = reader(app).text("/issuer/learnometer/circles/north")
    assert "8 members" in page
    assert "Secondary schools in Kenya" in page
    assert reader(app).get("/issuer/university/circles/north").status_code == 404


def test_menu_is_filtered_by_theme_and_level(app: Flask) -> None:
    anyone = reader(app)
    assert "Lesson study" in anyone.text("/issuer/?theme=reflective_practice&level=7")
    assert "No badge matches" in anyone.text("/issuer/?theme=ethics")
    assert "No badge matches" in anyone.text("/issuer/?level=6")


def test_address_of_an_achievement_answers_people_and_programs(app: Flask) -> None:
    path = "/issuer/learnometer/achievements/lesson-study"
    page = reader(app).get(path)
    assert "Argues from evidence." in page.text
    assert "Beyond the level." in page.text
    assert "Accept" in page.headers["Vary"]
    document: Any = reader(app).get(path, accept="application/json").json
    assert document["id"] == f"{ORIGIN}{path}"
    assert reader(app).get(path.replace("learnometer", "university")).status_code == 404


def test_open_ballot_shows_no_count(app: Flask, village: Village) -> None:
    activity = village.activity()
    village.vote_on_level(activity, ["north1", "north2", "north3"])
    for name in ("", "north1"):
        page = reader(app, name).text(path_of(activity))
        assert "sealed until the close" in page
        assert "said yes" not in page


def test_decided_activity_shows_counts_and_reasons_but_nobodys_vote(
    app: Flask, village: Village
) -> None:
    activity = village.found_at_level()
    for name in ("", "north1"):
        page = reader(app, name).text(path_of(activity))
        assert "At the level" in page
        assert "7 of 7 said yes, and 5 are needed" in page
        # Providers may be named to members, voters to nobody.
        assert not [n for n in range(2, 8) if f"North{n}" in page]


def test_authors_are_named_to_members_alone(app: Flask, village: Village) -> None:
    activity = village.found_at_level()
    village.handed_in(activity, "north3")
    assert "North3" not in reader(app).text(path_of(activity))
    assert "North0" not in reader(app).text(path_of(activity))
    assert "North3" in reader(app, "south0").text(path_of(activity))


def test_lottery_can_be_replayed_after_the_finish_and_not_before(
    app: Flask, village: Village
) -> None:
    activity = village.found_at_level()
    contribution = village.handed_in(activity)
    village.judged(contribution)
    village.awarding.award(contribution_id=contribution, now=NOW)
    with village.store.ledger() as ledger:
        (seed,) = [ledger.events(contribution)[0].detail["seed"]]
    assert seed not in reader(app).text(path_of(activity))
    nonce = village.level.finish(activity_id=activity, now=NOW)
    page = reader(app).text(path_of(activity))
    assert nonce in page
    assert seed in page


def test_stranger_is_sent_to_sign_in_and_a_member_kept_from_the_desk(
    app: Flask, village: Village
) -> None:
    assert reader(app).get("/issuer/me").status_code in {302, 303}
    assert reader(app, "north1").get("/issuer/desk").status_code == 403
    assert reader(app, "mod").get("/issuer/me").status_code == 403


def test_member_sees_obligations_papers_and_a_badge_to_fetch(app: Flask, village: Village) -> None:
    village.badge("north1")
    village.activity()
    member = reader(app, "north1")
    page = member.text("/issuer/me")
    assert "2 of 4" in page
    assert "One question a week" in page
    path = re.search('action="(/issuer/me/badges/[^"]+)"', page)
    assert path
    offer = member.submit("/issuer/me", path[1]).text
    assert "openid-credential-offer://?" in offer
    assert 'href="/wallet/offers?credential_offer=' in offer


def test_badge_of_another_member_is_not_offered_to_me(app: Flask, village: Village) -> None:
    credential = village.badge("north1")
    other = reader(app, "north2")
    village.activity()
    answer = other.submit("/issuer/activities/", f"/issuer/me/badges/{credential}/offer")
    assert answer.status_code == 403


def test_member_hands_in_and_sees_only_their_own(app: Flask, village: Village) -> None:
    activity = village.activity()
    member, page = reader(app, "north1"), f"{path_of(activity)}/hand-in"
    fields = {
        "achievement": "lesson-study",
        "artefact_name": "Lesson plan",
        "artefact": "The plan, <script>and</script> what became of it.",
        "reflection": REFLECTION.decode(),
    }
    short = member.submit(page, page, **{**fields, "reflection": "Fine."})
    assert short.status_code == 400
    assert "at least 120 characters" in short.text
    assert "what became of it" in short.text
    both = {**fields, "artefact_file": (io.BytesIO(b"A plan."), "plan.txt")}
    twice = member.submit(page, page, **both)
    assert twice.status_code == 400
    assert "not both" in twice.text
    answer = member.submit(page, page, **fields)
    assert answer.status_code == 303
    own = answer.headers["Location"]
    assert "&lt;script&gt;" in member.text(own)
    assert reader(app, "north2").get(own).status_code == 404
    evidence = re.search('href="(/issuer/contributions/[^"]+/evidence/[^"]+)"', member.text(own))
    assert evidence
    assert member.get(evidence[1]).headers["Content-Disposition"].startswith("attachment")
    assert reader(app, "north2").get(evidence[1]).status_code == 403
    assert reader(app, "mod").get(evidence[1]).status_code == 403


def test_level_ballot_is_filled_in_here_and_signed_in_the_wallet(
    app: Flask, village: Village
) -> None:
    activity = village.activity()
    judge, page = reader(app, "north2"), f"{path_of(activity)}/ballot"
    answers = {"answer-inquiry": "yes", "answer-evidence": "no", "verdict": "yes"}
    refused = judge.submit(page, page, **answers)
    assert refused.status_code == 400
    assert "does not agree" in refused.text
    answers["answer-evidence"] = "yes"
    cast = sign_for(app, village, "north2", judge.submit(page, page, **answers))
    assert cast.json == {"redirect_uri": f"{ORIGIN}{path_of(activity)}"}
    with village.store.ledger() as ledger:
        assert ledger.ballot(level_poll(activity), judge_id="north2")
    assert "Change your ballot" in judge.text(path_of(activity))


def test_newcomer_binds_a_wallet_and_votes_with_its_key(app: Flask, village: Village) -> None:
    village.enrol("newcomer", circle_id="north", number=1, wallet=False)
    activity = village.activity()
    person, page = reader(app, "newcomer"), f"{path_of(activity)}/ballot"
    person.follow(path_of(activity), f"{path_of(activity)}/join")
    village.activities.confirm_attendance(activity_id=activity, person_ids=["newcomer"], now=NOW)
    offer = person.follow("/issuer/me", "/issuer/me/card").text
    consent = re.search('href="(/wallet/offers[^"]+)"', offer)
    assert consent
    fetched = person.follow(unescape(consent[1]), "/wallet/offers/accept")
    assert fetched.status_code == 303, fetched.text[-600:]
    assert "membership card" not in person.text("/issuer/me")
    answers = {"answer-inquiry": "yes", "answer-evidence": "yes", "verdict": "yes"}
    to_sign = person.submit(page, page, **answers).headers["Location"]
    signed = person.follow(to_sign, "/wallet/sign")
    assert signed.status_code == 303, signed.text[-600:]
    assert signed.headers["Location"].endswith(path_of(activity))
    with village.store.ledger() as ledger:
        assert ledger.ballot(level_poll(activity), judge_id="newcomer")


def test_who_may_not_judge_gets_no_ballot_form(app: Flask, village: Village) -> None:
    activity = village.activity()
    assert reader(app, "south0").get(f"{path_of(activity)}/ballot").status_code == 403
    contribution = village.handed_in(activity, "north3")
    path = f"/issuer/contributions/{contribution}/ballot"
    assert reader(app, "north2").get(path).status_code in {403, 409}


def test_panel_ballot_is_filled_in_here_and_signed_in_the_wallet(
    app: Flask, village: Village
) -> None:
    activity = village.found_at_level()
    judge, contribution = "", ""
    for author in ("north3", "north4", "north5", "north6", "north7"):
        contribution = village.handed_in(activity, author)
        if judge := seated(village, contribution):
            break
    assert judge, "no judge who can sign in was drawn"
    person, page = reader(app, judge), f"/issuer/contributions/{contribution}/ballot"
    form = person.text(page)
    assert "I changed one question each week" in form
    assert author.title() not in form
    digest = village.evidence(author)[0].digest
    fields = {"verdict": "yes", "comment": "I would show it to my own staff room."}
    for criterion in ("inquiry", "evidence"):
        fields[f"level-{criterion}"] = "capable"
        fields[f"evidence-{criterion}"] = digest
        fields[f"anchor-{criterion}"] = ANCHOR
    assert person.submit(page, page, **{**fields, "anchor-inquiry": "here"}).status_code == 400
    cast = sign_for(app, village, judge, person.submit(page, page, **fields))
    assert cast.status_code == 200, cast.text
    assert "Cast" in person.text("/issuer/me")
    other = "south0" if judge == "north2" else "north2"
    with village.store.ledger() as ledger:
        seats = {seat.judge_id for seat in ledger.seats(panel_poll(contribution, 0))}
    if other not in seats:
        assert reader(app, other).get(page).status_code == 403


def test_author_sees_what_was_found_and_revises_without_learning_who_judged(
    app: Flask, village: Village
) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.lottery.draw(contribution_id=contribution, now=NOW)
    with village.store.ledger() as ledger:
        judges = [seat.judge_id for seat in ledger.seats(panel_poll(contribution, 0))]
    for number, judge in enumerate(judges):
        verdict = Answer.YES if number > 2 else Answer.NO
        cast = village.panel_ballot(contribution, judge, verdict)
        if number == 0:
            cast = with_feedback(village, judge, cast, "Name the other explanation.")
        village.panels.cast(contribution_id=contribution, jws=cast, now=NOW)
    assert not village.panels.feedback(contribution_id=contribution, author_id="north1")
    village.panels.close(contribution_id=contribution, now=NOW)
    author, path = reader(app, "north1"), f"/issuer/contributions/{contribution}"
    page = author.text(path)
    assert "2 of 5 judges said yes" in page
    assert not re.search(r"(North|South)\d", page.replace("North1", ""))
    assert "Name the other explanation." in page
    answer = author.submit(
        path,
        path,
        artefact_name="Lesson plan",
        artefact="The second plan.",
        reflection=REFLECTION.decode() + "Again.",
    )
    assert answer.status_code == 303
    assert "Waiting for a panel" in author.text(path)


def test_feedback_is_for_the_author_alone(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.judged(contribution, "nnnyy")
    with pytest.raises(Forbidden):
        village.panels.feedback(contribution_id=contribution, author_id="north2")


def test_moderator_decides_a_split_panel_with_a_reason(app: Flask, village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.judged(contribution, "nnyyy")
    moderator, page = reader(app, "mod"), f"/issuer/desk/moderation/{contribution}"
    assert page in moderator.text("/issuer/desk")
    without = moderator.submit(page, page, outcome="accepted")
    assert without.status_code == 400
    assert reader(app, "admin").get(page).status_code == 403
    assert moderator.submit(page, page, outcome="accepted", reason="Clear.").status_code == 303
    assert moderator.get(page).status_code == 409
    admin = reader(app, "admin")
    awarded = admin.submit("/issuer/desk", f"/issuer/desk/contributions/{contribution}/award")
    assert awarded.status_code == 303


def test_desk_draws_closes_and_shows_how_judging_goes(app: Flask, village: Village) -> None:
    activity = village.activity()
    village.vote_on_level(activity, [f"north{n}" for n in range(1, 8)])
    contribution = village.handed_in(activity)
    admin = reader(app, "admin")
    for step in (
        f"activities/{activity}/close",
        f"contributions/{contribution}/draw",
    ):
        assert admin.submit("/issuer/desk", f"/issuer/desk/{step}").status_code == 303
    page = admin.text("/issuer/desk")
    assert "100 %" in page
    assert "0 of 5" in page
    moderator = reader(app, "mod")
    refused = moderator.submit("/issuer/activities/", f"/issuer/desk/activities/{activity}/finish")
    assert refused.status_code == 403


def test_award_is_suspended_reinstated_and_revoked_with_reasons(
    app: Flask, village: Village
) -> None:
    credential = village.badge()
    admin, award = reader(app, "admin"), f"/issuer/desk/awards/{credential}"
    assert credential in admin.text("/issuer/desk/awards?q=north1")
    assert credential not in admin.text("/issuer/desk/awards?q=%25")
    confirm = admin.text(f"{award}/suspend")
    assert "Lesson study with colleagues" in confirm
    assert admin.submit(f"{award}/suspend", f"{award}/suspend").status_code == 400
    for change, word in (
        ("suspend", "Suspended"),
        ("reinstate", "In force"),
        ("revoke", "Revoked"),
    ):
        done = admin.submit(f"{award}/{change}", f"{award}/{change}", reason=f"To {change}.")
        assert done.status_code == 303
        assert word in admin.text(award)
        assert f"To {change}." in admin.text(award)
    assert admin.get(f"{award}/suspend").status_code == 404
    assert reader(app, "mod").get(f"{award}/revoke").status_code == 403


def test_member_takes_part_once(app: Flask, village: Village) -> None:
    activity = village.activity()
    member, path = reader(app, "south0"), path_of(activity)
    assert member.submit(path, f"{path}/join").status_code == 303
    page = member.text(path)
    assert "not confirmed yet" in page
    assert "attendance is not confirmed" in page


def test_badge_that_was_signed_anew_is_to_be_fetched_again(app: Flask, village: Village) -> None:
    credential = village.badge()
    member, offers = reader(app, "north1"), village.office.offers
    assert "Badges to fetch" in member.text("/issuer/me")

    def fetch(now: datetime) -> None:
        made = offers.offer(credential_id=credential, person_id="north1", now=now)
        offers.redeem("learnometer", made.code, now=now)

    fetch(NOW)
    page = member.text("/issuer/me")
    assert "Every badge of yours is in a wallet." in page
    assert "1 badge fetched before" in page
    later = NOW + timedelta(minutes=1)
    with village.office.store.ledger() as ledger:
        ledger.get(CredentialRow, credential).renewed_at = later
    page = member.text("/issuer/me")
    assert "fetch these again" in page
    assert "signed anew on" in page
    assert "fetched before" not in page
    fetch(later)
    assert "Every badge of yours is in a wallet." in member.text("/issuer/me")
