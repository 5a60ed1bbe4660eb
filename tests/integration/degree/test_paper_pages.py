"""The papers of an award on pages: taken along, corrected, withdrawn at the university."""

import io
import json
import re

import pytest
from degree_campus import Browser, Campus
from village import NOW

from accounts.store import Person
from vc.documents import JsonObject
from vc.verify import verify
from verifier.attached import attached_in

FORM = {
    "reason": "Two of the badges were bought.",
    "authority": "Regulation 12.3, decided by the Senate",
    "decided_on": NOW.date().isoformat(),
    "confirmed": "yes",
}


def _submit(browser: Browser, audit: str, what: str, **changes: str) -> tuple[int, str]:
    form = audit.replace("/audits/", "/registry/") + f"/{what}"
    answer = browser.submit(form, form, **{**FORM, **changes})
    return answer.status_code, answer.text


def _taken(campus: Campus, audit: str) -> list[str]:
    """The ids of the papers that the member's browser takes into the wallet."""
    member, taken = campus.browser(campus.member), []
    for number in (0, 1):
        offered = member.submit(audit, f"{audit}/papers/{number}/offer").location
        uri = f"openid-credential-offer://?{offered.partition('?')[2]}"
        held = campus.wallet.fetching.accept(campus.member.id, uri, now=NOW)
        taken.append(held.credential_id)
    return taken


def _codes(campus: Campus, credential_id: str) -> set[str]:
    """What stands against a credential in the member's wallet."""
    (held,) = [
        one
        for one in campus.wallet.wallet.credentials(campus.member.id)
        if one.credential_id == credential_id
    ]
    (checked,) = campus.wallet.wallet.check(held, now=NOW)
    return {step.code for step in checked.report.steps if step.outcome != "pass"}


def test_the_member_reads_which_papers_there_are_and_downloads_the_supplement(
    campus: Campus,
) -> None:
    audit = campus.conferred()
    page = campus.browser(campus.member).get(audit).text
    assert "Conferred on 22 November 2026" in page
    assert page.count("Take it into my wallet") == 2
    for person in (campus.member, campus.registrar):
        answer = campus.browser(person).get(f"{audit}/supplement.pdf")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert "diploma-supplement.pdf" in answer.headers["Content-Disposition"]
    assert campus.browser(campus.other).get(f"{audit}/supplement.pdf").status_code == 404


def test_whoever_is_given_the_supplement_has_it_verified(campus: Campus) -> None:
    audit = campus.conferred()
    pdf = campus.browser(campus.member).get(f"{audit}/supplement.pdf").data
    attached = json.loads(attached_in(pdf))
    report = verify(attached, now=NOW, fetcher=campus.program.parts.web)
    assert report.verdict == "valid", report.steps
    anybody = campus.browser(campus.other)
    token = re.search('name="csrf_token" value="([^"]+)"', anybody.get("/verifier/").text)
    assert token
    files = {"csrf_token": token[1], "file": (io.BytesIO(pdf), "diploma-supplement.pdf")}
    page = anybody.client.post("/verifier/", data=files, content_type="multipart/form-data").text
    assert "This credential is genuine and valid." in page
    assert "What it holds" in page
    assert "Reflective practice" in page


def test_a_transcript_in_the_wallet_shows_what_fills_which_requirement(campus: Campus) -> None:
    audit = campus.conferred()
    _, transcript = _taken(campus, audit)
    (held,) = [
        one
        for one in campus.wallet.wallet.credentials(campus.member.id)
        if one.credential_id == transcript
    ]
    member = campus.browser(campus.member)
    page = member.get(f"/wallet/badges/{held.id}").text
    shared = member.submit(f"/wallet/badges/{held.id}", "/wallet/links", credentials=held.id)
    link = re.search(r"/wallet/share/[\w-]+", shared.text)
    assert link
    public = campus.program.app.test_client().get(link[0], headers={"Accept": "text/html"}).text
    for one in (page, public):
        assert "What it holds" in one
        assert one.index("Ethics and inclusion") < one.index("Study 1") < one.index("Electives")
        assert "Learner record" in one


def test_a_withdrawn_award_is_revoked_and_everybody_concerned_reads_why(campus: Campus) -> None:
    audit = campus.conferred()
    papers = _taken(campus, audit)
    assert [_codes(campus, one) for one in papers] == [set(), set()]
    registrar = campus.browser(campus.registrar)
    assert _submit(registrar, audit, "withdraw")[0] == 303
    assert "revoked" in _codes(campus, papers[0])
    assert "revoked" in _codes(campus, papers[1])
    member = campus.browser(campus.member).get(audit).text
    registry = registrar.get("/degree/registry/").text
    for page in (member, registrar.get(audit).text):
        assert "Withdrawn on 22 November 2026" in page
        assert FORM["reason"] in page
        assert FORM["authority"] in page
    assert "Take it into my wallet" not in member
    assert "Ruth Cole" not in member
    assert "22 November 2026 by Ruth Cole" in registry
    assert "PGCert withdrawn" in registry
    assert FORM["reason"] in registry
    assert campus.browser(campus.member).get(f"{audit}/supplement.pdf").status_code == 410


def test_that_an_award_was_withdrawn_and_why_comes_first_on_its_audit_and_its_case(
    campus: Campus,
) -> None:
    audit = campus.conferred()
    registrar = campus.browser(campus.registrar)
    _submit(registrar, audit, "withdraw")
    case = audit.replace("/audits/", "/board/cases/")
    pages = (campus.browser(campus.member).get(audit), registrar.get(audit), registrar.get(case))
    for page in (each.text for each in pages):
        box = page[page.index('<div class="verdict') :].partition("</div>")[0]
        assert "is-invalid" in box
        headline = "The Postgraduate Certificate was withdrawn on 22 November 2026."
        assert box.index(headline) < box.index(FORM["reason"]) < box.index("is earned.")
    assert "Earned</span>" not in pages[0].text
    assert pages[0].text.count("Withdrawn</span>") == 2


def test_what_was_done_in_a_case_goes_on_after_the_award_was_conferred(campus: Campus) -> None:
    audit = campus.conferred()
    registrar = campus.browser(campus.registrar)
    _submit(registrar, audit, "correct", name="Amina Wanjikũ Otieno", reason="A marriage.")
    _submit(registrar, audit, "withdraw")
    again = registrar.submit(audit, audit.replace("/audits/", "/registry/") + "/again").location
    for each in (audit, again):
        page = registrar.get(each.replace("/audits/", "/board/cases/")).text
        told = page[page.index("What was done") :]
        assert "Papers of the PGCert corrected, now of Amina Wanjikũ Otieno: A marriage." in told
        conferred, corrected = told.index("PGCert conferred"), told.index("corrected, now of")
        assert conferred < corrected < told.index(f"PGCert withdrawn: {FORM['reason']}")


def test_badges_of_a_withdrawn_award_earn_it_again(campus: Campus) -> None:
    audit = campus.conferred()
    registrar = campus.browser(campus.registrar)
    _submit(registrar, audit, "withdraw")
    again = registrar.submit(audit, audit.replace("/audits/", "/registry/") + "/again").location
    page = registrar.get(again).text
    assert "The Postgraduate Certificate is earned." in page
    assert "withdrawn on 22 November 2026" in page
    form = campus.approved(again).replace("/audits/", "/registry/") + "/confer"
    assert registrar.submit(form, form, award="PGCert", confirmed="yes").status_code == 303


def test_corrected_papers_bear_the_right_name_and_the_old_ones_are_revoked(campus: Campus) -> None:
    audit = campus.conferred()
    old = _taken(campus, audit)
    registrar = campus.browser(campus.registrar)
    status, _ = _submit(registrar, audit, "correct", name="Amina Wanjikũ Otieno")
    assert status == 303
    new = _taken(campus, audit)
    assert not set(old) & set(new)
    assert [_codes(campus, one) for one in new] == [set(), set()]
    assert all("revoked" in _codes(campus, one) for one in old)
    page = campus.browser(campus.member).get(audit).text
    assert "Papers corrected on 22 November 2026" in page
    assert "They name the holder as Amina Wanjikũ Otieno." in page
    assert "now of Amina Wanjikũ Otieno" in registrar.get("/degree/registry/").text
    pdf = campus.browser(campus.member).get(f"{audit}/supplement.pdf").data
    record: JsonObject = json.loads(attached_in(pdf))
    assert record["id"] == new[1]
    (identity,) = record["credentialSubject"]["identifier"]
    assert identity["identityHash"] == "Amina Wanjikũ Otieno"


def test_papers_and_their_end_are_in_the_universitys_log(campus: Campus) -> None:
    audit = campus.conferred()
    signed = campus.office.log.checkpoint("university").splitlines()[1]
    _submit(campus.browser(campus.registrar), audit, "withdraw")
    holder = campus.wallet.wallet.holder(campus.member.id).did
    with campus.office.store.ledger() as ledger:
        rows = [one for one in ledger.credentials_of(holder) if one.tenant_id == "university"]
        told = [[event.kind for event in ledger.events(row.id)] for row in rows]
        reasons = {ledger.latest_reason(row.id, "revocation") for row in rows}
    assert int(signed) >= 2
    assert told == [["issued", "revocation"]] * 2
    assert reasons == {"by the issuer's client degree office"}


FAULTS = (
    ({"reason": "  "}, "reason"),
    ({"reason": "x" * 1_001}, "reason"),
    ({"authority": ""}, "authority"),
    ({"decided_on": "yesterday"}, "decided_on"),
    ({"decided_on": "2026-11-23"}, "decided_on"),
    ({"confirmed": "no"}, "confirmed"),
    ({"name": " "}, "name"),
)


@pytest.mark.parametrize("what", ["withdraw", "correct"])
def test_a_form_that_is_not_filled_in_names_the_field_and_amends_nothing(
    campus: Campus, what: str
) -> None:
    audit = campus.conferred()
    registrar = campus.browser(campus.registrar)
    for changes, field in FAULTS:
        filled = changes if what == "withdraw" else {"name": "Amina", **changes}
        status, page = _submit(registrar, audit, what, **filled)
        assert status == 400, (changes, page)
        assert FORM["reason"] in page or field == "reason"
        if field != "confirmed" and (what == "correct" or field != "name"):
            assert f'id="{field}-error"' in page
    assert "Conferred on 22 November 2026" in registrar.get(audit).text
    assert campus.degree.registry.amendments() == ()


def test_a_text_that_is_missing_or_too_long_is_told_as_that(campus: Campus) -> None:
    audit = campus.conferred()
    registrar = campus.browser(campus.registrar)
    for changes, said in (
        ({"reason": " "}, "This is needed."),
        ({"reason": "x" * 1_001}, "At most 1000 characters."),
        ({"authority": "x" * 301}, "At most 300 characters."),
    ):
        status, page = _submit(registrar, audit, "withdraw", **changes)
        assert (status, said in page) == (400, True), changes


def test_only_registrars_see_the_forms_and_not_for_their_own_award(campus: Campus) -> None:
    audit = campus.conferred()
    form = audit.replace("/audits/", "/registry/")
    for what in ("withdraw", "correct"):
        assert campus.browser(campus.member).get(f"{form}/{what}").status_code == 403
        page = campus.browser(campus.registrar).get(f"{form}/{what}")
        assert page.status_code == 200
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page.text)


def test_nothing_is_amended_where_nothing_was_conferred(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    audit = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    registrar = campus.browser(campus.registrar)
    form = audit.replace("/audits/", "/registry/")
    assert registrar.get(f"{form}/withdraw").status_code == 404
    assert registrar.submit(audit, f"{form}/go-on").status_code == 409
    member: Person = campus.member
    assert campus.browser(member).get(f"{audit}/supplement.pdf").status_code == 404
