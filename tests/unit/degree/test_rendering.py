"""The decision for a terminal, line by line."""

from datetime import date
from typing import Any

import pytest
from wallets import HOLDER, decided, granted, programme, record

from degree.rules.records import Attestation, Interruption, Record, Role, Status, Word
from degree.rules.rendering import decision_as_text
from degree.rules.requiring import required

BUCKETS = {
    "field_work": {"min": 0, "where": {"tag": "a"}},
    "essay": {"min": 0, "where": {"tag": "b"}},
}
MASTER = {
    "id": "M",
    "title": "Master",
    "credits": 20,
    "rpl_cap": 5,
    "buckets": {"field_work": 10, "essay": 0},
}
LOWER = {"id": "D", "title": "Diploma", "credits": 10, "buckets": {"essay": 0, "field_work": 0}}


_OF_THE_WALLET = ("name", "pathway", "concessions", "registered", "interruptions")


def text(records: list[Record], *, awards: Any = (MASTER, LOWER), **clauses: Any) -> list[str]:
    facts = {key: clauses.pop(key) for key in _OF_THE_WALLET if key in clauses}
    stated = programme(awards=list(awards), buckets=BUCKETS, **clauses)
    return decision_as_text(decided(stated, records, **facts)).split("\n")


X = record("x", 12, tags="a")
Y = record("y", 7.5, tags="ab", level=6, mark=655)


def test_a_decision_begins_with_what_it_is_about() -> None:
    assert text([X])[:3] == [
        "A small programme, version 1, on 2026-11-22",
        f"Holder: {HOLDER}",
        "Earned: Diploma.",
    ]
    assert text([X], name="Amina")[1] == "Holder: Amina"


def test_a_wallet_on_a_pathway_without_awards_is_told_so() -> None:
    awards = [{**LOWER, "pathway": "digital"}]
    assert text([X], awards=awards, pathway="other")[2:] == [
        "No award of this programme is on the pathway “other”.",
        "",
    ]


def test_the_whole_decision_is_told_award_by_award() -> None:
    records = [X, Y, record("z", 3, tags="n", rpl=True), record("w", 1, status=Status.REVOKED)]
    assert text(records) == [
        "A small programme, version 1, on 2026-11-22",
        f"Holder: {HOLDER}",
        "Earned: Diploma.",
        "",
        "Master (M): not satisfied",
        (
            "  Why not: The M, in all, needs 20 credits; all that could count comes to 19.5: "
            "earn at least 0.5 more."
        ),
        "  no   All credits: 19.5 of 20 credits; 0.5 still needed",
        "  yes  Prior learning: 0 counted; at most 5 credits may count",
        "  yes  Essay: 7.5 credits; none is asked",
        "  yes  Field work: 12 counted; it asks for at least 10 credits",
        "  Filled so far:",
        "    field work",
        "      X (12 credits, level 7)",
        "    essay",
        "      Y (7.5 credits, level 6, mark 65.5)",
        "  Not counted here:",
        "    Z (3 credits, level 7, prior learning): it fits no bucket of this award",
        "",
        "Diploma (D): satisfied",
        "  yes  All credits: 12 counted; it asks for at least 10 credits",
        "  yes  Essay: 0 credits; none is asked",
        "  yes  Field work: 12 credits; none is asked",
        "  What fills what:",
        "    field work",
        "      X (12 credits, level 7)",
        "  Not counted here:",
        "    Y (7.5 credits, level 6, mark 65.5): not needed: other badges fill the award",
        "    Z (3 credits, level 7, prior learning): it fits no bucket of this award",
        "",
        "Never counted:",
        "    W (1 credits, level 7): the issuer has revoked it",
        "",
    ]


def test_nothing_earned_is_said() -> None:
    assert text([])[2] == "No award is earned yet."
    assert "  Filled so far:" not in text([])
    assert "Never counted:" not in text([])
    assert "  Not counted here:" not in text([])


def test_a_shared_badge_stands_in_both_buckets() -> None:
    both = {**MASTER, "credits": 7, "buckets": {"field_work": 7, "essay": 7}}
    said = text([Y], awards=[both], sharing={"max_badges": 1})
    at = said.index("  What fills what:")
    badge = "      Y (7.5 credits, level 6, mark 65.5) (shared)"
    assert said[at + 1 : at + 5] == ["    field work", badge, "    essay", badge]


def test_what_the_board_decides_stands_in_the_headline_and_with_its_reason() -> None:
    records = [X, record("u", 9, tags="a", status=Status.UNKNOWN)]
    said = text(records)
    assert said[2] == "Earned: Diploma. For the board to decide: Master."
    assert said[4:6] == [
        "Master (M): undecided, for the board",
        "  It hangs on 1 badge whose status could not be checked. All else is kept.",
    ]
    nothing = text([record("u", 20, tags="a", status=Status.UNKNOWN)])
    assert nothing[2] == "No award is earned yet. For the board to decide: Master, Diploma."


def test_a_class_is_told_with_the_award() -> None:
    classes = [{"id": "with_honours", "mean": 70}, {"id": "merit", "mean": 60}]
    said = text(
        [Y],
        awards=[{**LOWER, "credits": 5}],
        classification={"rpl_marks": "included", "classes": classes},
    )
    assert said[2] == "Earned: Diploma, merit."
    at = said.index("Diploma (D): satisfied")
    assert said[at + 1 : at + 3] == ["  with honours: not satisfied", "  merit: satisfied"]
    assert "  yes  Mean for merit: the mean is 65.5; at least 60.0 is asked" in said


YEARS = {
    "every": "registration_year",
    "joined": {"at_least": 1, "of": "activity", "validated": True},
    "co_provided": {"at_least": 0, "of": "activity", "validated": True},
    "misses": {"concession": "allowed", "max": 3, "approver": "board"},
}


def test_each_registration_year_is_told() -> None:
    records = [X, record("o", 1, tags="a", role=Role.CO_PROVIDER)]
    said = text(records, awards=[LOWER], obligations=YEARS, registered=date(2023, 12, 1))
    at = said.index(
        "  yes  Year 1, 2023-12-01 to 2024-11-30: joined 1 (1 asked), co-provided 1 (0 asked)"
    )
    assert said[at + 1 : at + 3] == [
        "  no   Year 2, 2024-12-01 to 2025-11-30: joined 0 (1 asked), co-provided 0 (0 asked)",
        (
            "  ...  Year 3, 2025-12-01 to 2026-11-30: joined 0 (1 asked), co-provided 0 (0 asked), "
            "so far"
        ),
    ]


@pytest.mark.parametrize(
    ("last", "days"), [(date(2024, 1, 1), "1 day"), (date(2024, 3, 1), "61 days")]
)
def test_a_registration_year_that_an_interruption_made_longer_says_so(
    last: date, days: str
) -> None:
    rules = {**YEARS, "pauses": "authorised_interruptions"}
    pause = Interruption(first=date(2024, 1, 1), last=last)
    said = text(
        [X],
        awards=[LOWER],
        obligations=rules,
        registered=date(2023, 12, 1),
        interruptions=(pause,),
    )
    (year,) = [each for each in said if "Year 1," in each]
    assert f", longer by {days} of interruption: joined 1" in year


def test_a_hypothetical_decision_says_so_before_anything_else() -> None:
    said = text([X, record("h", 20, tags="a", hypothetical=True)])
    assert said[3] == "Some badges are hypothetical: this only asks what would be."
    assert said[2] == "Earned: Master. Lower awards were not tried."


def test_concessions_that_apply_and_those_that_do_not_are_told() -> None:
    applied = granted("reduce", id="c1", path="awards.M.credits", to=12)
    refused = granted("waive", id="c2", path="awards.M.credits")
    stated = programme(awards=[MASTER, LOWER], buckets=BUCKETS, concessions={"allowed": ["reduce"]})
    said = decision_as_text(decided(stated, [X], concessions=(applied, refused))).split("\n")
    assert said[2:5] == [
        "Earned: Master. Lower awards were not tried.",
        "With concessions: c1.",
        "The concession c2 does not apply: the programme does not allow to waive.",
    ]
    at = said.index("By version 1, without concessions:")
    assert said[at - 1 :] == [
        "",
        "By version 1, without concessions:",
        "  M: not satisfied",
        "  D: satisfied",
        "",
    ]


def test_other_versions_are_told_in_short() -> None:
    old, new = (
        {
            "id": "small",
            "version": number,
            "in_force_from": day,
            "choose": "start_version_or_better",
        }
        for number, day in (("old", date(2020, 1, 1)), ("new", date(2024, 1, 1)))
    )
    versions = [
        programme(
            awards=awards, buckets=BUCKETS, ruleset=ruleset, concessions={"allowed": ["waive"]}
        )
        for awards, ruleset in (([MASTER, LOWER], old), ([LOWER], new))
    ]
    waived = (granted("waive", path="awards.M.credits"),)
    said = decision_as_text(decided(versions, [X], concessions=waived)).split("\n")
    assert said[0] == "A small programme, version old, on 2026-11-22"
    at = said.index("By version old, without concessions:")
    assert said[at:] == [
        "By version old, without concessions:",
        "  M: not satisfied",
        "  D: satisfied",
        "",
        "By version new, without concessions:",
        "  D: satisfied",
        "",
        "By version new, with concessions:",
        "  D: satisfied",
        "",
    ]


def test_a_missed_year_that_may_be_forgiven_is_told_beside_what_is_missing() -> None:
    short = {**LOWER, "credits": 20}
    said = text([X], awards=[short], obligations=YEARS, registered=date(2023, 12, 1))
    assert said[5].startswith("  Why not: The D, in all, needs 20 credits")
    assert said[6] == (
        "  Why not: Registration year 2 was missed: the board would have to forgive it."
    )


def test_an_award_that_is_lost_tells_its_years_and_nothing_that_is_short() -> None:
    strict = {**YEARS, "misses": {"concession": "none"}}
    short = {**LOWER, "credits": 20}
    said = text([X], awards=[short], obligations=strict, registered=date(2023, 12, 1))
    assert said[5].startswith("  No longer possible: Too many registration years were missed: 2")
    assert [line[:12] for line in said[6:9]] == ["  yes  Year ", "  no   Year ", "  ...  Year "]
    assert said[9:] == [""]


VIVA = {
    "awards": [{**LOWER, "requires": {"all_of": ["field_work", {"attested": "viva"}]}}],
    "attestations": {"viva": {"says": "The viva was passed.", "by": "external examiner"}},
}


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (None, "...  The viva was passed: nobody has said so yet"),
        (Attestation(value=Word.PENDING), "...  The viva was passed: nobody has said so yet"),
        (
            Attestation(value=Word.NO, by="Dr E. Examiner", on=date(2026, 10, 1)),
            "no   The viva was passed: Dr E. Examiner said no on 2026-10-01",
        ),
        (
            Attestation(value=Word.YES, by="Dr E. Examiner", on=date(2026, 10, 1)),
            "yes  The viva was passed: Dr E. Examiner said so on 2026-10-01",
        ),
        (Attestation(value=Word.YES), "yes  The viva was passed: somebody said so"),
    ],
)
@pytest.mark.parametrize("records", [[], [X]], ids=["too little", "enough"])
def test_a_word_that_nobody_has_given_is_no_no(
    records: list[Record], word: Attestation | None, told: str
) -> None:
    stated = programme(buckets=BUCKETS, **VIVA)
    given = {"viva": word} if word else {}
    said = decision_as_text(decided(stated, records, attestations=given)).split("\n")
    assert f"  {told}" in said
    assert len([line for line in said if "iva was passed:" in line]) == 1


def test_a_word_that_is_waived_is_not_told() -> None:
    stated = programme(buckets=BUCKETS, concessions={"allowed": ["waive"]}, **VIVA)
    (path,) = (each.path for each in required(stated.awards[0]))
    waiver = granted("waive", path=path)
    said = decision_as_text(decided(stated, [X], concessions=(waiver,)))
    assert "Earned: Diploma." in said
    assert "viva was" not in said
