"""The judges of the engine on what is pending, concessions, awards and versions, known by hand."""

from typing import Any

import pytest
from degree_hand import badge, bucket, programme, said
from degree_reading import Json

SAID = {"authority": "Board", "rationale": "Minute 7", "date": "2026-09-30", "expiry": "2027-09-30"}


def attesting(word: str | None, tree: Json | None = None) -> tuple[str, frozenset[str]]:
    tree = tree or {"all_of": ["all", {"attested": "viva"}]}
    names = {"viva": {"says": "The viva was passed.", "by": "external examiner"}}
    rules = programme(1, award={"requires": tree}, attestations=names)
    words = {"attestations": {"viva": {"value": word}}} if word else {}
    award = said(rules, [badge("x")], **words).verdicts[0].awards[0]
    return award.answer, award.pending


def test_word_that_nobody_gave_is_pending() -> None:
    assert attesting("yes") == ("satisfied", set())
    assert attesting("no") == ("not_satisfied", set())
    assert attesting("pending") == attesting(None) == ("undecided", {"attested:viva"})


def test_pending_word_on_which_nothing_hangs_is_not_waited_for() -> None:
    assert attesting(None, {"any_of": ["all", {"attested": "viva"}]}) == ("satisfied", set())


def test_badge_of_unknown_status_is_waited_for_where_the_answer_hangs_on_it() -> None:
    badges = [badge("x"), badge("y", status="unknown")]
    enough, hanging = (said(programme(n), badges).verdicts[0].awards[0] for n in (10, 20))
    assert (enough.answer, enough.pending) == ("satisfied", frozenset())
    assert (hanging.answer, hanging.pending) == ("undecided", {"y"})
    assert said(programme(21), badges).answer == "not_satisfied"


def test_year_may_hang_on_a_pending_badge() -> None:
    rule = {"at_least": 1, "of": "activity", "validated": True}
    obligations = {
        "every": "registration_year",
        "joined": rule,
        "co_provided": rule | {"at_least": 0},
        "misses": {"concession": "allowed", "max": 1, "approver": "board"},
    }
    rules = programme(1, obligations=obligations)
    unknown = badge("y", activity_end="2025-06-01", status="unknown")
    first_year = badge("x", activity_end="2024-06-01")
    award = said(rules, [first_year, unknown], registered="2023-11-22").verdicts[0].awards[0]
    assert (award.answer, award.years, award.pending) == ("undecided", (3,), {"y"})
    later = badge("z", activity_end="2026-06-01")
    award = said(rules, [first_year, unknown, later], registered="2023-11-22").verdicts[0].awards[0]
    assert (award.answer, award.years, award.pending) == ("undecided", (2,), frozenset())


def test_class_is_undecided_where_it_hangs_on_what_is_pending() -> None:
    some = [{"id": "first", "mean": 70}, {"id": "second", "mean": 60}, {"id": "third", "mean": 1}]
    rule = {"rpl_marks": "included", "classes": [{"id": "top", "mean": 90}, *some]}
    badges = [badge("x", mark=65), badge("y", 100, mark=71, status="unknown")]
    award = said(programme(10, classification=rule), badges).verdicts[0].awards[0]
    assert award.classes == (
        ("top", "not_satisfied"), ("first", "undecided"), ("second", "satisfied"),
    )  # fmt: skip


def conceded(
    concession: Json, badges: list[Json], *, never: tuple[str, ...] = (), **rules: Any
) -> tuple[str, str]:
    """The answers without and with the concession, on 30 credits in one bucket of 20."""
    allowed = ["waive", "reduce", "accept", "forgive_year"]
    programme_ = programme(
        **{"credits_": 30, "award": {"buckets": {"all": 20}}} | rules,
        concessions={"allowed": allowed, "requires": list(SAID), "never": list(never)},
    )
    answer = said(programme_, badges, concessions=[{"id": "c1", **SAID, **concession}])
    first = [verdict.awards[0].answer for verdict in answer.verdicts]
    assert answer.verdicts[-1].concessions == ({"c1"} if len(first) == 2 else frozenset())
    return first[0], first[-1]


NO, YES = "not_satisfied", "satisfied"
CREDITS = {"action": "waive", "path": "awards.MSc.credits"}


def test_waived_rule_no_longer_holds() -> None:
    assert conceded(CREDITS, [badge("x", 20)]) == (NO, YES)
    assert conceded(CREDITS, [badge("x", 19)]) == (NO, NO)


def test_reduced_rule_asks_for_the_new_amount() -> None:
    reduce = {"action": "reduce", "path": "awards.MSc.credits", "to": 22.5}
    assert conceded(reduce, [badge("x", 22.5)]) == (NO, YES)
    assert conceded(reduce, [badge("x", 22.4)]) == (NO, NO)


@pytest.mark.parametrize(
    ("path", "rules", "expected"),
    [
        ("awards.MSc.buckets.all", {"buckets": {"all": bucket("any", min_badges=9)}}, YES),
        ("awards.MSc.buckets.all", {"buckets": {"all": bucket("any", max_badges=0)}}, NO),
        ("awards.MSc.buckets.all.max_badges", {"buckets": {"all": bucket(max_badges=0)}}, YES),
        ("distinct", {"distinct": {"kinds": {"at_least": 2}}}, YES),
        ("distinct.kinds", {"distinct": {"kinds": {"at_least": 2}}}, YES),
        ("distinct.contexts", {"distinct": {"kinds": {"at_least": 2}}}, NO),
        ("distinct.kinds.max_share_each", {"distinct": {"kinds": {"max_share_each": 0.5}}}, YES),
        ("exclusions.K+L", {"exclusions": [["badge:L", "badge:K"]]}, YES),
        ("prerequisites.K-needs-M", {"prerequisites": [{"badge": "K", "needs": "M"}]}, YES),
        ("awards.MSc.requires.all_of[1]",
         {"award": {"requires": {"all_of": ["all", {"badge": "Z"}]}}}, YES),
    ],
)  # fmt: skip
def test_waiver_takes_what_stands_below_its_path(path: str, rules: Json, expected: str) -> None:
    badges = [badge("x", 20, kind="Essay", code="K"), badge("y", 10, kind="Essay", code="L")]
    assert conceded({"action": "waive", "path": path}, badges, **rules) == (NO, expected)


def test_accepted_badge_counts_in_spite_of_gate_and_filter() -> None:
    accept = {"action": "accept", "record": "x", "bucket": "all"}
    stranger = badge("x", 30, issuer="did:web:else.example")
    assert conceded(accept, [stranger]) == (NO, YES)
    assert conceded(accept, [stranger | {"status": "revoked"}]) == (NO, NO)
    assert conceded(accept, [stranger], buckets={"all": bucket("t", rpl=False)}) == (NO, YES)
    assert conceded(accept, [stranger | {"status": "unknown"}]) == (NO, "undecided")


def test_badge_accepted_in_one_bucket_counts_in_no_other() -> None:
    accept = {"action": "accept", "record": "x", "bucket": "a"}
    rules = {"buckets": {"a": bucket("a"), "b": bucket()}, "award": {"buckets": {"a": 0, "b": 20}}}
    kept_out = badge("x", 30, issuer="did:web:else.example")
    assert conceded(accept, [kept_out], **rules) == (NO, NO)
    assert conceded(accept, [badge("x", 30)], **rules) == (YES, YES)


def test_forgiven_year_counts_as_kept() -> None:
    rule = {"at_least": 1, "of": "activity", "validated": True}
    obligations = {
        "every": "registration_year",
        "joined": rule,
        "co_provided": rule,
        "misses": {"concession": "allowed", "max": 1, "approver": "board"},
    }
    rules = programme(1, obligations=obligations, concessions={"allowed": ["forgive_year"]})
    forgive = {"id": "c1", "action": "forgive_year", "year": 2, **SAID}
    facts = {"registered": "2024-11-22", "concessions": [forgive]}
    awards = [v.awards[0] for v in said(rules, [badge("x")], **facts).verdicts]
    assert [award.answer for award in awards] == ["not_satisfied", "undecided"]
    assert awards[1].years == (1,)


@pytest.mark.parametrize(
    ("change", "never"),
    [
        ({"date": "2026-11-23"}, ()),
        ({"expiry": "2026-11-21"}, ()),
        ({"rationale": ""}, ()),
        ({}, ("awards.MSc.credits",)),
        ({}, ("awards.MSc",)),
        ({"path": "awards.MSc"}, ("awards.MSc.credits",)),
    ],
)
def test_concession_that_does_not_count_is_not_applied(
    change: Json, never: tuple[str, ...]
) -> None:
    assert conceded(CREDITS | change, [badge("x", 20)], never=never) == (NO, NO)


def test_concession_counts_on_its_first_and_last_day() -> None:
    for days in ({"date": "2026-11-22"}, {"expiry": "2026-11-22"}):
        assert conceded(CREDITS | days, [badge("x", 20)]) == (NO, YES)


def test_nothing_is_conceded_where_the_programme_does_not_allow_it() -> None:
    concession = [{"id": "c1", **CREDITS, **SAID}]
    assert len(said(programme(30), [badge("x", 20)], concessions=concession).verdicts) == 1


def ladder(**rules: Any) -> Json:
    whole = programme(30, **rules)
    lower = {"id": "PGCert", "title": "Certificate", "credits": 10, "pathway": "digital"}
    return whole | {"awards": [*whole["awards"], lower]}


def test_first_award_that_is_satisfied_is_given() -> None:
    answer = said(ladder(), [badge("x", 20)])
    assert [award.answer for award in answer.verdicts[0].awards] == ["not_satisfied", "satisfied"]
    assert (answer.answer, answer.award) == ("satisfied", "PGCert")
    assert len(said(ladder(), [badge("x", 30)]).verdicts[0].awards) == 1


def test_award_of_a_pathway_is_tried_for_who_asks_for_it_or_for_none() -> None:
    assert said(ladder(), [badge("x", 20)], pathway="digital").award == "PGCert"
    assert said(ladder(), [badge("x", 20)], pathway="presence").award is None


def test_undecided_award_above_leaves_the_outcome_undecided() -> None:
    answer = said(ladder(), [badge("x", 20), badge("y", 10, status="unknown")])
    assert (answer.answer, answer.award) == ("undecided", "PGCert")


def test_hypothetical_badge_is_told() -> None:
    assert said(programme(10), [badge("x", hypothetical=True)]).hypothetical
    assert not said(programme(10), [badge("x")]).hypothetical


def version(day: str, credits_: float, **rules: Any) -> Json:
    choose = rules.pop("choose", "start_version_or_better")
    ruleset = {"id": "r", "version": day, "in_force_from": day, "choose": choose}
    return programme(credits_, ruleset=ruleset, **rules)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([version("2020-01-01", 30), version("2024-01-01", 20)], 1),
        ([version("2020-01-01", 30, choose="start_version"), version("2024-01-01", 20)], 0),
        ([version("2020-01-01", 30), version("2026-11-22", 20)], 1),
        ([version("2020-01-01", 30), version("2026-11-23", 20)], 0),
        ([version("2020-01-01", 20), version("2024-01-01", 10)], 0),
        ([version("2020-01-01", 10), version("2024-01-01", 20)], 1),
        ([version("2020-01-01", 10), version("2023-09-01", 30)], 1),  # in force on that day
        ([version("2024-01-01", 10), version("2025-01-01", 30)], 0),  # before the first one
        ([version("2025-01-01", 30), version("2024-01-01", 20)], 1),  # whatever stands first
    ],
)
def test_version_of_the_start_decides_or_a_better_one(versions: list[Json], expected: int) -> None:
    assert said(versions, [badge("x", 20)]).version == expected


def test_better_class_wins_where_the_award_is_the_same() -> None:
    some = [{"id": "first", "mean": 70}, {"id": "second", "mean": 60}]
    easier = [{"id": "first", "mean": 60}, {"id": "second", "mean": 50}]
    versions = [
        version("2020-01-01", 10, classification={"rpl_marks": "included", "classes": some}),
        version("2024-01-01", 10, classification={"rpl_marks": "included", "classes": easier}),
    ]
    answer = said(versions, [badge("x", mark=65)])
    assert (answer.version, answer.class_) == (1, "first")


def test_award_left_undecided_by_another_version_leaves_the_outcome_undecided() -> None:
    versions = [version("2020-01-01", 20), version("2024-01-01", 30)]
    answer = said(versions, [badge("x", 20), badge("y", 10, status="unknown")])
    assert (answer.version, answer.answer, answer.award) == (0, "undecided", "MSc")
