"""A member's wallet, the degree office and the university's issuer, each behind its own HTTP."""

import re
from datetime import date, timedelta
from importlib.metadata import version

from degree_campus import Campus
from village import NOW, ORIGIN

from degree.checker import check
from degree.rules.decision_record import replayed, written
from degree.rules.grammar import read_programme
from issuer.peers.audit import AuditOutcome
from vc.model import Verdict


def test_badges_go_from_the_wallet_to_an_award_that_lands_in_the_wallet(campus: Campus) -> None:
    holder = campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    goes_on = campus.present(campus.member, uri)
    member, registrar = campus.browser(campus.member), campus.browser(campus.registrar)

    # The wallet sends the member's browser to the audit.
    audit = member.get(goes_on).location
    page = member.get(audit).text
    assert "The Postgraduate Certificate is earned." in page
    assert "Study 0" in page

    # Two people approve it, and the registrar confers.
    registry = registrar.get("/degree/registry/").text
    assert "To approve: 1" in registry
    assert '<span class="phone-only">audited on</span> 22 November 2026' in registry
    assert "degree.css" in registry
    assert "Confer the Postgraduate Certificate" not in registrar.get(audit).text
    campus.approved(audit)
    registry = registrar.get("/degree/registry/").text
    assert "Amina Otieno" in registry
    assert "To confer: 1" in registry
    assert "Confer the Postgraduate Certificate" in registrar.get(audit).text
    form = audit.replace("/audits/", "/registry/") + "/confer"
    conferred = registrar.submit(form, form, award="PGCert", confirmed="yes")
    assert conferred.status_code == 303, conferred.text

    # The member takes the award into the wallet, which verifies it.
    page = member.get(conferred.location).text
    assert page.count("Take it into my wallet") == 2
    title = "Postgraduate Certificate, MSc Learning Practice (Learnometer)"
    for number, name in enumerate((title, f"Transcript: {title}")):
        taken = member.submit(conferred.location, f"{conferred.location}/papers/{number}/offer")
        assert taken.location.startswith("/wallet/offers?")
        uri = f"openid-credential-offer://?{taken.location.partition('?')[2]}"
        held = campus.wallet.fetching.accept(campus.member.id, uri, now=NOW)
        (checked,) = campus.wallet.wallet.check(held, now=NOW)
        assert checked.report.verdict is Verdict.VALID
        assert checked.report.credential
        assert checked.report.credential.subject_id == holder
        assert held.name == name

    # A second time nothing is conferred, and the page says so.
    again = registrar.submit(form, form, award="PGCert", confirmed="yes")
    assert again.status_code == 409


def test_award_waits_while_doubtful_decisions_are_audited(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    village, auditing = campus.village, campus.village.office.auditing
    first, second = (
        village.handed_in(village.found_at_level(), author) for author in ("north2", "north3")
    )
    for contribution, at in ((first, NOW - timedelta(days=90)), (second, NOW)):
        village.judged(contribution)
        village.awarding.award(contribution_id=contribution, now=at)
    audit = auditing.draw(circle_id="north", begins=date(2026, 7, 1), now=NOW)

    def find(contribution: str, outcome: AuditOutcome) -> None:
        auditing.decide(
            audit_id=audit,
            contribution_id=contribution,
            moderator_id="mod",
            outcome=outcome,
            reason="I read it twice.",
            now=NOW,
        )

    find(first, AuditOutcome.OVERTURNED)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    page = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    campus.approved(page)
    form = page.replace("/audits/", "/registry/") + "/confer"
    registrar = campus.browser(campus.registrar)
    refused = registrar.submit(form, form, award="PGCert", confirmed="yes")
    assert refused.status_code == 403
    assert "Nothing was conferred." in refused.text
    assert "Awards wait for the audit of doubtful decisions." in refused.text
    find(second, AuditOutcome.UPHELD)
    assert registrar.submit(form, form, award="PGCert", confirmed="yes").status_code == 303


def test_the_member_is_asked_by_page_and_led_to_the_own_wallet(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    browser = campus.browser(campus.member)
    page = browser.submit("/degree/", "/degree/ask", programme="lm-msc").text
    found = re.search(r'href="(/wallet/present\?[^"]+)"', page)
    assert found
    shown = browser.get(found[1].replace("&amp;", "&"))
    assert shown.status_code == 200
    assert "Study 4" in shown.text
    assert "data:image/svg+xml" in page


def test_another_member_sees_neither_audit_nor_registry(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    goes_on = campus.present(campus.member, uri)
    stranger = campus.browser(campus.other)
    assert stranger.get(goes_on).status_code == 403
    audit = campus.browser(campus.member).get(goes_on).location
    assert stranger.get(audit).status_code == 404
    assert stranger.get(f"{audit}.json").status_code == 404
    assert stranger.get("/degree/registry/").status_code == 403
    form = audit.replace("/audits/", "/registry/") + "/confer"
    assert stranger.get(form).status_code == 403
    assert stranger.submit("/degree/", form, award="PGCert", confirmed="yes").status_code == 403
    assert "No audit yet" in stranger.get("/degree/progress").text


def test_the_audit_recomputes_from_what_the_office_publishes(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    browser = campus.browser(campus.member)
    audit = browser.get(campus.present(campus.member, uri)).location
    published = browser.get(f"{audit}.json")
    assert "attachment; filename=decision-" in published.headers["Content-Disposition"]
    assert check(published.data) == []
    programme = browser.get("/degree/programmes/lm-msc").data
    record = published.json
    assert written(replayed(record, learnometer=version("learnometer"))) == published.data
    assert record["outcome"]["programme"] == read_programme(programme).digest


def test_a_registrar_verifies_the_badges_again(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    audit = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    held = next(
        held
        for held in campus.wallet.wallet.credentials(campus.member.id)
        if held.name == "Study 0"
    )
    with campus.office.store.ledger() as ledger:
        row = ledger.credential_by_url(held.credential_id)
        assert row
    campus.office.awarding.revoke(row.id, reason="Issued in error.", now=NOW)
    registrar = campus.browser(campus.registrar)
    again = registrar.submit(audit, audit.replace("/audits/", "/registry/") + "/again")
    assert again.status_code == 303
    page = registrar.get(again.location).text
    assert "No award is earned yet." in page
    assert "The issuer has revoked it." in page


def test_an_audit_after_a_conferral_leads_back_to_the_award(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    audit = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    registrar = campus.browser(campus.registrar)
    form = campus.approved(audit).replace("/audits/", "/registry/")
    answer = registrar.submit(f"{form}/confer", f"{form}/confer", award="PGCert", confirmed="yes")
    conferred = answer.location
    again = registrar.submit(audit, f"{form}/again").location
    for reader in (registrar, campus.browser(campus.member)):
        page = reader.get(again).text
        assert "Conferred before" in page
        assert f'href="{conferred}"' in page
    assert "Take it into my wallet" in campus.browser(campus.member).get(conferred).text


def test_the_office_publishes_its_key_and_its_programme(campus: Campus) -> None:
    client = campus.program.app.test_client()
    document = client.get("/degree/did.json")
    assert document.mimetype == "application/did+json"
    assert document.json["id"] == "did:web:localhost%3A8000:degree"
    assert len(document.json["verificationMethod"]) == 1
    assert client.get("/degree/programmes/nothing").status_code == 404


def test_a_wallets_refusal_is_told_by_json(campus: Campus) -> None:
    client = campus.program.app.test_client()
    declined = client.post("/degree/response", data={"error": "access_denied", "state": "x"})
    assert declined.json == {"redirect_uri": f"{ORIGIN}/degree/"}
    wrong = client.post("/degree/response", data={"vp_token": "{}", "state": "x"})
    assert (wrong.status_code, wrong.json["error"]) == (400, "invalid_request")


def test_no_page_of_the_office_holds_what_the_content_policy_forbids(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    registrar = campus.browser(campus.registrar)
    audit = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    for path in (
        "/degree/",
        audit,
        f"{audit}?all",
        "/degree/registry/",
        audit.replace("/audits/", "/registry/") + "/confer",
    ):
        page = registrar.get(path)
        assert page.status_code == 200, path
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page.text), path


def test_an_audit_with_everything_open_leaves_nothing_closed_to_print(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    browser = campus.browser(campus.member)
    audit = browser.get(campus.present(campus.member, uri)).location
    page = browser.get(f"{audit}?all").text
    assert re.findall(r"<details(?![^>]* open)[^>]*>", page) == []
    assert "<details open" in page
