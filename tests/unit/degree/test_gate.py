"""The evidence gate: what keeps a badge out, in which order, and with which words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from wallets import HOLDER, ISSUER, TODAY, programme, record, wallet

from degree.rules.gate import Sifted, sift, translated
from degree.rules.programme import Equivalence, Gate, MeasuredAt, ShelfLife, Trusted
from degree.rules.records import Judge, Record, Status

OPEN = Gate(
    path="evidence_gate",
    trust_list="ours",
    trusted=(Trusted(issuer=ISSUER),),
    may_be_expired=False,
    min_endorsers=0,
    distinct_endorsers=True,
    holder_may_endorse=True,
)
OTHER = "did:web:other.example"


def sifted(gate: Gate, *records: Record, accepted: frozenset[str] = frozenset()) -> Sifted:
    return sift(gate, wallet(records), today=TODAY, accepted=accepted)


def refused(gate: Gate, badge: Record) -> tuple[str, str] | None:
    """The rule and the reason that keep the badge out."""
    found = sifted(gate, badge)
    assert (found.passed == ()) is bool(found.set_aside)
    return next(((each.rule, each.reason) for each in found.set_aside), None)


def test_a_good_badge_passes() -> None:
    badge = record("x")
    found = sifted(OPEN, badge)
    assert found == Sifted(
        passed=(badge,),
        pending=frozenset(),
        admitted=frozenset(),
        shown=(badge,),
        set_aside=(),
    )


def test_a_strange_issuer_is_named() -> None:
    assert refused(OPEN, record("x", issuer=OTHER)) == (
        "evidence_gate.issuer_in",
        f"its issuer {OTHER} is not on the trust list ours",
    )


@pytest.mark.parametrize(
    ("issued", "passes"),
    [
        (date(2018, 12, 31), False),
        (date(2019, 1, 1), True),
        (date(2024, 12, 31), True),
        (date(2025, 1, 1), False),
    ],
)
def test_an_issuer_is_trusted_for_badges_of_certain_days(issued: date, *, passes: bool) -> None:
    spell = Trusted(issuer=ISSUER, first=date(2019, 1, 1), last=date(2024, 12, 31))
    gate = replace(OPEN, trusted=(Trusted(issuer=OTHER), spell))
    reason = f"its issuer {ISSUER} is not on the trust list ours for badges issued on {issued}"
    expected = None if passes else ("evidence_gate.issuer_in", reason)
    assert refused(gate, record("x", issued=issued)) == expected


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.VALID, None),
        (Status.UNKNOWN, None),
        (Status.REVOKED, "the issuer has revoked it"),
        (
            Status.SUSPENDED,
            "the issuer has suspended it; it counts again when that is lifted",
        ),
        (Status.EXPIRED, "it has expired"),
        (Status.INVALID, "its proof does not hold"),
    ],
)
def test_a_badge_must_be_in_force(status: Status, reason: str | None) -> None:
    expected = ("evidence_gate.status", reason) if reason else None
    assert refused(OPEN, record("x", status=status)) == expected


def test_expiry_alone_may_be_forgiven() -> None:
    gate = replace(OPEN, may_be_expired=True)
    assert refused(gate, record("x", status=Status.EXPIRED)) is None
    assert refused(gate, record("x", status=Status.REVOKED)) is not None


@pytest.mark.parametrize(
    ("judges", "changes", "counted"),
    [
        (["j1", "j2"], {}, None),
        (["j1"], {}, "1 of 2 different judges have endorsed it"),
        (["j1", "j1"], {}, "1 of 2 different judges have endorsed it"),
        (["j1", "j1"], {"distinct_endorsers": False}, None),
        (["j1"], {"distinct_endorsers": False}, "1 of 2 judges have endorsed it"),
        (["j1", HOLDER], {}, None),
        (
            ["j1", HOLDER],
            {"holder_may_endorse": False},
            "1 of 2 different judges have endorsed it",
        ),
        (
            [Judge("j1"), Judge("j2", relation="line_manager")],
            {"barred": frozenset({"line_manager"})},
            "1 of 2 different judges have endorsed it",
        ),
        ([Judge("j1"), Judge("j2", relation="peer")], {"barred": frozenset({"friend"})}, None),
        ([Judge("j1", level=7), Judge("j2", level=8)], {"endorser_level": 7}, None),
        (
            [Judge("j1", level=6), Judge("j2", level=7), Judge("j3")],
            {"endorser_level": 7},
            "1 of 2 different judges have endorsed it",
        ),
    ],
)
def test_enough_judges_that_count_have_endorsed_it(
    judges: list[Any], changes: dict[str, Any], counted: str | None
) -> None:
    gate = replace(OPEN, min_endorsers=2, **changes)
    expected = ("evidence_gate.endorsements", counted) if counted else None
    assert refused(gate, record("x", judges=judges)) == expected


def life(path: str, years: int, measured_at: MeasuredAt) -> ShelfLife:
    return ShelfLife(
        path=f"evidence_gate.currency_years.{path}", years=years, measured_at=measured_at
    )


AGING = replace(
    OPEN,
    rpl_life=life("rpl", 5, MeasuredAt.REGISTRATION),
    earned_life=life("earned", 10, MeasuredAt.DECISION),
)


@pytest.mark.parametrize(
    ("rpl", "end", "reason"),
    [
        (False, date(2016, 11, 22), None),
        (
            False,
            date(2016, 11, 21),
            "it ended on 2016-11-21, more than 10 years before the decision on 2026-11-22",
        ),
        (True, date(2018, 9, 1), None),
        (
            True,
            date(2018, 8, 31),
            "it ended on 2018-08-31, more than 5 years before the registration on 2023-09-01",
        ),
    ],
)
def test_a_badge_past_its_years_does_not_count(*, rpl: bool, end: date, reason: str | None) -> None:
    badge = record("x", rpl=rpl, activity_end=end)
    rule = f"evidence_gate.currency_years.{'rpl' if rpl else 'earned'}"
    assert refused(AGING, badge) == ((rule, reason) if reason else None)


def test_without_currency_no_badge_is_too_old() -> None:
    assert refused(OPEN, record("x", activity_end=date(1980, 1, 1))) is None


def test_a_badge_that_an_award_counts_is_spent_where_the_gate_says_so() -> None:
    used = record("x", used_in="PGCert of 2025")
    assert refused(OPEN, used) is None
    gate = replace(OPEN, not_used_before=True)
    assert refused(gate, record("x")) is None
    assert refused(gate, used) == (
        "evidence_gate.not_already_used_in_award",
        "PGCert of 2025 already counts it",
    )


def test_of_several_reasons_the_first_rule_of_the_gate_is_named() -> None:
    gate = replace(AGING, min_endorsers=1, not_used_before=True)
    bad = record(
        "x",
        issuer=OTHER,
        status=Status.REVOKED,
        judges=(),
        activity_end=date(1990, 1, 1),
        used_in="PGCert",
    )
    steps = (
        ("issuer_in", {"issuer": ISSUER}),
        ("status", {"status": Status.VALID}),
        ("endorsements", {"judges": (Judge("j"),)}),
        ("currency_years.earned", {"activity_end": date(2024, 1, 1)}),
        ("not_already_used_in_award", {}),
    )
    for rule, mended in steps:
        found = refused(gate, bad)
        assert found is not None
        assert found[0] == f"evidence_gate.{rule}"
        bad = replace(bad, **mended)  # type: ignore[arg-type]


def test_what_is_old_or_spent_still_shows_activity() -> None:
    gate = replace(AGING, not_used_before=True)
    old, spent = record("old", activity_end=date(1990, 1, 1)), record("spent", used_in="PGCert")
    revoked = record("revoked", status=Status.REVOKED)
    found = sifted(gate, spent, revoked, old)
    assert [each.id for each in found.shown] == ["old", "spent"]
    assert [each.record for each in found.set_aside] == ["old", "revoked", "spent"]


def test_a_badge_of_unknown_status_passes_as_pending() -> None:
    open_ = record("x", status=Status.UNKNOWN)
    strange = record("y", status=Status.UNKNOWN, issuer=OTHER)
    old = record("z", status=Status.UNKNOWN, activity_end=date(1990, 1, 1))
    found = sifted(AGING, open_, strange, old, record("w"))
    assert found.pending == {"x", "z"}
    assert [each.id for each in found.passed] == ["w", "x"]


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({"issuer": OTHER}, ""),
        ({"judges": ()}, ""),
        ({"activity_end": date(1990, 1, 1)}, ""),
        ({"issuer": OTHER, "status": Status.REVOKED}, "issuer_in"),  # the first that it fails
        ({"status": Status.SUSPENDED}, "status"),
        ({"issuer": OTHER, "status": Status.UNKNOWN}, ""),
    ],
)
def test_an_accepted_badge_passes_unless_its_status_is_bad(
    changes: dict[str, Any], fails: str
) -> None:
    gate = replace(AGING, min_endorsers=1)
    badge = record("x", **changes)
    found = sifted(gate, badge, accepted=frozenset({"x"}))
    assert (found.passed == ()) is bool(fails)
    assert found.admitted == (frozenset() if fails else frozenset({"x"}))
    assert [each.rule for each in found.set_aside] == [f"evidence_gate.{fails}"] * bool(fails)
    assert found.pending == (frozenset({"x"}) if badge.status is Status.UNKNOWN else frozenset())


def test_a_badge_that_needs_no_concession_is_not_admitted_by_one() -> None:
    found = sifted(OPEN, record("x"), accepted=frozenset({"x"}))
    assert (len(found.passed), found.admitted) == (1, frozenset())


EQUIVALENCE = Equivalence(
    path="equivalences.OLD",
    old="OLD",
    new="NEW",
    tags=frozenset({"methods"}),
    until=date(2024, 3, 28),
)


def test_an_old_code_is_read_as_its_new_one_with_more_tags() -> None:
    presented = wallet([record("x", code="OLD", tags="a"), record("y", code="OTHER", tags="a")])
    first, second = translated(presented, [EQUIVALENCE]).records
    assert (first.code, first.tags) == ("NEW", {"a", "methods"})
    assert second == presented.records[1]


def test_an_old_code_is_read_so_until_its_day() -> None:
    early = record("x", code="OLD")
    late = replace(early, issued=date(2024, 3, 29))
    assert translated(wallet([early]), [EQUIVALENCE]).records[0].code == "NEW"
    assert translated(wallet([late]), [EQUIVALENCE]).records[0] == late


def test_without_equivalences_a_wallet_stays_as_it_is() -> None:
    presented = wallet([record("x", code="OLD")])
    assert translated(presented, []) is presented


def test_the_gate_of_a_file_is_the_gate_of_the_engine() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0}], buckets={"a": {"min": 0, "where": {"any": True}}}
    )
    assert rules.gate.issuers == {ISSUER}
    assert refused(rules.gate, record("x", judges=())) is None
