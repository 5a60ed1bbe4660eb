"""What a receiving university is told, piece by piece: figures, exhibits, dossiers, the page."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from applicant import EVIDENCE, PROGRAMME, Applicant
from campus import NOW

from degree.receiving import deciding
from degree.receiving.answering import answer
from degree.receiving.carrying import CARRIED, Carrier
from degree.receiving.deciding import Deciding, in_a_child
from degree.receiving.dossier import Drawing, dossier
from degree.receiving.exhibit import LONGEST, MOST_PIECES, exhibit
from degree.receiving.handed import in_files
from degree.receiving.judged import Question
from degree.receiving.presented import NothingHolds, presented
from degree.receiving.printed import printed
from degree.receiving.reading import Reading, headline_of
from degree.receiving.values import as_json, from_json
from degree.rules.faults import Faulty
from degree.rules.records_json import records_as_json
from degree.statement import AwardShown, Requirement
from keys.sealing import Seal
from vc import effort
from vc.documents import JsonObject
from vc.effort import Effort
from vc.errors import Conflict, Gone, Malformed, Unavailable
from vc.model import timestamp

TODAY = NOW.date()


def reading(applicant: Applicant, credentials: list[JsonObject], **changes: Any) -> Reading:
    """The reading of these credentials by PROGRAMME."""
    handed = in_files(
        (f"{n}.json", json.dumps(each).encode()) for n, each in enumerate(credentials)
    )
    shown = presented(
        handed,
        registered=TODAY,
        name="Amina Otieno",
        fetcher=applicant.campus.library,
        now=NOW,
        place="files",
    )
    asked = question(wallet=json.dumps(records_as_json(shown.wallet)), **changes)
    found = Deciding(run=answer).judge(asked)
    assert found.judged is not None
    return Reading(
        judged=found.judged,
        remarks=found.remarks,
        sources=asked.sources,
        is_own=True,
        is_stated=False,
        trusting=asked.trusting,
        holder=shown.wallet.holder,
        name=shown.wallet.name,
        registered=TODAY,
        today=TODAY,
        checked_at=timestamp(NOW),
        exhibits=shown.exhibits,
        aside=shown.aside,
    )


def question(*, programme: str = PROGRAMME, wallet: str = "", **changes: Any) -> Question:
    facts: dict[str, Any] = {"with_remarks": False, "trusting": (), "today": TODAY}
    return Question(sources=(programme,), wallet=wallet, software="0.1.0", **(facts | changes))


@pytest.fixture(name="applicant")
def _applicant() -> Applicant:
    return Applicant()


def _award(state: str, counted: int, *parts: tuple[str, int, int]) -> AwardShown:
    """An award of 60 ECTS credits with parts of (state, counted, asked)."""
    buckets = tuple(
        Requirement(state=found, title="A part", asks="", says="", counted=have, asked=need)
        for found, have, need in parts
    )
    total = Requirement(state=state, title="", asks="", says="", counted=counted, asked=1200)
    return AwardShown(
        id="PGDip",
        title="Postgraduate Diploma",
        state=state,
        total=total,
        buckets=buckets,
        rules=(),
        years=(),
        for_the_board="",
        shortfalls=(),
        classes=(),
        not_needed=(),
    )


@pytest.mark.parametrize(
    ("award", "said"),
    [
        (
            _award("needed", 840, ("met", 100, 100), ("needed", 740, 1100)),
            "This wallet meets 42 of 60 ECTS of your modules, by these badges.",
        ),
        (
            # More than enough in one part stands for nothing in another.
            _award("needed", 1900, ("met", 1900, 600), ("needed", 0, 600)),
            "This wallet meets 30 of 60 ECTS of your modules, by these badges.",
        ),
        (
            _award("needed", 1200, ("met", 1200, 600)),
            "This wallet meets all 60 ECTS of your modules, but not every rule of them.",
        ),
        (
            _award("needed", 0, ("needed", 0, 600)),
            "This wallet meets none of the 60 ECTS of your modules.",
        ),
        (
            _award("met", 1300, ("met", 1300, 600)),
            "This wallet meets all 60 ECTS of your modules for the Postgraduate Diploma",
        ),
        (
            _award("undecided", 1200, ("met", 1200, 600)),
            "This wallet meets 60 of 60 ECTS of your modules, by these badges, if what is open",
        ),
    ],
)
def test_headline_says_how_much_is_met(applicant: Applicant, award: AwardShown, said: str) -> None:
    read = reading(applicant, [applicant.badge(1)])
    assert headline_of(read, award).startswith(said)


def test_headline_of_stated_records_and_another_programme_says_so(applicant: Applicant) -> None:
    read = replace(reading(applicant, applicant.wallet()), is_own=False, is_stated=True)
    assert read.headline == (
        "These records, as stated, meet 42 of 60 ECTS of these modules, by these badges."
    )


def test_reading_is_the_same_after_its_way_through_a_page(applicant: Applicant) -> None:
    read = reading(applicant, applicant.wallet(), with_remarks=True)
    carrier = Carrier(Seal(bytes(32)), "0.1.0")
    assert carrier.opened(carrier.carried(read, now=NOW), now=NOW) == read
    assert from_json(Reading, json.loads(json.dumps(as_json(read)))) == read


def test_reading_of_another_secret_or_version_or_time_does_not_open(applicant: Applicant) -> None:
    read = reading(applicant, [applicant.badge(1)])
    carrier = Carrier(Seal(bytes(32)), "0.1.0")
    carried = carrier.carried(read, now=NOW)
    assert "Amina" not in carried
    for other in (Carrier(Seal(b"x" * 32), "0.1.0"), Carrier(Seal(bytes(32)), "0.2.0")):
        with pytest.raises(Gone):
            other.opened(carried, now=NOW)
    bent = carried[:-8] + carried[-8:].swapcase()
    for text, now in ((bent, NOW), (carried, NOW + CARRIED), ("", NOW), ("ä", NOW)):
        with pytest.raises(Gone):
            carrier.opened(text, now=now)


def test_more_than_a_page_can_carry_is_refused(applicant: Applicant) -> None:
    read = reading(applicant, [applicant.badge(1)])
    heavy = replace(read, exhibits=read.exhibits * 2_000)
    with pytest.raises(Malformed, match="more than one page can carry"):
        Carrier(Seal(bytes(32)), "0.1.0").carried(heavy, now=NOW)


def test_exhibit_has_what_was_learned_and_what_shows_it(applicant: Applicant) -> None:
    report = applicant.campus.verify(applicant.badge(1))
    assert report.credential is not None
    found = exhibit(report, report.credential)
    assert found.description == "Planned, taught and studied a lesson together."
    assert found.criteria == "A cycle of three lessons, studied with peers."
    assert found.issuer_name == "Issuer"
    film = found.pieces[-1]
    assert (film.name, film.genre, film.address) == ("A film", "film", EVIDENCE)
    assert film.digest.startswith("u")
    assert {check.outcome for check in found.checks} == {"pass"}


@pytest.mark.parametrize("odd", [None, 7, [], {}, ["x"], {"id": 5}, {"narrative": 5}, "text"])
def test_exhibit_takes_texts_alone(applicant: Applicant, odd: object) -> None:
    report = applicant.campus.verify(applicant.badge(1))
    assert report.credential is not None
    document = {
        **report.credential.document,
        "credentialSubject": {"achievement": {"description": odd, "criteria": odd}},
        "evidence": odd,
        "relatedResource": odd,
    }
    found = exhibit(report, replace(report.credential, document=document))
    assert found.criteria == found.criteria_address == ""
    assert found.description in ("", "text")


def test_exhibit_is_cut_to_what_a_board_reads(applicant: Applicant) -> None:
    report = applicant.campus.verify(applicant.badge(1))
    assert report.credential is not None
    long = {"description": "x" * 9_000, "criteria": {"id": "javascript:alert(1)"}}
    document = {
        **report.credential.document,
        "credentialSubject": {"achievement": long},
        "evidence": [{"id": "file:///etc/passwd", "name": "y" * 9_000}] * 99,
    }
    found = exhibit(report, replace(report.credential, document=document))
    assert len(found.description) == LONGEST + 1
    assert len(found.pieces) == MOST_PIECES
    assert found.pieces[0].address == found.criteria_address == ""


def test_all_that_is_handed_over_has_one_effort(applicant: Applicant) -> None:
    badges = [applicant.badge(number) for number in (1, 2)]
    # The signatures of the first badge and its judges, and not those of the second.
    with effort.bounded(Effort(signatures=4, steps=200_000, labelling=20_000, processes=0)):
        found = reading(applicant, badges)
    (aside,) = found.aside
    assert "more work than is done for what is handed over at once" in aside.reason
    with (
        effort.bounded(Effort(signatures=0, steps=200_000, labelling=20_000, processes=0)),
        pytest.raises(NothingHolds),
    ):
        reading(applicant, badges)


def test_badge_that_is_handed_over_twice_counts_once(applicant: Applicant) -> None:
    badge = applicant.badge(1)
    read = reading(applicant, [badge, badge])
    assert len(read.exhibits) == 1
    assert read.judged.statement.focus.total.counted == 100


def test_dossier_numbers_the_badges_by_what_they_fill(applicant: Applicant) -> None:
    found = dossier(reading(applicant, applicant.wallet()), award_id="PGDip")
    filled = {part.title: [entry.number for entry in part.entries] for part in found.fillings}
    assert filled == {"Reflection": [1], "Ethics": [2], "Options": [3, 4, 5]}
    assert [entry.number for entry in found.prior_entries] == [5]
    facts = dict(found.entries[2].facts)
    assert facts["Counts for"] == "Options"
    assert facts["Judges"] == "2 people beside its issuer endorsed it."
    assert facts["Digest"].startswith("u")


def test_dossier_tells_claims_that_do_not_count_beside_those_that_do(
    applicant: Applicant,
) -> None:
    stranger = PROGRAMME.replace("where: {tag: ethics}", "where: {tag: morals}").replace(
        "not: {tag: [reflective_practice, ethics]}", "tag: [enquiry]"
    )
    found = dossier(reading(applicant, applicant.wallet(), programme=stranger), award_id="PGDip")
    counts = {claim.title: (claim.counts, claim.reason) for claim in found.claims}
    assert counts["Lesson study in fractions"] == ("25 UK credits (12.5 ECTS)", "")
    assert counts["Ethics of classroom research"] == (
        "nothing",
        "It fits no bucket of this award.",
    )
    assert found.totals == (
        "Claimed in all: 84 UK credits (42 ECTS). Of it counts: 60 UK credits (30 ECTS)."
    )
    assert found.prior.startswith("No prior learning counts here.")


def test_paper_is_the_same_bytes_each_time_and_takes_any_text(applicant: Applicant) -> None:
    odd = applicant.badge(3, name="{nb} \u202eevil\u202c 漢字 \x00 🎓 " + "long" * 99)
    found = dossier(reading(applicant, [*applicant.wallet()[:2], odd]), award_id="PGDip")
    papers = {
        printed(found, software="learnometer", author="did:web:x", when=NOW) for _ in range(2)
    }
    assert len(papers) == 1


def test_process_that_decides_gives_the_answer_that_we_would_give(applicant: Applicant) -> None:
    wallet = (Path(__file__).parents[3] / "examples" / "records" / "on-the-way.json").read_text()
    asked = json.dumps(as_json(question(wallet=wallet, with_remarks=True))).encode()
    assert in_a_child(asked) == answer(asked)


def drawing(applicant: Applicant) -> Drawing:
    return Drawing(
        dossier=dossier(reading(applicant, applicant.wallet()), award_id="PGDip"),
        software="learnometer",
        author="did:web:x",
        when=timestamp(NOW),
    )


def test_process_that_draws_gives_the_paper_that_we_would_give(applicant: Applicant) -> None:
    asked = json.dumps(as_json(drawing(applicant))).encode()
    assert answer(asked).startswith(b"%PDF-")
    assert in_a_child(asked) == answer(asked)


def test_whoever_wants_a_paper_waits_for_the_places_of_those_who_want_a_decision(
    applicant: Applicant,
) -> None:
    deciding = Deciding(run=answer)
    wanted = drawing(applicant)
    while deciding._room.acquire(blocking=False):
        pass
    with pytest.raises(Unavailable, match="Others are being served"):
        deciding.draw(wanted)
    deciding._room.release()
    assert deciding.draw(wanted).startswith(b"%PDF-")


def test_process_that_decides_ends_with_its_seconds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    endless, source = tmp_path / "child.py", deciding._CHILD.read_text()
    answering = "from degree.receiving.answering import answer"
    assert answering in source
    endless.write_text(source.replace(answering, "while True: pass"))
    monkeypatch.setattr(deciding, "_CHILD", endless)
    with pytest.raises(Malformed, match="more work than is done here"):
        in_a_child(b"{}", seconds=1)


def test_process_that_waits_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    idle = tmp_path / "child.py"
    idle.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(deciding, "_CHILD", idle)
    monkeypatch.setattr(deciding, "_PATIENCE", 0.2)
    with pytest.raises(Malformed, match="more work than is done here"):
        in_a_child(b"{}")


def test_process_that_decides_knows_nothing_of_our_surroundings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEARNOMETER_MASTER_SECRET", "secret")
    spy = tmp_path / "child.py"
    spy.write_text("import os, sys\nsys.stdout.write(repr(dict(os.environ)))\n")
    monkeypatch.setattr(deciding, "_CHILD", spy)
    assert b"SECRET" not in in_a_child(b"")


def test_fault_of_ours_in_the_process_is_no_fault_of_the_programme(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "child.py"
    broken.write_text("raise ValueError\n")
    monkeypatch.setattr(deciding, "_CHILD", broken)
    with pytest.raises(Unavailable, match="by a fault of this office"):
        in_a_child(b"{}")


def test_programme_with_faults_is_refused_with_all_of_them() -> None:
    wrong = PROGRAMME.replace("credits: 60", "credits: many").replace("tag: ethics", "colour: red")
    with pytest.raises(Faulty) as refusal:
        Deciding(run=answer).judge(question(programme=wrong))
    paths = [fault.path for fault in refusal.value.faults]
    assert paths == ["buckets.ethics.where.colour", "awards.PGDip.credits"]


def test_programme_that_is_not_in_force_decides_nothing(applicant: Applicant) -> None:
    with pytest.raises(Conflict, match="in force from 2026-09-01"):
        reading(applicant, [applicant.badge(1)], today=date(2026, 8, 31))


def test_as_if_trusted_is_another_programme(applicant: Applicant) -> None:
    elsewhere = PROGRAMME.replace("did:web:issuer.example", "did:web:other.example")
    plain = reading(applicant, applicant.wallet(), programme=elsewhere)
    assert plain.judged.untrusted == ("did:web:issuer.example",)
    assert not plain.judged.trusts_some
    trusting = ("did:web:issuer.example",)
    trusted = reading(applicant, applicant.wallet(), programme=elsewhere, trusting=trusting)
    assert trusted.judged.rules.handed_digest == plain.judged.rules.digest
    assert trusted.judged.rules.digest != plain.judged.rules.digest
    assert trusted.judged.untrusted == ()
