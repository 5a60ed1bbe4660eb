"""The rules that nothing here could break are told as well, in one line."""

from datetime import date
from typing import Any

from wallets import JUDGES, TODAY, decided, granted, learnometer_msc, programme, record

from degree.rules.also_kept import also_kept
from degree.rules.explain import Decision
from degree.rules.laying_out import laid_out
from degree.rules.programme import Programme
from degree.rules.records import Record
from degree.rules.rendering import decision_as_text
from degree.rules.saying import title
from degree.rules.saying_kept import told_together
from degree.statement import stated

AWARD = {"id": "X", "credits": 20, "buckets": {"a": 10, "b": 10}}
BUCKETS = {name: {"min": 10, "where": {"tag": name}} for name in "ab"}
SHARE = {"validators": {"at_least": 1, "max_share_each": 0.5}}
RECORDS = [
    record("x", 10, tags="a", judges=JUDGES[:2], code="P"),
    record("y", 10, tags="b", judges=JUDGES[2:4], activity_end=date(2024, 4, 1)),
]


def rules(award: dict[str, Any] | None = None, **clauses: Any) -> Programme:
    return programme(awards=[AWARD | (award or {})], buckets=BUCKETS, **clauses)


def told(decision: Decision) -> str:
    verdict = decision.outcome
    layout = laid_out(verdict, verdict.awards[0], decision.wallet, today=TODAY)
    return told_together(also_kept(verdict, layout, decision.wallet))


def test_a_rule_without_rows_is_told_and_a_share_with_what_came_out() -> None:
    order = {"before": "a", "after": "b", "finished": "before_end"}
    found = rules(
        {"max_registration_years": 1},
        distinct=SHARE,
        prerequisites=[order],
        exclusions=[["badge:P", "badge:Q"], ["badge:P", "badge:R"]],
    )
    assert told(decided(found, RECORDS)) == (
        "credit that one judge endorsed (the largest is 50 % of the credit; at most 50 % is "
        "allowed), a before b, badges that exclude each other and time of registration (1 year)"
    )


def test_each_rule_is_told_once() -> None:
    """With a third badge one judge could be behind too much, so that rule has rows of its own."""
    records = [*RECORDS, record("z", 5, tags="a", judges=JUDGES[:1])]
    decision = decided(rules(distinct=SHARE), records)
    assert told(decision) == ""
    lines = decision_as_text(decision).split("\n")
    assert len([line for line in lines if "redit that one judge endorsed" in line]) == 1


def test_a_rule_that_is_not_of_this_award_or_waived_or_not_kept_yet_is_not_told() -> None:
    other = {**AWARD, "id": "Y"}
    elsewhere = programme(
        awards=[AWARD, other],
        buckets=BUCKETS,
        exclusions=[{"one_of": ["badge:P", "badge:Q"], "awards": ["Y"]}],
    )
    assert told(decided(elsewhere, RECORDS)) == ""
    waiver = granted("waive", path="distinct.validators.max_share_each")
    waived = rules(distinct=SHARE, concessions={"allowed": ["waive"]})
    assert told(decided(waived, RECORDS, concessions=(waiver,))) == ""
    # Of one badge its judges endorsed all; with the award's credit they could not have.
    assert told(decided(rules(distinct=SHARE), RECORDS[:1])) == ""


def test_what_a_concession_made_of_a_rule_is_told() -> None:
    longer = granted("reduce", path="awards.X.max_registration_years", to=3)
    found = rules({"max_registration_years": 1}, concessions={"allowed": ["reduce"]})
    assert told(decided(found, RECORDS, concessions=(longer,))) == "time of registration (3 years)"


def test_many_rules_are_not_all_named() -> None:
    needs = [{"badge": f"N-{n}", "needs": "N", "finished": "before_end"} for n in range(12)]
    said = told(decided(rules(prerequisites=needs), RECORDS))
    assert said.startswith("what N-0 builds on, ")
    assert said.endswith("what N-7 builds on and 4 more")
    few = told(decided(rules(prerequisites=needs[:9]), RECORDS))
    assert few.endswith("what N-7 builds on and what N-8 builds on")


def test_a_satisfied_audit_tells_every_rule_of_its_award() -> None:
    degree = learnometer_msc()
    records: list[Record] = [
        record(
            f"r{n}",
            10,
            tags={"research_methods", "capstone", "reflective_practice", "ethics"},
            judges=(JUDGES[n % 12], JUDGES[(n + 5) % 12]),
            contexts={"ke", "uk"},
        )
        for n in range(7)
    ]
    decision = decided(degree, records)
    shown = stated(decision, degree)
    lines = decision_as_text(decision)
    (award,) = (each for each in shown.awards if each.id == "PGCert")
    assert award.state == "met"
    row = award.rules[-1]
    assert (row.title, row.state) == ("Also kept", "met")
    assert f"  yes  Also kept: {row.says[0].lower()}{row.says[1:]}\n" in lines
    said = " ".join([*(each.title for each in award.rules), row.says]).lower()
    for rule in ("distinct.validators.max_share_each", "exclusions.x"):
        assert title(rule).lower() in said
