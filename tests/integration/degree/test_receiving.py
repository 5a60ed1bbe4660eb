"""A receiving university reads a shared wallet by a programme of its own, without an account."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from applicant import BEFORE_A_BOARD, COMMUNITY, PROGRAMME, Applicant
from campus import LIST_URL, NOW
from receiving_site import Reader, headline, text

from degree.checker import objections
from degree.receiving import deciding
from degree.receiving.carrying import CARRIED
from degree.receiving.deciding import in_a_child
from degree.rules.decision_record import written
from vc.presentation import present

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"
SHARE = "https://wallet.example/wallet/share/secret"


@pytest.fixture(name="applicant")
def _applicant() -> Applicant:
    return Applicant()


@pytest.fixture(name="reader")
def _reader(tmp_path: Path, applicant: Applicant) -> Reader:
    return Reader(tmp_path, applicant)


def test_wallet_that_does_not_meet_it_all_says_how_much_in_the_unit_of_the_file(
    reader: Reader, applicant: Applicant
) -> None:
    page = reader.read(applicant.wallet(), name="Amina Otieno")
    assert page.status_code == 200
    assert headline(page) == "This wallet meets 42 of 60 ECTS of your modules, by these badges."
    said = text(page)
    assert "Ethics needs 5 ECTS credits; all that could count comes to 2" in said
    assert "2 of 5 ECTS credits · 3 short" in said
    assert "Reflective journal 5 ECTS credits" in said


def test_share_link_is_read_like_files(reader: Reader, applicant: Applicant) -> None:
    applicant.campus.library.publish(SHARE, {"credentials": applicant.wallet()})
    page = reader.read(address=f" {SHARE} ")
    assert headline(page) == "This wallet meets 42 of 60 ECTS of your modules, by these badges."


def test_presentation_is_read_like_the_badges_in_it(reader: Reader, applicant: Applicant) -> None:
    holder = applicant.campus.holder
    presentation = present(
        applicant.wallet(),
        holder=holder.did,
        signer=holder,
        created=NOW,
        challenge="another-verifiers",
        domain="did:web:other.example",
    )
    assert "42 of 60 ECTS" in headline(reader.read([presentation]))


def test_decision_record_is_accepted_by_the_checker(reader: Reader, applicant: Applicant) -> None:
    page = reader.read(applicant.wallet())
    record = reader.record(page)
    assert objections(record) == []
    assert reader.take(page, "record").data == written(record)
    assert record["outcome"]["answer"] == "not_satisfied"


def test_what_does_not_hold_is_listed_with_its_reason_and_never_counts(
    reader: Reader, applicant: Applicant
) -> None:
    bent = applicant.badge(6, ects=18, name="Eighteen more")
    bent["credentialSubject"]["creditsEarned"] = 360
    revoked = applicant.badge(7, ects=18, name="Taken back")
    applicant.campus.publish_status(7)
    page = reader.read([*applicant.wallet(), bent, revoked, b"\x00\xff"])
    assert "42 of 60 ECTS" in headline(page)
    said = text(page)
    assert "badge-6.json The signature does not match" in said
    assert "Taken back The issuer has revoked it" in said
    assert "badge-8.json" in said
    assert "Eighteen more" not in said


def test_badge_whose_status_is_out_of_reach_leaves_the_answer_open(
    reader: Reader, applicant: Applicant
) -> None:
    credentials = [*applicant.wallet()[:2], applicant.badge(8, ects=3, tags=["ethics"])]
    credentials.append(applicant.badge(9, ects=50))
    del applicant.campus.library.documents[LIST_URL]
    page = reader.read(credentials)
    assert headline(page).endswith("if what is open is decided well.")
    assert "4 badges whose status could not be checked" in text(page)


def test_badges_of_somebody_else_do_not_count(reader: Reader, applicant: Applicant) -> None:
    other = applicant.badge(6, ects=18, name="A friend's", holder=applicant.campus.judge(9).did)
    page = reader.read([*applicant.wallet(), other])
    assert "42 of 60 ECTS" in headline(page)
    assert "A friend's It is about somebody else" in text(page)


def test_wallet_without_a_single_badge_that_holds_is_told_on_the_form(
    reader: Reader, applicant: Applicant
) -> None:
    page = reader.read([applicant.badge(1) | {"name": "Bent"}, "nonsense"])
    assert page.status_code == 400
    said = text(page)
    assert "Nothing that was handed over is a badge that holds." in said
    assert "badge-1.json The signature does not match" in said
    assert "Bent" not in said


def test_every_fault_of_a_programme_is_listed_with_its_line(reader: Reader) -> None:
    wrong = PROGRAMME.replace("credits: 60", "credits: many").replace("tag: ethics", "colour: red")
    page = reader.read(programme=wrong)
    assert page.status_code == 400
    said = text(page)
    assert "The programme file has 2 faults" in said
    assert "11 buckets.ethics.where.colour the unknown key 'colour'" in said
    assert "14 awards.PGDip.credits the text 'many' an amount of ECTS credit" in said


def test_programme_without_faults_is_told_so_before_there_is_a_wallet(reader: Reader) -> None:
    page = reader.read(programme=PROGRAMME.replace("rpl_cap: 15", "rpl_cap: 60"))
    said = text(page)
    assert "The programme file has no faults" in said
    assert "Give the address of a share link" in said


def test_programme_that_is_not_in_force_yet_is_told_so(
    reader: Reader, applicant: Applicant
) -> None:
    page = reader.read(applicant.wallet(), programme=PROGRAMME.replace("2026-09-01", "2027-09-01"))
    assert page.status_code == 400
    assert "Version 2026.1 is in force from 2027-09-01 only." in text(page)


def test_wallet_of_issuers_that_the_file_does_not_trust_can_be_read_as_if_it_did(
    reader: Reader, applicant: Applicant
) -> None:
    elsewhere = PROGRAMME.replace(COMMUNITY, "did:web:university.example")
    page = reader.read(applicant.wallet(), programme=elsewhere)
    assert headline(page) == "This wallet meets none of the 60 ECTS of your modules."
    assert "Your trust list names none of these issuers" in text(page)
    mark = f"Read as if {COMMUNITY} were trusted, which the programme does not say."
    assert mark not in text(page)
    again = reader.again(page, COMMUNITY, "did:web:never.seen")
    assert "42 of 60 ECTS" in headline(again)
    assert mark in text(again)
    for dossier in (reader.take(again, "page"), reader.take(again, "pdf")):
        assert dossier.status_code == 200
    assert mark in text(reader.take(again, "page"))
    record = reader.record(again)
    assert objections(record) == []
    # Another programme than the file, and told apart from it by its digest.
    assert record["programmes"].keys() != reader.record(page)["programmes"].keys()
    assert headline(reader.again(again)) == headline(page)


def test_persons_word_that_no_badge_tells_stays_open(reader: Reader, applicant: Applicant) -> None:
    enough = [*applicant.wallet(), applicant.badge(6, ects=3, tags=["ethics"])]
    page = reader.read([*enough, applicant.badge(7, ects=15)], programme=BEFORE_A_BOARD)
    assert headline(page).endswith(
        "60 of 60 ECTS of your modules, by these badges, if what is open is decided well."
    )
    assert "the word on interview, which nobody has given yet" in text(page)


def test_programme_that_is_here_can_be_chosen(reader: Reader, applicant: Applicant) -> None:
    form = reader.client.get("/degree/receiving/").text
    assert "MSc Learning Practice" in form
    assert 'value="elsewhere-southampton-medicine"' in form
    page = reader.read(applicant.wallet(), programme="", chosen="elsewhere-southampton-medicine")
    assert headline(page) == "This wallet meets none of the 30 ECTS of these modules."


def test_day_of_registration_decides_on_the_age_of_prior_learning(
    reader: Reader, applicant: Applicant
) -> None:
    ageing = PROGRAMME.replace(
        "  endorsements: {min: 2}",
        "  endorsements: {min: 2}\n  currency_years: {rpl: {years: 1, measured_at: registration}}",
    )
    assert "42 of 60" in headline(reader.read(applicant.wallet(), programme=ageing))
    later = reader.read(applicant.wallet(), programme=ageing, registered="2028-09-01")
    assert "32 of 60" in headline(later)


def test_records_are_read_as_they_are_stated_and_marked_so_everywhere(reader: Reader) -> None:
    records = (EXAMPLES / "msc-medicine-southampton-not-earned.json").read_bytes()
    page = reader.read(programme="", records=records, chosen="elsewhere-southampton-medicine")
    assert headline(page).startswith("These records, as stated, meet")
    mark = "Records as stated: no credential was verified."
    assert mark in text(page)
    dossier = reader.take(page, "page", award="PGCert")
    assert mark in text(dossier)
    assert "None: this is stated by whoever wrote the file of records." in text(dossier)


def test_records_on_a_pathway_without_awards_are_told_so_and_give_a_record(reader: Reader) -> None:
    records = json.loads((EXAMPLES / "on-the-way.json").read_bytes())
    page = reader.read(
        programme=PROGRAMME.replace("rpl_cap: 15}", "rpl_cap: 15, pathway: digital}"),
        records=json.dumps(records | {"pathway": "<other>"}).encode(),
    )
    said = "No award of this programme is on the pathway “<other>”."
    assert headline(page) == said
    assert "Dossier as PDF" not in text(page)
    assert objections(reader.record(page)) == []
    for what in ("page", "pdf"):
        answer = reader.take(page, what, award="PGDip")
        assert answer.status_code == 404
        assert said in text(answer)


def test_faults_of_records_are_listed_with_their_places(reader: Reader) -> None:
    records = json.loads((EXAMPLES / "on-the-way.json").read_text())
    records["records"][0]["level"] = "seven"
    page = reader.read(records=json.dumps(records).encode())
    assert page.status_code == 400
    assert "The file of records has one fault" in text(page)
    assert "records[0].level" in text(page)


def test_records_among_credentials_are_led_to_their_own_field(reader: Reader) -> None:
    page = reader.read([(EXAMPLES / "on-the-way.json").read_bytes()])
    assert page.status_code == 400
    assert "This is a file of records, without credentials." in text(page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"programme": ""}, "Bring a programme file, or choose one from the list."),
        ({"chosen": "lm-msc"}, "Choose a programme from the list, or bring a file of your own"),
        ({"programme": "", "chosen": "no-such"}, "There is no such programme."),
        ({"programme": b"\xff\xfe"}, "The programme file is not UTF-8: byte 0"),
        ({"programme": "a: [" * 20_000}, "The programme file is larger than 65,536 bytes."),
        ({"address": "ftp://wallet.example/x"}, "This is no address."),
        ({"address": "https://nowhere.example/x"}, "https://nowhere.example/x could not be read."),
        ({"records": b"{}", "address": SHARE}, "Hand over credentials or a file of records"),
        ({"registered": "9999-01-01"}, "This field was not filled in as expected."),
        ({"registered": "yesterday"}, "This field was not filled in as expected."),
        ({"name": "x" * 201}, "This field was not filled in as expected."),
        ({"colour": "red"}, "This field was not filled in as expected."),
    ],
)
def test_what_is_filled_in_wrongly_is_told_on_the_form(
    reader: Reader, fields: dict[str, str], sentence: str
) -> None:
    page = reader.read(**fields)
    assert page.status_code in {400, 404}
    assert sentence in text(page)
    assert 'name="csrf_token"' in page.text


def test_more_credentials_than_are_read_at_once_are_refused(reader: Reader) -> None:
    page = reader.read(["{}"] * 101)
    assert page.status_code == 400
    assert "At most 100 credentials at once." in text(page)


def test_upload_that_is_too_large_is_told_on_the_form(reader: Reader) -> None:
    page = reader.read([b"x" * 7_000_000])
    assert page.status_code == 413
    assert "larger than this page takes" in text(page)


def test_texts_of_badges_and_files_are_shown_as_texts(reader: Reader, applicant: Applicant) -> None:
    script = "<script>alert(1)</script>"
    badge = applicant.badge(3, name=script)
    evil = PROGRAMME.replace("MA Educational Practice", script).replace(
        "Postgraduate Diploma", script
    )
    page = reader.read([badge], programme=evil, name=script)
    assert "&lt;script&gt;alert" in page.text
    for shown in (page, reader.take(page, "page"), reader.read(programme=f"{script}: 1")):
        assert "<script" not in shown.text
    assert reader.take(page, "pdf").data.startswith(b"%PDF-")


def test_no_text_turns_the_direction_of_what_is_written_after_it(
    reader: Reader, applicant: Applicant
) -> None:
    turn = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    turned = PROGRAMME.replace("MA Educational Practice", f'"MA {turn}evil"').replace(
        "Postgraduate Diploma", f'"Diploma {turn}evil"'
    )
    page = reader.read([applicant.badge(3, name=f"Study {turn}evil")], programme=turned, name=turn)
    assert headline(page).endswith("by these badges.")
    for shown in (page, reader.take(page, "page"), reader.read(programme=turned, address=turn)):
        assert "\ufffd" in shown.text
        assert not {*turn} & {*shown.text}


def test_dossier_names_for_each_requirement_the_badges_with_their_evidence(
    reader: Reader, applicant: Applicant
) -> None:
    page = reader.read(applicant.wallet(), name="Amina Otieno")
    said = text(reader.take(page, "page"))
    for words in (
        "Postgraduate Diploma: evidence dossier",
        "Applicant Amina Otieno",
        f"Holder of the badges {applicant.campus.holder.did}",
        "Ethics Still needed Badges tagged ethics. 2 of 5 ECTS",
        "25 UK credits (12.5 ECTS), level 7 of the FHEQ",
        "1 March 2026 to 20 March 2026; the holder took part",
        "Planned, taught and studied a lesson together.",
        "A cycle of three lessons, studied with peers.",
        "2 people beside its issuer endorsed it.",
        "checks of the credential passed on 22 November 2026.",
        "23 October 2026 by did:web:issuer.example, which calls itself “Issuer”",
        "Claimed in all: 84 UK credits (42 ECTS). Of it counts: 84 UK credits (42 ECTS).",
        "Of what counts, 20 UK credits (10 ECTS) is prior learning.",
        "learnometer degree check record.json",
        "That the applicant holds its key was not asked here",
    ):
        assert words in said, words


def test_dossier_on_paper_carries_the_record(reader: Reader, applicant: Applicant) -> None:
    page = reader.read(applicant.wallet())
    paper = reader.take(page, "pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF-")
    attached = re.search(rb"EmbeddedFile.*?stream\n(\{.*?\})\nendstream", paper.data, re.DOTALL)
    assert attached
    assert json.loads(attached[1]) == reader.record(page)
    assert reader.take(page, "pdf").data == paper.data


def test_dossier_that_takes_too_long_to_draw_is_told_so(
    reader: Reader, applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = reader.read(applicant.wallet())
    monkeypatch.setattr(deciding, "in_a_child", lambda asked: in_a_child(asked, seconds=0))
    paper = reader.take(page, "pdf")
    assert paper.status_code == 400
    assert "takes more work than is done here" in text(paper)


def test_dossier_for_another_award_than_was_looked_at_is_missing(
    reader: Reader, applicant: Applicant
) -> None:
    assert reader.take(reader.read(applicant.wallet()), "page", award="MSc").status_code == 404


def test_reading_can_be_taken_along_for_two_hours(reader: Reader, applicant: Applicant) -> None:
    page = reader.read(applicant.wallet())
    reader.clock[0] = NOW + CARRIED - timedelta(seconds=1)
    assert reader.take(page, "page").status_code == 200
    reader.clock[0] = NOW + CARRIED
    assert reader.take(page, "page").status_code == 410


@pytest.mark.parametrize("carried", ["", "nonsense", "A" * 80, "A" * 400_000])
def test_nothing_is_printed_that_was_not_read_here(reader: Reader, carried: str) -> None:
    token = re.search(
        'name="csrf_token" value="([^"]+)"', reader.client.get("/degree/receiving/").text
    )
    assert token
    data = {"csrf_token": token[1], "reading": carried, "award": "PGDip", "take": "pdf"}
    assert reader.client.post("/degree/receiving/dossier", data=data).status_code == 410
