"""The judges of the engine on the gate, variety, order and years, as known by hand."""

from datetime import date, timedelta
from typing import Any

import pytest
from degree_families import bare_wallet
from degree_hand import badge, bucket, earned, programme, said
from degree_reading import Json, last_day
from degree_sketch import HOLDER, TODAY


def gate(**rules: Any) -> Json:
    usual = {
        "issuer_in": "trust_list@ours",
        "status": ["proof_valid", "not_revoked", "not_expired"],
        "endorsements": {"min": 0},
    }
    return programme(1, evidence_gate=usual | rules)


def ended(day: str, **facts: Any) -> Json:
    return {"activity_start": day, "activity_end": day, "issued": day, **facts}


def set_aside(rules: Json, *badges: Json, **facts: Any) -> dict[str, str]:
    out = said(rules, badges, **facts).verdicts[0].set_aside
    return {record: path.removeprefix("evidence_gate.") for record, path in out.items()}


def test_issuer_must_be_trusted_on_the_day_of_issue() -> None:
    dated = {"issuer": "did:web:old.example", "from": "2019-01-01", "until": "2024-12-31"}
    rules = gate() | {"trust_lists": {"ours": ["did:web:ours.example", dated]}}
    old = {"issuer": "did:web:old.example"}
    assert earned(rules, [badge("x", **ended("2024-12-31"), **old)])
    assert earned(rules, [badge("x", **ended("2019-01-01"), **old)])
    late, stranger = badge("x", **ended("2025-01-01"), **old), badge("y", issuer="did:web:z")
    assert set_aside(rules, late, stranger) == {"x": "issuer_in", "y": "issuer_in"}


@pytest.mark.parametrize("status", ["revoked", "suspended", "expired", "invalid"])
def test_badge_that_is_not_valid_is_kept_out(status: str) -> None:
    assert set_aside(gate(), badge("x", status=status)) == {"x": "status"}


def test_expired_badge_passes_where_expiry_is_not_named() -> None:
    rules = gate(status=["proof_valid", "not_revoked"])
    assert earned(rules, [badge("x", status="expired")])
    assert not earned(rules, [badge("x", status="suspended")])


A, B = {"id": "did:key:zA", "level": 7}, {"id": "did:key:zB", "level": 6, "relation": "manager"}


@pytest.mark.parametrize(
    ("rule", "judges", "expected"),
    [
        ({"min": 2}, [A, B], True),
        ({"min": 2}, [A, A], False),
        ({"min": 2, "distinct_endorsers": False}, [A, A], True),
        ({"min": 1, "endorser_not_in": ["holder"]}, [HOLDER], False),
        ({"min": 1}, [HOLDER], True),
        ({"min": 2, "endorser_not_in": ["holder", "manager"]}, [A, B], False),
        ({"min": 2, "endorser_level_min": 6}, [A, B], True),
        ({"min": 2, "endorser_level_min": 7}, [A, B], False),
        ({"min": 1, "endorser_level_min": 1}, ["did:key:zUnknown"], False),
    ],
)
def test_endorsements_are_counted_without_the_barred(
    rule: Json, judges: list[Any], *, expected: bool
) -> None:
    assert earned(gate(endorsements=rule), [badge("x", judges=judges)]) is expected


def test_age_is_measured_at_the_named_day() -> None:
    of_rpl = {"rpl": {"years": 5, "measured_at": "registration"}}
    of_earned = {"earned": {"years": 2, "measured_at": "decision"}}
    rules = gate(currency_years=of_rpl | of_earned)
    good = [badge("x", **ended("2018-09-01"), rpl=True), badge("y", **ended("2024-11-22"))]
    old = [badge("x", **ended("2018-08-31"), rpl=True), badge("y", **ended("2024-11-21"))]
    assert set_aside(rules, *good) == {}
    assert set_aside(rules, *old) == {"x": "currency_years.rpl", "y": "currency_years.earned"}


def test_anniversary_of_a_leap_day_is_the_first_of_march() -> None:
    rules = gate(currency_years={"earned": {"years": 1, "measured_at": "registration"}})
    leap = badge("x", **ended("2024-02-29"))
    assert earned(rules, [leap], registered="2025-03-01")
    assert not earned(rules, [leap], registered="2025-03-02")


def test_badge_that_another_award_counted_is_kept_out() -> None:
    rules = gate(not_already_used_in_award=True)
    assert set_aside(rules, badge("x", used_in="BSc")) == {"x": "not_already_used_in_award"}


def test_old_code_is_read_as_the_new_one_until_its_day() -> None:
    old = {"from": "badge:OLD", "to": "badge:NEW", "tags": ["t"], "until": "2025-01-01"}
    rules = programme(1, {"all": bucket({"code": "NEW", "tag": "t"})}, equivalences=[old])
    assert earned(rules, [badge("x", **ended("2025-01-01"), code="OLD")])
    assert not earned(rules, [badge("x", **ended("2025-01-02"), code="OLD")])


def test_badge_that_ended_after_the_last_registration_year_does_not_count() -> None:
    rules = programme(1, award={"max_registration_years": 1})
    break_ = {"interruptions": [{"first": "2024-01-01", "last": "2024-01-31"}]}
    assert earned(rules, [badge("x", **ended("2024-08-31"))])
    assert not earned(rules, [badge("x", **ended("2024-09-01"))])
    assert earned(rules, [badge("x", **ended("2024-10-01"))], **break_)
    assert not earned(rules, [badge("x", **ended("2024-10-02"))], **break_)


LABELS: dict[str, tuple[str, Any, Any]] = {
    "contexts": ("contexts", ["ke"], ["uk"]),
    "circles": ("circle", "north", "south"),
    "validators": ("judges", ["did:key:zA", HOLDER], ["did:key:zB", HOLDER]),
    "co_participants": ("co_participants", ["did:key:zA", HOLDER], ["did:key:zB", HOLDER]),
    "issuers": ("issuer", "did:web:ours.example", "did:web:too.example"),
    "kinds": ("kind", "Project", "Essay"),
}


@pytest.mark.parametrize("dimension", LABELS)
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"at_least": 2}, True),
        ({"at_least": 3}, False),
        ({"at_least": 2, "min_credits_each": 10}, True),
        ({"at_least": 2, "min_credits_each": 10.1}, False),
        ({"max_share_each": 0.75}, True),
        ({"max_share_each": 0.74}, False),
        ({"max_credits_each": 30}, True),
        ({"max_credits_each": 29}, False),
        ({"at_least": 3, "awards": ["Other"]}, True),
    ],
)
def test_variety_is_of_the_counted_badges(dimension: str, rule: Json, *, expected: bool) -> None:
    key, one, other = LABELS[dimension]
    badges = [badge("x", 30, **{key: one}), badge("y", 10, **{key: other})]
    rules = programme(40, distinct={dimension: rule})
    rules["trust_lists"] = {"ours": ["did:web:ours.example", "did:web:too.example"]}
    assert earned(rules, badges) is expected


def test_badge_stands_behind_each_of_its_labels() -> None:
    rules = programme(1, distinct={"contexts": {"at_least": 2, "min_credits_each": 10}})
    assert earned(rules, [badge("x", contexts=["ke", "uk"])])


@pytest.mark.parametrize("rule", [["badge:K", "badge:L"], {"one_of": ["badge:K", "badge:L"]}])
def test_one_of_the_excluded_may_count(rule: Any) -> None:
    pair = [badge("x", code="K"), badge("y", code="L")]
    assert earned(programme(10, exclusions=[rule]), pair)
    assert not earned(programme(11, exclusions=[rule]), pair)
    twins = [badge("x", code="K"), badge("y", code="K")]
    assert not earned(programme(11, exclusions=[rule]), twins)


def test_exclusion_holds_for_the_awards_that_it_names() -> None:
    rule = {"one_of": ["badge:K", "badge:L"], "awards": ["Other"]}
    assert earned(programme(20, exclusions=[rule]), [badge("x", code="K"), badge("y", code="L")])


ORDERS: list[tuple[Json, str, str, str, bool]] = [
    ({}, "2024-03-20", "2024-01-01", "2024-03-20", True),
    ({}, "2024-03-21", "2024-01-01", "2024-03-20", False),
    ({"finished": "before_start"}, "2024-01-01", "2024-01-01", "2024-03-20", True),
    ({"finished": "before_start"}, "2024-01-02", "2024-01-01", "2024-03-20", False),
    ({"lapses_after_years": 2}, "2022-03-20", "2022-03-20", "2024-03-20", True),
    ({"lapses_after_years": 2}, "2022-03-19", "2022-03-20", "2024-03-20", False),
    ({"finished": "before_start", "lapses_after_years": 2}, "2022-03-19", "2024-03-19",
     "2025-01-01", True),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "end", "start", "end_of_later", "expected"), ORDERS)
def test_prerequisite_comes_in_time(
    rule: Json, end: str, start: str, end_of_later: str, *, expected: bool
) -> None:
    first = badge("x", **ended(end), tags=["a"], code="K")
    later = badge("y", tags=["b"], code="L") | {
        "activity_start": start, "activity_end": end_of_later,
    }  # fmt: skip
    buckets = {"a": bucket("a"), "b": bucket("b")}
    of_buckets = programme(20, buckets, prerequisites=[{"before": "a", "after": "b"} | rule])
    of_badges = programme(20, buckets, prerequisites=[{"badge": "L", "needs": "K"} | rule])
    assert earned(of_buckets, [first, later]) is expected
    assert earned(of_badges, [first, later]) is expected


def test_needed_badge_must_count_itself() -> None:
    rules = programme(10, prerequisites=[{"badge": "L", "needs": "K"}], award={"rpl_cap": 5})
    later, prior = badge("y", code="L"), badge("x", code="K", rpl=True)
    assert not earned(rules, [later])
    assert not earned(rules, [later, prior])
    assert earned(rules, [later, prior | {"rpl": False}])


def test_shared_badge_is_before_itself_only_by_the_day_it_ended() -> None:
    buckets = {"a": bucket("a"), "b": bucket("b")}
    award, rule = {"buckets": {"a": 10, "b": 10}}, {"before": "a", "after": "b"}
    both = badge("x", tags=["a", "b"])
    sharing = {"max_badges": 1}
    strict = [rule | {"finished": "before_start"}]
    assert earned(programme(1, buckets, award=award, prerequisites=[rule], sharing=sharing), [both])
    assert not earned(
        programme(1, buckets, award=award, prerequisites=strict, sharing=sharing), [both]
    )


def years(**rules: Any) -> Json:
    asked: Json = {
        "every": "registration_year",
        "joined": {"at_least": 1, "of": "activity", "validated": True},
        "co_provided": {"at_least": 1, "of": "activity", "validated": True},
        "misses": {"concession": "allowed", "max": 1, "approver": "board"},
    }
    return programme(1, obligations=asked | rules)


DISJOINT = {"at_least": 1, "of": "activity", "validated": True, "disjoint_from": "joined"}
FIRST = "2025-11-22"  # registered a year ago: the first year ended yesterday


def in_year(name: str, role: str, activity: str = "", **facts: Any) -> Json:
    return badge(name, **ended("2026-03-01"), role=role, activity=activity) | facts


def answered(rules: Json, *badges: Json, **facts: Any) -> tuple[str, tuple[int, ...]]:
    award = said(rules, badges, **({"registered": FIRST} | facts)).verdicts[0].awards[0]
    return award.answer, award.years


def test_every_completed_year_must_be_kept() -> None:
    joined, provided = in_year("x", "participant"), in_year("y", "co_provider")
    assert answered(years(), joined, provided) == ("satisfied", ())
    assert answered(years(), joined) == ("undecided", (1,))
    assert answered(years(), joined, provided | {"rpl": True}) == ("undecided", (1,))
    assert answered(years(awards=["Other"]), joined) == ("satisfied", ())


def test_year_that_ends_today_is_not_completed() -> None:
    tomorrow = (date.fromisoformat(FIRST) + timedelta(days=1)).isoformat()
    assert answered(years(), badge("x"), registered=tomorrow) == ("satisfied", ())


def test_more_missed_years_than_may_be_forgiven_are_a_no() -> None:
    assert answered(years(), badge("x"), registered="2024-11-22")[0] == "not_satisfied"


def test_activity_in_both_roles_counts_for_one_where_they_are_disjoint() -> None:
    both = [in_year("x", "participant", "one"), in_year("y", "co_provider", "one")]
    assert answered(years(), *both) == ("satisfied", ())
    assert answered(years(co_provided=DISJOINT), *both) == ("undecided", (1,))
    more = in_year("z", "participant", "two")
    assert answered(years(co_provided=DISJOINT), *both, more) == ("satisfied", ())


def test_badge_past_its_age_still_counts_for_its_year() -> None:
    rules = years()
    lives = {"earned": {"years": 1, "measured_at": "decision"}}
    rules["evidence_gate"] = gate(currency_years=lives)["evidence_gate"]
    old = {"activity_end": "2024-12-01", "activity_start": "2024-12-01"}
    first_year = [in_year("x", "participant") | old, in_year("y", "co_provider") | old]
    second_year = [in_year("v", "participant"), in_year("w", "co_provider")]
    all_four = [*first_year, *second_year]
    assert answered(rules, *all_four, registered="2024-11-22") == ("satisfied", ())


def test_interruption_stops_the_clock_where_the_rule_says_so() -> None:
    pause = {"interruptions": [{"first": "2026-01-01", "last": "2026-01-31"}]}
    assert answered(years(), badge("x"), **pause) == ("undecided", (1,))
    stopping = years(pauses="authorised_interruptions")
    assert answered(stopping, badge("x"), **pause) == ("satisfied", ())


def test_registration_year_grows_by_the_days_of_interruptions() -> None:
    overlapping = [
        {"first": "2024-01-01", "last": "2024-01-20"},
        {"first": "2024-01-10", "last": "2024-01-31"},
        {"first": "2024-09-15", "last": "2024-09-24"},  # reached by the stopped clock only
    ]
    wallet = bare_wallet([]) | {"interruptions": overlapping}
    assert last_day(wallet, 1, pauses=True) == date(2024, 10, 11)
    assert last_day(wallet, 1, pauses=False) == date(2024, 8, 31)
    assert last_day(wallet, 3, pauses=True) == date(2026, 10, 11) < TODAY
