"""A diploma supplement says what the award rests on, whoever the holder is, and holds the proof."""

import re
from datetime import timedelta
from typing import Any

import pytest
from campus import NOW
from ed25519_keys import signer
from studies import UNIVERSITY, Studies

from degree.award import Earned, degree_credential
from degree.supplement import Supplement, supplement
from degree.supplement_pdf import supplement_pdf
from degree.transcript import transcript
from vc import did
from vc.documents import JsonObject, parse, written
from vc.issue import issue
from vc.model import Verdict
from verifier.attached import attached_in

VERIFIER = "https://learn.example/verifier/"


@pytest.fixture
def studies() -> Studies:
    return Studies()


def _earned(studies: Studies, **changes: Any) -> tuple[Earned, list[JsonObject]]:
    _card, journal, ethics, *electives = studies.certificate()
    earned = studies.earned(
        (journal, "reflective_practice"),
        (ethics, "ethics_and_inclusion"),
        *((elective, "electives") for elective in electives),
        **changes,
    )
    return earned, [journal, ethics, *electives]


def _told(
    studies: Studies, *, transcripts: tuple[bytes, ...] = (b"{}",), **changes: Any
) -> Supplement:
    earned, badges = _earned(studies, **changes)
    return supplement(earned, transcripts=transcripts, held=badges, verifier=VERIFIER)


def _text(told: Supplement, number: str) -> str:
    (item,) = [item for one in told.sections for item in one.items if item.number == number]
    return item.text


def test_every_counted_badge_is_a_row_with_what_it_fills(studies: Studies) -> None:
    rows = _told(studies).results
    assert [row.title for row in rows][:2] == ["Reflective journal", "Ethics of classroom research"]
    ethics = rows[1]
    assert (ethics.fills, ethics.level) == ("Ethics and inclusion", "7")
    assert (ethics.credits, ethics.ects) == ("5", "2.5")
    assert (ethics.issued, ethics.issuer) == ("23 Oct 2026", "Issuer")
    assert len(rows) == 5


def test_all_sections_but_the_last_are_filled_from_the_award(studies: Studies) -> None:
    told = _told(studies)
    assert [section.number for section in told.sections] == [1, 2, 3, 4, 5, 6, 7]
    assert all(item.text for section in told.sections for item in section.items)
    assert _text(told, "1.1, 1.2").startswith("Amina Otieno")
    assert studies.campus.holder.did in _text(told, "1.4")
    assert _text(told, "2.1") == "Postgraduate Certificate, MSc Learning Practice (Learnometer)"
    assert _text(told, "3.1").startswith("Level 7 of the FHEQ")
    assert _text(told, "3.2").startswith(
        "60 UK credits (30 ECTS), of these at least 40 UK credits (20 ECTS) at level 7 or above"
    )
    assert "by at least 2 judges who signed" in _text(told, "4.4")


def test_a_certificate_is_part_of_the_cycle_and_a_masters_degree_is_the_cycle(
    studies: Studies,
) -> None:
    earned, _ = _earned(studies)
    master = next(one for one in earned.programme.awards if one.id == "MSc")
    assert "of which it is a part" in _text(_told(studies), "3.1")
    assert "of which it is a part" not in _text(_told(studies, award=master), "3.1")
    assert _text(_told(studies, award=master), "5.1").startswith("Doctoral studies")
    assert "within 6 years of registration" in _text(_told(studies, award=master), "3.2")


def test_papers_that_replace_others_are_dated_on_their_own_day(studies: Studies) -> None:
    told = _told(studies, issued_at=NOW + timedelta(days=3))
    assert _text(told, "7.1") == "25 November 2026; conferred on 22 November 2026"


def test_the_same_award_gives_the_same_bytes(studies: Studies) -> None:
    assert supplement_pdf(_told(studies)) == supplement_pdf(_told(studies))
    assert supplement_pdf(_told(studies)) != supplement_pdf(_told(studies, holder_name="B"))


@pytest.mark.parametrize(
    "name",
    [
        "Αικατερίνη Παπαδοπούλου",
        "Đặng Thị Ngọc Ánh",
        "王小明",
        "أمينة العتيبي",
        "Zoë\u202eevil\u0000 {nb}",
        "A\u0301 e\u0308",
        "x" * 200,
        "<b>&amp;(\\)",
        "👩🏽‍🏫",
    ],
)
def test_whatever_the_holder_is_called_the_paper_is_written(studies: Studies, name: str) -> None:
    pdf = supplement_pdf(_told(studies, holder_name=name))
    assert pdf.startswith(b"%PDF-")
    assert b"evil\x00" not in pdf


def test_the_signed_transcript_in_the_paper_is_what_the_verifier_reads(studies: Studies) -> None:
    key = signer(4, f"{UNIVERSITY}#key-1")
    studies.campus.library.publish(
        "https://localhost:8000/issuer/university/did.json",
        did.document(UNIVERSITY, [("key-1", key.public_key)]),
    )
    earned, badges = _earned(studies)
    degree = issue(degree_credential(earned, credential_id="urn:x:1"), signer=key, created=NOW)
    unsigned = transcript(earned, degree=degree, badges=badges, credential_id="urn:x:2")
    signed = issue(unsigned, signer=key, created=NOW)
    told = supplement(earned, transcripts=[written(signed)], held=badges, verifier=VERIFIER)
    pdf = supplement_pdf(told)
    assert parse(attached_in(pdf)) == signed
    assert studies.campus.verify(attached_in(pdf)).verdict is Verdict.VALID


def test_each_of_several_transcripts_is_attached_under_its_own_name(studies: Studies) -> None:
    told = _told(studies, transcripts=(b'{"part": 1}', b'{"part": 2}'))
    pdf = supplement_pdf(told)
    assert b"transcript-1.json" in pdf
    assert b'{"part": 2}' in pdf
    assert _text(told, "7.2").startswith("Electronic. Paper can be altered: what holds are")


def test_the_paper_claims_to_be_an_archival_pdf_with_its_source(studies: Studies) -> None:
    pdf = supplement_pdf(_told(studies))
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert re.search(rb"/AFRelationship /Source", pdf)
