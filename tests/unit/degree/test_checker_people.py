"""The gate, registration years, people's word, concessions and versions, as the checker sees them."""

from typing import Any

import pytest
from decision_records import (
    CONCESSIONS,
    SAID,
    Document,
    badge,
    cuts,
    decision,
    no,
    placed,
    programme,
    undecided,
    verdict,
    yes,
)

from degree.checker import digest, objections

CREDITS = "awards.X.credits"
TWO = [badge("p"), badge("q")]


def said(*arguments: Any, **wallet: Any) -> str:
    return "\n".join(objections(decision(*arguments, **wallet)))


def gate(**rules: Any) -> Document:
    base = programme()
    return base | {"evidence_gate": base["evidence_gate"] | rules}


def aside(*rules: str, needed: int = 200, could: int = 100) -> Document:
    """The verdict where q is kept out by this rule."""
    listed = [{"record": "q", "rule": f"evidence_gate.{rule}"} for rule in rules]
    return {"set_aside": listed, "awards": [no(cuts(needed, could, CREDITS))]}


@pytest.mark.parametrize(
    ("rules", "facts", "rule"),
    [
        ({}, {"issuer": "did:web:other"}, "issuer_in"),
        ({}, {"status": "revoked"}, "status"),
        ({}, {"status": "suspended"}, "status"),
        ({}, {"status": "expired"}, "status"),
        ({}, {"status": "invalid"}, "status"),
        ({"status": ["proof_valid", "not_revoked"]}, {"status": "expired"}, ""),
        ({}, {"judges": ["did:key:zJ1"]}, "endorsements"),
        ({}, {"judges": ["did:key:zJ1", "did:key:zJ1"]}, "endorsements"),
        (
            {"endorsements": {"min": 2, "distinct_endorsers": False}},
            *({"judges": ["did:key:zJ1", "did:key:zJ1"]}, ""),
        ),
        ({}, {"judges": ["did:key:zJ1", "did:key:zHolder"]}, ""),
        (
            {"endorsements": {"min": 2, "endorser_not_in": ["holder"]}},
            *({"judges": ["did:key:zJ1", "did:key:zHolder"]}, "endorsements"),
        ),
        (
            {"endorsements": {"min": 1, "endorser_not_in": ["line_manager"]}},
            *({"judges": [{"id": "a", "relation": "line_manager"}]}, "endorsements"),
        ),
        (
            {"endorsements": {"min": 1, "endorser_level_min": 7}},
            *({"judges": [{"id": "a", "level": 6}, "b"]}, "endorsements"),
        ),
        (
            {"endorsements": {"min": 1, "endorser_level_min": 7}},
            *({"judges": [{"id": "a", "level": 7}, "b"]}, ""),
        ),
        (
            {"currency_years": {"earned": {"years": 2, "measured_at": "decision"}}},
            *({"activity_end": "2024-11-21"}, "currency_years.earned"),
        ),
        (
            {"currency_years": {"earned": {"years": 2, "measured_at": "decision"}}},
            *({"activity_end": "2024-11-22"}, ""),
        ),
        (
            {"currency_years": {"rpl": {"years": 2, "measured_at": "registration"}}},
            *({"activity_start": "2020-01-01", "activity_end": "2021-08-31", "rpl": True},),
            "currency_years.rpl",
        ),
        (
            {"currency_years": {"rpl": {"years": 2, "measured_at": "registration"}}},
            *({"activity_start": "2020-01-01", "activity_end": "2021-09-01", "rpl": True}, ""),
        ),
        ({"not_already_used_in_award": True}, {"used_in": "Y"}, "not_already_used_in_award"),
        ({"not_already_used_in_award": False}, {"used_in": "Y"}, ""),
        ({}, {"status": "revoked", "issuer": "did:web:other", "judges": []}, "issuer_in"),
        ({}, {"status": "revoked", "judges": []}, "status"),
    ],
)
def test_gate_keeps_out_by_the_first_rule_that_fails(
    rules: Document, facts: Document, rule: str
) -> None:
    version = gate(**rules)
    if "currency_years" in rules:  # q alone is of the age in question
        badges = [badge("p", activity_end="2026-01-01"), badge("q", **facts)]
    else:
        badges = [badge("p"), badge("q", **facts)]
    if "endorsements" in rules:
        badges[0]["judges"] = [{"id": "a", "level": 8}, {"id": "b", "level": 8}]
    out = verdict(version) | aside(rule)
    satisfied = verdict(version, yes(p="main", q="main"))
    assert said(version, badges, out if rule else satisfied) == ""
    heard = said(version, badges, satisfied if rule else verdict(version) | aside("status"))
    assert (
        "set_aside: the gate keeps out " + (f"q by evidence_gate.{rule}" if rule else "") in heard
    )


def test_trust_of_an_issuer_may_begin_and_end() -> None:
    entry = {"issuer": "did:web:issuer", "from": "2024-03-28", "until": "2024-03-28"}
    version = programme(trust_lists={"all": [entry]})
    assert said(version, TWO, yes(p="main", q="main")) == ""
    for issued in ("2024-03-27", "2024-03-29"):
        badges = [badge("p"), badge("q", issued=issued)]
        assert said(version, badges, verdict(version) | aside("issuer_in")) == ""


def test_old_code_is_read_as_the_new_one_with_its_tags_before_everything() -> None:
    rule = {"from": "badge:OLD", "to": "badge:NEW", "tags": ["t"], "until": "2024-03-28"}
    where = {"code": "NEW", "tag": "t"}
    chained = {"from": "badge:NEW", "to": "badge:NEWER"}
    version = programme(equivalences=[rule, chained], buckets={"main": {"min": 20, "where": where}})
    badges = [badge("p", code="OLD"), badge("q", code="OLD")]
    assert said(version, badges, yes(p="main", q="main")) == ""
    badges[1]["issued"] = "2024-03-29"
    assert "q may not count in main" in said(version, badges, yes(p="main", q="main"))


# Registration years --------------------------------------------------------------------------------

DUTY = {
    "every": "registration_year",
    "joined": {"at_least": 1, "of": "activity", "validated": True},
    "co_provided": {"at_least": 0, "of": "activity", "validated": True},
    "misses": {"concession": "allowed", "max": 1, "approver": "board"},
}
YEARLY = programme(obligations=DUTY)


def ended(name: str, day: str, **facts: Any) -> Document:
    return badge(name, activity_start="2020-01-01", activity_end=day, **facts)


THREE = [ended("p", "2024-08-31"), ended("q", "2024-09-01"), ended("r", "2026-08-31")]
PLACES = {"p": "main", "q": "main"}


def test_each_completed_year_is_kept() -> None:
    assert said(YEARLY, THREE, yes(**PLACES)) == ""
    missed = "missed and not forgiven are the years [3]"
    assert missed in said(YEARLY, THREE[:2], yes(**PLACES))
    assert said(YEARLY, THREE, yes(**PLACES), registered="2025-11-23") == ""
    judged = said(YEARLY, THREE[:2], yes(**PLACES), registered="2025-11-22")
    assert "are the years [1]" in judged


def test_award_without_obligations_misses_no_year() -> None:
    assert said(programme(obligations=DUTY | {"awards": []}), THREE[:2], yes(**PLACES)) == ""


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({}, True),
        ({"rpl": True}, False),
        ({"judges": []}, False),
        ({"issuer": "did:web:other"}, False),
        ({"role": "co_provider"}, False),
        ({"used_in": "Y"}, True),
    ],
)
def test_year_is_kept_by_validated_activities_in_the_role(facts: Document, *, kept: bool) -> None:
    r = ended("r", "2026-08-31", **facts)
    version = YEARLY | {
        "evidence_gate": YEARLY["evidence_gate"] | {"not_already_used_in_award": True}
    }
    rule = "endorsements" if "judges" in facts else "issuer_in" if "issuer" in facts else ""
    rule = rule or ("not_already_used_in_award" if "used_in" in facts else "")
    out = [{"record": "r", "rule": f"evidence_gate.{rule}"}] if rule else []
    heard = said(version, [*THREE[:2], r], verdict(version, yes(**PLACES), set_aside=out))
    assert heard == "" if kept else "are the years [3]" in heard


def test_activity_counts_once_in_its_year_and_for_one_role_where_roles_are_disjoint() -> None:
    duty = DUTY | {
        "joined": DUTY["joined"] | {"at_least": 2},  # type: ignore[operator]
        "co_provided": DUTY["joined"],
    }
    version = programme(obligations=duty)
    own = [badge("p", activity="one"), badge("q", activity="two")]
    led = badge("s", activity="two", role="co_provider")
    year = {"registered": "2024-01-01", "today": "2025-06-01"}

    def heard(version: Document, badges: list[Document]) -> str:
        record = decision(version, badges, yes(**PLACES), registered=year["registered"])
        return "\n".join(objections(record | {"today": year["today"]}))

    assert heard(version, [*own, led]) == ""
    apart = programme(
        obligations=duty | {"co_provided": DUTY["joined"] | {"disjoint_from": "joined"}}  # type: ignore[operator]
    )
    assert "are the years [1]" in heard(apart, [*own, led])
    assert heard(apart, [*own, led, badge("t", activity="three")]) == ""
    assert "are the years [1]" in heard(version, [own[0], own[1] | {"activity": "one"}, led])
    alone = [badge("p"), badge("q"), badge("s", role="co_provider")]
    assert heard(apart, alone) == ""


def test_clock_stands_still_as_long_as_an_interruption_lasts() -> None:
    pauses = [
        {"first": "2024-01-01", "last": "2024-01-20"},
        {"first": "2024-01-10", "last": "2024-01-31"},
        {"first": "2023-01-01", "last": "2023-08-31"},
    ]
    paused = programme(obligations=DUTY | {"pauses": "authorised_interruptions"})
    late = [ended("p", "2024-10-01"), ended("q", "2025-10-01"), ended("r", "2026-10-01")]
    assert said(paused, late, yes(**PLACES), interruptions=pauses) == ""
    assert "are the years [1]" in said(YEARLY, late, yes(**PLACES), interruptions=pauses)
    later = [ended("p", "2024-10-02"), *late[1:]]
    assert "are the years [1]" in said(paused, later, yes(**PLACES), interruptions=pauses)


def test_leap_day_has_its_anniversary_on_the_first_of_march() -> None:
    badges = [ended("p", "2025-02-28"), ended("q", "2026-02-28")]
    assert said(YEARLY, badges, yes(**PLACES), registered="2024-02-29") == ""
    badges = [ended("p", "2025-03-01"), ended("q", "2026-02-28")]
    assert "are the years [1]" in said(YEARLY, badges, yes(**PLACES), registered="2024-02-29")


def test_missed_year_makes_it_undecided_and_two_make_it_a_no() -> None:
    one = undecided(years=[3], placements=placed(**PLACES))
    assert said(YEARLY, THREE[:2], one) == ""
    apart = [THREE[0], ended("q", "2024-08-01")]
    two = no({"years": [2, 3]})
    assert said(YEARLY, apart, two) == ""
    assert "years: missed and not forgiven are [3]" in said(YEARLY, THREE[:2], no({"years": [3]}))
    assert "are [2, 3]" in said(YEARLY, apart, no({"years": [1, 2, 3]}))
    both = undecided(years=[2, 3], placements=placed(**PLACES))
    assert "because.years" in said(YEARLY, apart, both)


@pytest.mark.parametrize(
    ("claim", "objection"),
    [
        (undecided(years=[2], placements=placed(**PLACES)), "because.years"),
        (undecided(years=[3], placements=placed(p="main")), "awards.X.credits does not hold"),
        (undecided(years=[3]), "placements, and a proof where anything is pending"),
        (undecided(placements=placed(**PLACES)), "because.years"),
        (
            undecided(years=[3], placements=placed(**PLACES), proof=cuts(200, 100, CREDITS)),
            "placements, and a proof where anything is pending",
        ),
        (undecided(search=True), ""),
        (undecided(search=True, years=[3]), "claims nothing"),
        (undecided(search=True, placements=placed(**PLACES)), "claims nothing"),
    ],
)
def test_undecided_says_why(claim: Document, objection: str) -> None:
    heard = said(YEARLY, THREE[:2], claim)
    assert (objection in heard) if objection else heard == ""


def test_nothing_is_undecided_without_a_reason() -> None:
    heard = said(programme(), TWO, undecided(placements=placed(**PLACES)))
    assert "because: there is no reason in it" in heard


# What is pending -----------------------------------------------------------------------------------

OPEN = [badge("p"), badge("q", status="unknown")]
HANGS = undecided(pending=["q"], placements=placed(**PLACES), proof=cuts(200, 100, CREDITS))
VIVA = {
    "attestations": {"viva": {"says": "Passed.", "by": "examiner"}},
    "awards": [{"id": "X", "credits": 20, "requires": {"all_of": ["main", {"attested": "viva"}]}}],
}
UNSAID = undecided(
    pending=["attested:viva"],
    placements=placed(**PLACES),
    proof=cuts(1, 0, "awards.X.requires.all_of[1]"),
)


def word(value: str) -> Document:
    return {"attestations": {"viva": {"value": value, "by": "Dr E.", "on": "2026-10-01"}}}


def test_award_that_hangs_on_a_badge_is_undecided() -> None:
    assert said(programme(), OPEN, HANGS) == ""
    assert "q may not count" in said(programme(), OPEN, yes(**PLACES))


def test_award_that_hangs_on_an_attestation_is_undecided() -> None:
    version = programme(**VIVA)
    assert said(version, TWO, UNSAID) == ""
    assert said(version, TWO, UNSAID, **word("pending")) == ""
    assert said(version, TWO, yes(**PLACES), **word("yes")) == ""
    for value in ("no", "pending"):
        heard = said(version, TWO, yes(**PLACES), **word(value))
        assert "awards.X.requires.all_of[1] does not hold" in heard
    assert "there is no row" in said(version, TWO, UNSAID, **word("yes"))


@pytest.mark.parametrize(
    ("changes", "objection"),
    [
        ({"placements": placed(p="main")}, "awards.X.credits does not hold"),
        ({"placements": None}, "placements, and a proof"),
        ({"proof": None}, "placements, and a proof"),
        ({"proof": cuts(200, 200, CREDITS)}, "could_count: it is 100"),
        ({"because": {"years": [], "pending": ["p", "q"], "search": False}}, "pending: it is q"),
        ({"because": {"years": [], "pending": ["attested:viva"], "search": False}}, "it is q"),
        ({"because": {"years": [], "pending": [], "search": False}}, "there is no reason"),
        ({"because": {"years": [1], "pending": ["q"], "search": False}}, "because.years"),
    ],
)
def test_what_it_hangs_on_is_worked_out_again(changes: Document, objection: str) -> None:
    assert objection in said(programme(), OPEN, HANGS | changes)


def test_year_that_hangs_on_a_badge_is_shown_by_the_years_missed_without_it() -> None:
    duty = DUTY | {"misses": {"concession": "none"}}
    version = programme(obligations=duty)
    badges = [*THREE[:2], ended("r", "2026-08-31", status="unknown")]
    claim = undecided(pending=["r"], placements=placed(**PLACES), proof={"years": [3]})
    assert said(version, badges, claim) == ""
    assert "no, it is not" not in said(version, badges, claim)
    assert "years: missed and not forgiven are []" in said(version, badges, no({"years": [3]}))


# Concessions ---------------------------------------------------------------------------------------


def conceded(*said_: Document, rules: Document | None = None, **changes: Any) -> Any:
    """A version that allows concessions, and the wallet's."""
    version = programme(concessions=CONCESSIONS | (rules or {}), **changes)
    return version, [{"id": f"c{n}", **SAID, **each} for n, each in enumerate(said_, 1)]


def with_and_without(
    version: Document, badges: list[Document], short: Document, won: Document, ids: list[str],
    concessions: list[Document], **more: Any,
) -> str:  # fmt: skip
    verdicts = [verdict(version, short, **more), verdict(version, won, concessions=ids)]
    return said(version, badges, *verdicts, concessions=concessions)


SHORT = no(cuts(200, 100, CREDITS))
WAIVE = {"action": "waive", "path": CREDITS}
REDUCE = {"action": "reduce", "path": CREDITS, "to": 10}


def lowered(**rules: Any) -> Document:
    return {"buckets": {"main": {"min": 0, "where": {"any": True}}}} | rules


@pytest.mark.parametrize("concession", [WAIVE, REDUCE])
def test_decision_stands_without_concessions_and_with_them(concession: Document) -> None:
    version, wallet = conceded(concession, **lowered())
    won = yes(p="main")
    assert with_and_without(version, TWO[:1], SHORT, won, ["c1"], wallet) == ""
    heard = said(version, TWO[:1], verdict(version, SHORT), concessions=wallet)
    assert "with c1" in heard
    heard = said(version, TWO[:1], verdict(version, won, concessions=["c1"]), concessions=wallet)
    assert "with no concession" in heard
    heard = with_and_without(version, TWO[:1], won, won, ["c1"], wallet)
    assert "verdicts[0].awards[0].placements: awards.X.credits" in heard


@pytest.mark.parametrize(
    ("said_", "rules"),
    [
        ({"date": "2026-11-23"}, {}),
        ({"expiry": "2026-11-21"}, {}),
        ({"date": None}, {}),
        ({"authority": None}, {"requires": ["authority"]}),
        ({"rationale": ""}, {"requires": ["rationale"]}),
        ({"clause_ref": None}, {"requires": ["clause_ref"]}),
        ({}, {"allowed": ["reduce"]}),
        ({}, {"never": [CREDITS]}),
        ({}, {"never": ["awards.X"]}),
        ({"path": "awards.X"}, {"never": [CREDITS]}),
    ],
)
def test_concession_that_may_not_be_made_is_not_applied(said_: Document, rules: Document) -> None:
    version, wallet = conceded(WAIVE | said_, rules=rules, **lowered())
    wallet = [{key: value for key, value in wallet[0].items() if value is not None}]
    assert said(version, TWO[:1], SHORT, concessions=wallet) == ""
    heard = with_and_without(version, TWO[:1], SHORT, yes(p="main"), ["c1"], wallet)
    assert "there must be one by" in heard


def test_concession_counts_from_its_date_to_its_expiry() -> None:
    for days in ({"date": "2026-11-22"}, {"expiry": "2026-11-22"}, {"expiry": "2026-11-23"}):
        version, wallet = conceded(WAIVE | days, **lowered())
        assert with_and_without(version, TWO[:1], SHORT, yes(p="main"), ["c1"], wallet) == ""


def test_programme_that_speaks_of_no_concession_allows_none() -> None:
    version = programme(**lowered())
    _, wallet = conceded(WAIVE)
    assert said(version, TWO[:1], SHORT, concessions=wallet) == ""


def test_waived_bucket_keeps_its_limits() -> None:
    bucket = {
        "min": 20,
        "where": {"any": True},
        "min_badges": 3,
        "max_badges": 1,
        "at_least": [{"id": "t", "badges": 1, "where": {"tag": "t"}}],
    }
    path = "awards.X.buckets.main"
    waive = {"action": "waive", "path": path}
    award = [{"id": "X", "credits": 10}]
    version, wallet = conceded(waive, buckets={"main": bucket}, awards=award)
    short = no(cuts(1, 0, f"{path}.at_least.t"))
    assert with_and_without(version, TWO, short, yes(p="main"), ["c1"], wallet) == ""
    heard = with_and_without(version, TWO, short, yes(p="main", q="main"), ["c1"], wallet)
    assert f"{path}.max_badges does not hold" in heard


def test_waived_path_takes_what_is_under_it() -> None:
    rule = {"distinct": {"kinds": {"at_least": 3, "max_credits_each": 5}}}
    version, wallet = conceded({"action": "waive", "path": "distinct.kinds"}, **rule)
    badges = [badge("p", kind="K"), badge("q", kind="K")]
    short = no(cuts(3, 1, "distinct.kinds"))
    assert with_and_without(version, badges, short, yes(**PLACES), ["c1"], wallet) == ""


@pytest.mark.parametrize(
    ("path", "to", "rules", "holds"),
    [
        (CREDITS, 10, {}, True),
        (CREDITS, 10.1, {}, False),
        (CREDITS, 10.09, {}, True),
        ("awards.X.at_least.t", 1, {"at_least": [{"id": "t", "badges": 2, "where": {"any": True}}]}, True),
        ("awards.X.at_least.t", 1.9, {"at_least": [{"id": "t", "badges": 2, "where": {"any": True}}]}, True),
        ("awards.X.at_most.t", 1, {"at_most": [{"id": "t", "share": 0.5, "where": {"any": True}}]}, True),
        ("awards.X.at_most.t", 0.6, {"at_most": [{"id": "t", "share": 0.5, "where": {"any": True}}]}, False),
        ("awards.X.at_mos", 1, {"at_most": [{"id": "t", "share": 0.5, "where": {"any": True}}]}, False),
    ],
)  # fmt: skip
def test_reduced_amount_is_the_one_said(
    path: str, to: Any, rules: Document, *, holds: bool
) -> None:
    award = [{"id": "X", "credits": 20 if path == CREDITS else 10} | rules]
    reduce = {"action": "reduce", "path": path, "to": to}
    version, wallet = conceded(reduce, **lowered(awards=award))
    search = undecided(search=True)
    heard = with_and_without(version, TWO[:1], search, yes(p="main"), ["c1"], wallet)
    assert heard == "" if holds else "verdicts[1].awards[0].placements: awards.X" in heard


def test_accepted_badge_counts_in_that_bucket_alone() -> None:
    accept = {"action": "accept", "record": "q", "bucket": "b"}
    buckets = {
        "a": {"min": 0, "where": {"any": True}},
        "b": {"min": 0, "where": {"tag": "none"}, "rpl": False, "min_mark": 90},
    }
    version, wallet = conceded(accept, buckets=buckets)
    badges = [badge("p"), badge("q", judges=[], rpl=True)]
    out = [{"record": "q", "rule": "evidence_gate.endorsements"}]

    def heard(place: str) -> str:
        won = yes(p="a", q=place)
        return with_and_without(version, badges, SHORT, won, ["c1"], wallet, set_aside=out)

    assert heard("b") == ""
    assert "q may not count in a" in heard("a")


def test_accepted_badge_needs_a_valid_status() -> None:
    accept = {"action": "accept", "record": "q", "bucket": "main"}
    version, wallet = conceded(accept)
    badges = [badge("p"), badge("q", status="revoked")]
    out = [{"record": "q", "rule": "evidence_gate.status"}]
    verdicts = [verdict(version, SHORT, set_aside=out)]
    verdicts += [verdict(version, SHORT, set_aside=out, concessions=["c1"])]
    assert said(version, badges, *verdicts, concessions=wallet) == ""
    verdicts[1] = verdict(version, yes(**PLACES), concessions=["c1"])
    assert "q may not count in main" in said(version, badges, *verdicts, concessions=wallet)


def test_forgiven_year_counts_as_kept() -> None:
    forgive = {"action": "forgive_year", "year": 3}
    version, wallet = conceded(forgive, obligations=DUTY)
    one = undecided(years=[3], placements=placed(**PLACES))
    heard = with_and_without(version, THREE[:2], one, yes(**PLACES), ["c1"], wallet)
    assert heard == ""
    version, wallet = conceded(forgive | {"year": 2}, obligations=DUTY)
    heard = with_and_without(version, THREE[:2], one, yes(**PLACES), ["c1"], wallet)
    assert "missed and not forgiven are the years [3]" in heard


def test_what_concessions_touch_may_be_barred() -> None:
    for concession, never in (
        ({"action": "accept", "record": "q", "bucket": "main"}, "buckets.main"),
        ({"action": "forgive_year", "year": 3}, "obligations"),
    ):
        version, wallet = conceded(concession, rules={"never": [never]})
        assert said(version, TWO[:1], SHORT, concessions=wallet) == ""


# Versions ------------------------------------------------------------------------------------------


def version(
    day: str, credit: float = 20, *, better: bool = False, name: str = "X", **more: Any
) -> Document:
    ruleset = {"id": "small", "version": day, "in_force_from": day}
    ruleset |= {"choose": "start_version_or_better"} if better else {}
    main = {"main": {"min": 0, "where": {"any": True}}}
    return programme(
        ruleset=ruleset, awards=[{"id": name, "credits": credit}], buckets=main, **more
    )


def test_version_of_the_day_of_registration_decides() -> None:
    old, new, later = version("2020-01-01"), version("2023-09-01", 10), version("2023-09-02", 5)
    assert said([old, new, later], TWO[:1], verdict(new, yes(p="main"))) == ""
    assert "there must be one by" in said([old, new, later], TWO[:1], verdict(later, yes(p="main")))
    assert said([new, later], TWO[:1], verdict(new, yes(p="main")), registered="2001-01-01") == ""


def test_later_versions_are_tried_where_the_first_allows_it() -> None:
    old, new = version("2020-01-01", better=True), version("2026-11-22", 10)
    future = version("2026-11-23", 1)
    verdicts = [verdict(old, SHORT), verdict(new, yes(p="main"))]
    assert said([old, new, future], TWO[:1], *verdicts) == ""
    assert said([old, new, future], TWO[:1], *reversed(verdicts),
                outcome={"programme": digest(new), "answer": "satisfied", "award": "X"}) == ""  # fmt: skip
    assert "there must be one by" in said([old, new], TWO[:1], verdicts[0])


def test_best_outcome_counts_and_of_equals_the_first() -> None:
    old, new = version("2020-01-01", 10, better=True), version("2025-01-01", 10)
    more = version("2025-01-01", 20, name="Z")
    both = yes(**PLACES)
    first = {"programme": digest(old)}
    assert said([old, new], TWO, verdict(old, both), verdict(new, both), outcome=first) == ""
    heard = said([old, new], TWO, verdict(old, both), verdict(new, both))
    assert f'outcome.programme: it is "{digest(old)}"' in heard
    verdicts = [verdict(old, both), verdict(more, yes("Z", **PLACES))]
    assert said([old, more], TWO, *verdicts) == ""
    assert 'outcome.award: it is "Z"' in said([old, more], TWO, *verdicts, outcome={"award": "X"})


def test_better_class_decides_between_versions_with_the_same_credit() -> None:
    classes = [{"id": "top", "mean": 70}, {"id": "good"}]
    old = version(
        "2020-01-01",
        10,
        better=True,
        classification={"rpl_marks": "included", "classes": classes},
    )
    new = version(
        "2025-01-01",
        10,
        classification={"rpl_marks": "included", "classes": [{"id": "top"}]},
    )
    badges = [badge("p", mark=60)]
    place = placed(p="main")
    bad = {"class": "top", "answer": "undecided"}
    good = {"class": "good", "answer": "satisfied", "placements": place}
    top = {"class": "top", "answer": "satisfied", "placements": place}
    verdicts = [verdict(old, yes(p="main", classes=[bad, good]))]
    verdicts += [verdict(new, yes(p="main", classes=[top]))]
    assert said([old, new], badges, *verdicts) == ""
    heard = said([old, new], badges, *verdicts, outcome={"class": "good"})
    assert 'outcome.class: it is "top"' in heard


def test_undecided_award_that_would_be_more_makes_the_outcome_undecided() -> None:
    old, new = version("2020-01-01", 10, better=True), version("2025-01-01", 20)
    less = version("2025-01-01", 5)
    open_ = undecided(search=True)
    first = {"programme": digest(old), "award": "X"}
    verdicts = [verdict(old, yes(p="main")), verdict(new, open_)]
    assert said([old, new], TWO, *verdicts, outcome=first | {"answer": "undecided"}) == ""
    heard = said([old, new], TWO, *verdicts, outcome=first | {"answer": "satisfied"})
    assert 'outcome.answer: it is "undecided"' in heard
    verdicts = [verdict(old, yes(p="main")), verdict(less, open_)]
    assert said([old, less], TWO, *verdicts, outcome=first | {"answer": "satisfied"}) == ""
    none = no(cuts(100, 0, CREDITS))
    verdicts = [verdict(old, none), verdict(less, open_)]
    outcome = {"programme": digest(old), "answer": "undecided"}
    assert said([old, less], [], *verdicts, outcome=outcome) == ""


def test_versions_are_of_one_ruleset_and_of_different_days() -> None:
    old, new = version("2020-01-01"), version("2020-01-01", 10)
    assert "two are in force from 2020-01-01" in said([old, new], TWO, verdict(old, yes(**PLACES)))
    other = version("2021-01-01")
    other["ruleset"] = other["ruleset"] | {"id": "other"}
    heard = said([old, other], TWO, verdict(old, yes(**PLACES)))
    assert "versions of one ruleset are expected" in heard


def test_every_version_has_a_second_verdict_when_a_concession_applies_in_any() -> None:
    old, new = version("2020-01-01", better=True), version("2025-01-01", concessions=CONCESSIONS)
    _, wallet = conceded(WAIVE)
    verdicts = [verdict(old, SHORT), verdict(new, SHORT), verdict(old, SHORT)]
    verdicts += [verdict(new, yes(p="main"), concessions=["c1"])]
    assert said([old, new], TWO[:1], *verdicts, concessions=wallet) == ""
    assert "there must be one by" in said(
        [old, new], TWO[:1], *verdicts[:2], verdicts[3], concessions=wallet
    )
