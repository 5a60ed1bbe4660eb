"""A placing that shows how far a member has come: what is specific is filled first."""

from typing import Any

from wallets import decided, posed, programme, record

from degree.rules.laying_out import laid_out
from degree.rules.programme import Programme
from degree.rules.records import Record
from degree.rules.rows import OUT
from degree.rules.settling import settled
from degree.statement import stated

ANY: dict[str, Any] = {"min": 45, "where": {"any": True}}
ETHICS: dict[str, Any] = {"min": 5, "where": {"tag": "ethics"}}


def rules(**clauses: Any) -> Programme:
    award = {"id": "X", "credits": 60, **clauses.pop("award", {})}
    buckets = {"electives": ANY, "ethics": ETHICS} | clauses.pop("buckets", {})
    return programme(awards=[award], buckets=buckets, **clauses)


def homes(stated_rules: Programme, records: list[Record], placed: tuple[int, ...]) -> list[str]:
    problem = posed(stated_rules, records)
    names = [part.bucket.name for part in problem.award.parts]
    return [
        names[problem.options[record][taken][0]] if taken != OUT else ""
        for record, taken in enumerate(settled(problem, placed, keeping=problem.ceilings))
    ]


MANY = [
    record("big", 20, tags={"ethics"}),
    record("fit", 5, tags={"ethics"}),
    record("other", 10),
    record("small", 2, tags={"ethics"}),
]


def test_a_specific_bucket_takes_from_the_one_for_anything_what_is_just_enough() -> None:
    assert homes(rules(), MANY, (0, 0, 0, 0)) == ["electives", "ethics", "electives", "electives"]


def test_if_nothing_is_enough_alone_the_largest_come_first() -> None:
    wide = {"ethics": {**ETHICS, "min": 22}}
    assert homes(rules(buckets=wide), MANY, (0, 0, 0, 0)) == [
        "ethics",
        "electives",
        "electives",
        "ethics",
    ]


def test_no_limit_is_broken_by_it_and_what_then_fits_is_counted() -> None:
    shut = {"ethics": {**ETHICS, "max_credits": 4}}
    assert homes(rules(buckets=shut), MANY, (0, 0, 0, 0)) == [
        "electives",
        "electives",
        "electives",
        "ethics",
    ]
    assert homes(rules(), MANY, (-1, -1, -1, -1)) == [
        "electives",
        "ethics",
        "electives",
        "electives",
    ]


def test_badges_that_fit_nothing_else_still_fill_the_specific_bucket_first() -> None:
    both = [record("one", 5, tags={"ethics"}), record("two", 5, tags={"ethics"})]
    assert sorted(homes(rules(), both, (0, 0))) == ["electives", "ethics"]


def test_a_no_is_laid_out_so() -> None:
    decision = decided(rules(), MANY)
    (answer,) = decision.outcome.awards
    layout = laid_out(decision.outcome, answer, decision.wallet, today=decision.today)
    short = {each.rule: each.met for each in layout.findings}
    assert not layout.filled
    assert short["awards.X.buckets.ethics"]
    assert not short["awards.X.buckets.electives"]
    ethics = next(
        each for each in stated(decision, rules()).focus.buckets if each.title == "Ethics"
    )
    assert ethics.state == "met"
