"""The board's pages as registrars, examiners and members meet them in their browsers."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from degree_campus import Browser, Campus
from werkzeug.test import TestResponse

from accounts.tables import RoleRow
from service.commands.degree import command

GRANT = {
    "action": "waive",
    "path": "distinct.validators",
    "authority": "Chair's action",
    "rationale": "The circle was small.\n\nIt has grown.",
    "clause_ref": "E1 4.2",
    "date": "2026-11-20",
    "expiry": "2027-09-30",
}


def case_of(audit: str) -> str:
    return audit.replace("/audits/", "/board/cases/")


def entered(campus: Campus, **changes: str) -> tuple[str, TestResponse]:
    """The case, and the answer to the registrar who enters a concession in it."""
    return entered_in(campus, case_of(campus.audited()), **changes)


def entered_in(campus: Campus, case: str, **changes: str) -> tuple[str, TestResponse]:
    ruth = campus.browser(campus.registrar)
    form = f"{case}/concessions/{changes.get('action', 'waive')}"
    return case, ruth.submit(form, f"{case}/concessions", **GRANT | changes)


def one_exception(browser: Browser, case: str) -> str:
    found = re.search(r'action="([^"]+/exceptions/\w+)/', browser.get(case).text)
    assert found
    return found[1]


def test_a_concession_is_entered_confirmed_read_and_withdrawn(campus: Campus) -> None:
    case, answer = entered(campus)
    assert answer.location == case
    ruth, noor = campus.browser(campus.registrar), campus.browser(campus.second)
    page = ruth.get(case).text
    assert "Waits for a second person" in page
    assert "Confirm it" not in page
    assert "“Different judges” is waived." in noor.get("/degree/board/").text

    campus.now += timedelta(minutes=1)
    confirmed = noor.submit(case, f"{one_exception(noor, case)}/confirmation", confirmed="yes")
    assert confirmed.status_code == 303, confirmed.text
    page = noor.get(confirmed.location).text
    assert "In this audit" in page
    assert "The outcome is the same without." in page

    audit = confirmed.location.replace("/board/cases/", "/audits/")
    told = campus.browser(campus.member).get(audit).text
    assert "The circle was small." in told
    assert "Ruth Cole, " in told
    assert "The case before the board" not in told

    campus.now += timedelta(minutes=1)
    exception = one_exception(noor, confirmed.location)
    exception = exception.replace(case.rpartition("/")[2], confirmed.location.rpartition("/")[2])
    withdrawn = noor.submit(confirmed.location, f"{exception}/withdrawal", why="In error.")
    assert "Withdrawn" in noor.get(withdrawn.location).text
    assert "In error." in noor.get(withdrawn.location).text


def test_what_is_wrong_in_a_form_is_told_at_the_field_and_nothing_is_lost(campus: Campus) -> None:
    case, answer = entered(campus, expiry="2026-01-01")
    assert answer.status_code == 400
    assert "It would end before it begins." in answer.text
    assert "The circle was small." in answer.text
    ruth = campus.browser(campus.registrar)
    answer = ruth.submit(case, f"{case}/concessions", action="waive")
    needed = answer.text.count("This is needed.")
    assert needed == len(("path", "authority", "rationale", "clause_ref", "date", "expiry"))
    assert answer.text.count("autofocus") == 1
    for action, fields, said in (
        ("waive", {"path": ""}, "This is needed."),
        ("waive", {"clause_ref": " "}, "This is needed."),
        ("waive", {"path": "awards.MSc.credits"}, "Nobody may make a concession on this."),
        ("waive", {"path": "awards.MSc.luck"}, "The programme has no such rule."),
        ("waive", {"to": "5"}, "This does not belong to this kind of concession."),
        ("reduce", {"to": "a little"}, "This cannot be read."),
        ("reduce", {"to": "NaN"}, "This is no number."),
        ("reduce", {"to": "0.1234567"}, "At most 6 decimals."),
        ("reduce", {"to": "-1"}, "A number from 0 to 100000 is expected."),
        ("waive", {"date": "1066-10-14"}, "A day from 1900 to 2199 is expected."),
        ("waive", {"authority": "x" * 201}, "At most 200 characters."),
        ("waive", {"rationale": "a\0b"}, "This holds signs that nobody can see."),
        ("waive", {"more": "1"}, "Unknown field."),
    ):
        given = GRANT | {"action": action} | fields
        answer = ruth.submit(case, f"{case}/concessions", **given)
        assert answer.status_code == 400, (action, fields)
        assert said in answer.text, (action, fields)
    given = GRANT | {"action": "pardon"}
    assert ruth.submit(case, f"{case}/concessions", **given).status_code == 400
    assert ruth.get(f"{case}/concessions/pardon").status_code == 404


def test_members_do_not_reach_the_board(campus: Campus) -> None:
    case = case_of(campus.audited())
    member = campus.browser(campus.member)
    for path in ("/degree/board/", case, f"{case}/concessions/waive"):
        assert member.get(path).status_code == 403
    assert "/degree/board/" not in member.get("/degree/").text


def test_examiners_read_cases_and_enter_no_concessions(campus: Campus) -> None:
    case = case_of(campus.audited())
    edith = campus.browser(campus.examiner)
    assert "/degree/board/" in edith.get("/degree/").text
    page = edith.get(case).text
    assert "The case of Amina Otieno" in page
    assert "Waive a rule" not in page
    assert edith.get(f"{case}/concessions/waive").status_code == 403
    assert edith.get("/degree/registry/").status_code == 403


def test_an_interruption_is_entered_by_its_form_and_confirmed(campus: Campus) -> None:
    case = case_of(campus.audited())
    ruth, noor = campus.browser(campus.registrar), campus.browser(campus.second)
    fields = {
        "first": "2026-10-01",
        "last": "2026-11-30",
        "authority": "Dean <i>of</i> studies",
        "clause_ref": "7.1",
        "why": "Parental <b>leave</b>.",
    }
    form = f"{case}/interruptions"
    answer = ruth.submit(form, form, **fields)
    assert answer.status_code == 303, answer.text
    page = ruth.get(answer.location).text
    assert "1 October 2026 to 30 November 2026" in page
    for said in ("Parental &lt;b&gt;leave", "Dean &lt;i&gt;of", "Waits for a second person"):
        assert said in page
    assert "Confirm it" not in page
    campus.now += timedelta(minutes=1)
    confirmed = noor.submit(case, f"{one_exception(noor, case)}/confirmation", confirmed="yes")
    assert "In this audit" in noor.get(confirmed.location).text
    for wrong, why in (
        ({"authority": ""}, "This is needed."),
        ({"first": "1900-05-01"}, "The member registered on"),
        ({"last": "2199-04-01"}, "An interruption lasts at most 2 years."),
    ):
        refused = ruth.submit(form, form, **fields | wrong)
        assert refused.status_code == 400
        assert why in refused.text
        assert "Parental &lt;b&gt;leave" in refused.text


def test_two_people_approve_by_page_and_the_award_is_conferred(
    campus: Campus, tmp_path: Path
) -> None:
    audit = campus.audited()
    case, ruth = case_of(audit), campus.browser(campus.registrar)
    assert "Approve it" in ruth.get(case).text
    assert campus.approve(audit, campus.registrar, capacity="registrar").status_code == 303
    page = ruth.get(case).text
    assert "Ruth Cole, 22 November 2026" in page
    assert "Approve it" not in page
    form = audit.replace("/audits/", "/registry/") + "/confer"
    assert "It can be conferred once a registrar and an external examiner" in ruth.get(form).text
    refused = ruth.submit("/degree/board/", form, award="PGCert", confirmed="yes")
    assert refused.status_code == 409
    assert "the approval of an external examiner" in refused.text
    campus.approve(audit, campus.examiner, capacity="external_examiner")
    conferred = ruth.submit(form, form, award="PGCert", confirmed="yes")
    assert conferred.status_code == 303, conferred.text

    page = campus.browser(campus.member).get(audit)
    assert page.status_code == 200
    record = tmp_path / "record.json"
    record.write_bytes(campus.browser(campus.member).get(f"{audit}.json").data)
    said = CliRunner().invoke(command, ["check", str(record)])
    assert said.exit_code == 0, said.output
    assert "Approved by Edith Marsh, external examiner: the signature holds." in said.output


def test_an_approval_that_is_refused_says_why_on_its_page(campus: Campus) -> None:
    audit = campus.audited()
    page = f"{case_of(audit)}/approval"
    ruth, edith = campus.browser(campus.registrar), campus.browser(campus.examiner)
    for browser, fields, status, why in (
        (ruth, {}, 400, "This is needed."),
        (ruth, {"confirmed": "no"}, 400, "Nothing was approved."),
        (ruth, {"confirmed": "yes", "capacity": "registrar"}, 400, "This is needed."),
        (ruth, {"confirmed": "yes", "capacity": "registrar", "passkey": "{}"}, 400, "Nothing was"),
        (
            ruth,
            {"confirmed": "yes", "capacity": "external_examiner", "passkey": "{}"},
            403,
            "Your account may not approve this.",
        ),
        (
            edith,
            {"confirmed": "yes", "capacity": "registrar", "passkey": "{}"},
            403,
            "Your account may not approve this.",
        ),
        (ruth, {"more": "1"}, 400, "Nothing was approved."),
    ):
        said = browser.submit(page, page, **fields)
        assert said.status_code == status, (fields, said.status_code)
        assert why in said.text, fields
    assert campus.browser(campus.member).get(page).status_code == 403
    assert ruth.get("/degree/board/cases/nothing/approval").status_code == 404


def test_a_registrar_who_is_the_member_finds_no_button(campus: Campus) -> None:
    audit = campus.audited()
    with campus.program.parts.database.sessions.begin() as session:
        session.add(RoleRow(person_id=campus.member.id, role="registrar"))
    member = campus.browser(campus.member)
    page = member.get(case_of(audit)).text
    assert "This case is your own" in page
    assert "Approve it" not in page
    assert "waits for no approval of yours" in member.get(f"{case_of(audit)}/approval").text


def called(campus: Campus, **changes: str) -> tuple[Browser, TestResponse]:
    ruth = campus.browser(campus.registrar)
    fields = {"held_on": "2026-11-22", "place": "14:00, <b>Senate</b> room", "chair": "M. & A."}
    new = "/degree/board/meetings/new"
    return ruth, ruth.submit(new, "/degree/board/meetings", **fields | changes)


def version_on(browser: Browser, edit: str) -> str:
    """Which state of the minutes a form was made from."""
    found = re.search('name="version" value="([0-9a-f]{64})"', browser.get(edit).text)
    assert found
    return found[1]


def test_a_meeting_goes_from_its_call_to_closed_minutes_and_escapes_what_people_write(
    campus: Campus,
) -> None:
    audit = campus.audited()
    ruth, answer = called(campus)
    meeting = answer.location
    assert "No case yet" in ruth.get(meeting).text
    listed = ruth.get("/degree/board/").text
    assert "Put Amina Otieno on the agenda" in listed
    fields = {"meeting": meeting.rpartition("/")[2], "case": audit.rpartition("/")[2]}
    put = ruth.submit("/degree/board/", "/degree/board/agenda", **fields)
    assert put.location == meeting
    agenda = campus.browser(campus.examiner).get(meeting).text
    assert "The Postgraduate Certificate is earned." in agenda
    assert "14:00, &lt;b&gt;Senate&lt;/b&gt; room" in agenda
    assert "Write the minutes" not in agenda

    edit = f"{meeting}/minutes/edit"
    read = version_on(ruth, edit)
    early = ruth.submit(edit, f"{meeting}/closing", version=read, confirmed="yes")
    assert early.status_code == 409
    assert "who was present" in early.text
    text = "Edith said: <script>alert(1)</script> is no evidence.\n\nAgreed."
    said = {"present": "Edith\nRuth", "resolution-1": "award", "minute-1": text}
    written = ruth.submit(edit, f"{meeting}/minutes", version=read, **said)
    assert written.location == f"{meeting}/minutes"
    draft = ruth.get(written.location).text
    assert "A draft" in draft
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in draft
    said |= {"version": version_on(ruth, edit), "other_business": "Tea."}
    for unconfirmed in ({}, {"confirmed": "no"}):
        kept = ruth.submit(edit, f"{meeting}/closing", **said, **unconfirmed)
        assert kept.status_code == 400
        assert "Say that they are complete and true" in kept.text
        assert ">Tea.</textarea>" in kept.text
    closed = ruth.submit(edit, f"{meeting}/closing", **said, confirmed="yes")
    assert closed.status_code == 303, closed.text
    page = campus.browser(campus.examiner).get(closed.location).text
    assert "The award is agreed." in page
    assert "Tea." in page
    assert "Closed by Ruth Cole on 22 November 2026" in page
    assert ruth.get(edit).location == closed.location
    late = ruth.submit("/degree/board/", f"{meeting}/minutes", version=read, present="Nobody")
    assert late.status_code == 409
    assert ">Nobody</textarea>" in late.text


def test_a_page_from_before_somebody_else_saved_shows_both_texts_and_loses_neither(
    campus: Campus,
) -> None:
    audit = campus.audited()
    ruth, answer = called(campus)
    noor, meeting = campus.browser(campus.second), answer.location
    fields = {"meeting": meeting.rpartition("/")[2], "case": audit.rpartition("/")[2]}
    ruth.submit("/degree/board/", "/degree/board/agenda", **fields)
    edit = f"{meeting}/minutes/edit"
    read = version_on(ruth, edit)
    said = {"present": "Noor & Edith", "resolution-1": "no_award", "minute-1": "Too soon."}
    assert noor.submit(edit, f"{meeting}/minutes", version=read, **said).status_code == 303
    mine = {"present": "Ruth", "resolution-1": "award", "minute-1": "Ripe.", "confirmed": "yes"}
    for way in ("minutes", "closing"):
        refused = ruth.submit(edit, f"{meeting}/{way}", version=read, **mine)
        assert refused.status_code == 409, way
        assert "Somebody saved these minutes after you had opened them." in refused.text
        assert ">Ripe.</textarea>" in refused.text
        for theirs in ("Noor &amp; Edith", "No award is made.", "Too soon."):
            assert f'Saved meanwhile:</strong> <span class="as-written">{theirs}' in refused.text
    assert "Too soon." in ruth.get(f"{meeting}/minutes").text

    # A fault elsewhere does not count as having read what the other saved.
    long = mine | {"apologies": "x" * 4_001}
    assert read in ruth.submit(edit, f"{meeting}/minutes", version=read, **long).text

    # Having read it, they may put their own in its place; the log keeps both.
    newer = re.search('name="version" value="([0-9a-f]{64})"', refused.text)
    assert newer
    assert ruth.submit(edit, f"{meeting}/closing", version=newer[1], **mine).status_code == 303
    assert "Ripe." in ruth.get(f"{meeting}/minutes").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": ""}, "This is needed."),
        ({"held_on": "soon"}, "This cannot be read."),
        ({"held_on": "1066-10-14"}, "A day from 1900 to 2199 is expected."),
        ({"held_on": "1900-01-01"}, "A day from 22 November 2025 to 21 November 2028 is expected."),
        ({"place": "x" * 201}, "At most 200 characters."),
        ({"chair": "a\x07b"}, "This holds signs that nobody can see."),
        ({"more": "1"}, "Unknown field."),
    ],
)
def test_a_meeting_that_cannot_be_called_keeps_what_was_written(
    campus: Campus, changes: dict[str, str], said: str
) -> None:
    _, answer = called(campus, **changes)
    assert answer.status_code == 400
    assert said in answer.text
    if "place" not in changes:
        assert "14:00, &lt;b&gt;Senate&lt;/b&gt; room" in answer.text


def test_minutes_that_cannot_be_read_keep_what_was_written(campus: Campus) -> None:
    audit = campus.audited()
    ruth, answer = called(campus)
    meeting = answer.location
    fields = {"meeting": meeting.rpartition("/")[2], "case": audit.rpartition("/")[2]}
    ruth.submit("/degree/board/", "/degree/board/agenda", **fields)
    for wrong, said in (
        ({"resolution-1": "pardon"}, "This cannot be read."),
        ({"minute-1": "x" * 4_001}, "At most 4000 characters."),
        ({"minute-2": "Nobody."}, "There is no case 2 on this agenda."),
        ({"minute-x": "Nobody."}, "Unknown field."),
    ):
        edit = f"{meeting}/minutes/edit"
        fields = {"present": "Edith & Ruth", "version": version_on(ruth, edit)} | wrong
        refused = ruth.submit(edit, f"{meeting}/minutes", **fields)
        assert refused.status_code == 400, wrong
        assert "Edith &amp; Ruth" in refused.text, wrong
        assert said in refused.text, wrong


def test_what_is_not_marked_or_not_there_goes_on_no_agenda(campus: Campus) -> None:
    campus.audited()
    ruth, answer = called(campus)
    meeting = answer.location.rpartition("/")[2]
    nothing = ruth.submit("/degree/board/", "/degree/board/agenda", meeting=meeting)
    assert nothing.location == "/degree/board/"
    assert "Mark the cases, and choose a meeting." in ruth.get("/degree/board/").text
    for fields in ({"meeting": meeting, "case": "x"}, {"meeting": "x", "case": "x"}):
        refused = ruth.submit("/degree/board/", "/degree/board/agenda", **fields)
        assert refused.status_code == 404
    assert ruth.get("/degree/board/meetings/nothing").status_code == 404
    assert ruth.get("/degree/board/meetings/nothing/minutes").status_code == 404


def test_a_meeting_that_was_held_is_not_to_come(campus: Campus) -> None:
    ruth, _ = called(campus, held_on="2026-11-22")
    assert "To come" in ruth.get("/degree/board/").text
    campus.now += timedelta(days=1)
    page = campus.browser(campus.registrar).get("/degree/board/").text
    assert "To come" not in page
    assert "Minutes not closed" in page


def test_no_two_fields_of_a_case_have_one_id(campus: Campus) -> None:
    case, _ = entered(campus)
    campus.now += timedelta(minutes=1)
    _, _ = entered_in(campus, case, path="distinct.contexts")
    page = campus.browser(campus.registrar).get(case).text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("Withdraw it</button>") == 2
    for rule in ("Different judges", "Different contexts"):
        assert f"Concession entered: “{rule}” is waived." in " ".join(page.split())


def test_a_form_asks_for_what_the_programme_requires(campus: Campus) -> None:
    case = case_of(campus.audited())
    form = campus.browser(campus.registrar).get(f"{case}/concessions/waive").text
    assert "(optional)" not in form
    assert 'value="awards.MSc.credits"' not in form
    assert "clause_ref" not in re.sub(r"<[^>]+>", "", form)


def test_a_meeting_is_moved(campus: Campus) -> None:
    ruth, answer = called(campus)
    edit = f"{answer.location}/edit"
    fields = {"held_on": "2026-12-01", "place": "10:00, online", "chair": "M"}
    assert ruth.submit(edit, edit, **fields).location == answer.location
    assert "10:00, online" in ruth.get(answer.location).text
    assert ruth.submit(edit, edit, held_on="2026-12-01").status_code == 400


def test_no_page_of_the_board_holds_what_the_content_policy_forbids(campus: Campus) -> None:
    case, _ = entered(campus)
    ruth, answer = called(campus)
    meeting = answer.location
    ways = ("waive", "reduce", "accept", "forgive_year")
    for path in (
        "/degree/board/",
        case,
        *(f"{case}/concessions/{way}" for way in ways),
        f"{case}/interruptions",
        f"{case}/attestations",
        "/degree/board/meetings/new",
        meeting,
        f"{meeting}/edit",
        f"{meeting}/minutes",
        f"{meeting}/minutes/edit",
    ):
        page = ruth.get(path)
        assert page.status_code == 200, path
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page.text), path
    # One page has the one script of ours.
    page = ruth.get(f"{case}/approval").text
    assert re.findall('<script [^>]*src="([^"?]+)', page) == ["/static/passkeys.js"]
    assert page.count("<script") == 1
