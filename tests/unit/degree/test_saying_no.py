"""Why an award cannot be had, in words."""

from dataclasses import replace
from typing import Any

from wallets import decided, posed, programme, record

from degree.rules.cuts import Cut
from degree.rules.exact import CreditUnit
from degree.rules.explain import Decision, Proof
from degree.rules.programme import Programme
from degree.rules.rows import Problem
from degree.rules.saying_no import why_not
from degree.statement import AwardShown, stated


def problem() -> Problem:
    rules = programme(
        awards=[
            {
                "id": "MSc",
                "credits": 20,
                "min_at_level": {7: 10},
                "rpl_cap": 7.5,
                "at_most": [{"id": "few", "badges": 1, "where": {"any": True}}],
                "requires": {"any_of": ["field_work", {"badge": "A"}]},
            }
        ],
        buckets={
            "field_work": {"min": 5, "min_badges": 2, "max_badges": 3, "where": {"tag": "a"}},
            "essay": {"min": 5, "where": {"any": True}, "mandatory": True},
        },
        exclusions=[["badge:A", "badge:B"]],
    )
    records = [record("x", tags="a", code="A"), record("y", tags="a", code="B")]
    return posed(rules, records)


M = "awards.MSc"
ESSAY, WORK = f"{M}.buckets.essay", f"{M}.buckets.field_work"


def cut(*names: str, whole: bool = False, **times: int) -> Cut:
    rows = dict.fromkeys(names, 1) | times
    return Cut(rows=rows, whole=whole, needed=200, could_count=125)


def sentence(*names: str, **changes: Any) -> str:
    (said,) = why_not(Proof(cuts=(replace(cut(*names), **changes),)), problem())
    return said


def test_a_bucket_that_is_short_says_how_much_is_missing() -> None:
    assert sentence(ESSAY) == (
        "Essay needs 20 credits; all that could count comes to 12.5: earn at least 7.5 more."
    )


def test_what_is_missing_is_told_in_the_unit_of_the_programme() -> None:
    limited = Proof(cuts=(cut(ESSAY, f"{M}.rpl_cap"),))
    (said,) = why_not(limited, problem(), CreditUnit.ECTS)
    assert said == (
        "Essay needs 10 ECTS credits; all that could count, within at most 3.75 ECTS credits for "
        "prior learning, comes to 6.25: earn at least 3.75 more."
    )


def test_the_whole_award_and_its_levels_are_called_by_the_award() -> None:
    assert sentence(f"{M}.credits").startswith("The MSc, in all, needs 20 credits;")
    assert sentence(f"{M}.min_at_level.7").startswith(
        "The MSc, at level 7 or above, needs 20 credits;"
    )


def test_rules_that_need_together_are_listed_in_order_with_their_limits() -> None:
    said = sentence(ESSAY, f"{M}.credits", f"{M}.rpl_cap")
    assert said == (
        "The MSc, in all, and essay together need 20 credits; all that could count, within at most "
        "7.5 credits for prior learning, comes to 12.5: earn at least 7.5 more."
    )


def test_whole_badges_are_said_to_be_whole() -> None:
    assert sentence(ESSAY, whole=True) == (
        "Essay needs in whole badges at least 20 credits; all that could count comes to 12.5: "
        "another badge is needed."
    )


def test_badges_that_are_missing_are_counted() -> None:
    said = sentence(f"{M}.at_most.few", needed=2, could_count=1)
    assert said == "Few: 2 badges are needed, and at most 1 can count."


def test_one_rule_alone_that_is_no_amount_cannot_be_kept() -> None:
    assert sentence(f"{M}.requires") == (
        "What must be filled: it cannot be kept with these badges."
    )
    assert sentence(f"{M}.requires", f"{M}.requires.any_of[1]") == (
        "What must be filled: it cannot be kept with these badges."
    )
    assert sentence(f"{M}.requires", f"{M}.requires.any_of[1]", ESSAY) == (
        "These rules cannot be kept together with these badges: essay and what must be filled."
    )


def test_names_within_a_sentence_keep_their_capitals() -> None:
    proof = Proof(conflict=("prerequisites.RM-2-needs-RM-1", "awards.X.at_most.UK"))
    (said,) = why_not(proof, problem())
    assert "with these badges: what RM-2 builds on and UK." in said


def test_rules_that_weigh_differently_are_only_listed() -> None:
    said = sentence(ESSAY, f"{M}.credits", rows={ESSAY: 2, f"{M}.credits": 1})
    assert said == ("These rules cannot be kept together with these badges: all credits and essay.")


def test_rules_that_hang_on_a_choice_or_count_badges_are_only_listed() -> None:
    assert sentence(WORK) == "Field work: it cannot be kept with these badges."
    assert sentence(ESSAY, "exclusions.A+B") == (
        "These rules cannot be kept together with these badges: essay and badges that exclude each "
        "other."
    )
    assert sentence(f"{M}.requires", ESSAY, f"{M}.credits") == (
        "These rules cannot be kept together with these badges: all credits, essay and what must "
        "be filled."
    )


def test_every_cut_has_a_sentence() -> None:
    proof = Proof(cuts=(cut(ESSAY), cut(f"{M}.credits")))
    assert [said[:5] for said in why_not(proof, problem())] == ["Essay", "The M"]


def test_a_proof_by_cases_names_the_rules_that_conflict() -> None:
    proof = Proof(conflict=(ESSAY, f"{M}.rpl_cap", "exclusions.A+B"))
    assert why_not(proof, problem()) == (
        (
            "These rules cannot be kept together with these badges: essay, prior learning and "
            "badges that exclude each other."
        ),
    )


def test_missed_years_are_listed() -> None:
    assert why_not(Proof(years=(1, 2, 4)), problem()) == (
        "Too many registration years were missed: 1, 2 and 4; none can be forgiven.",
    )
    assert why_not(Proof(years=(3, 4)), problem(), forgivable=1) == (
        "Too many registration years were missed: 3 and 4; at most 1 may be forgiven.",
    )


def sentences(
    requires: dict[str, Any], *codes: str, credits_: int = 0, **facts: Any
) -> tuple[str, ...]:
    """Why the award of a small programme is a no, by badges with these codes."""
    stated = programme(
        awards=[
            {"id": "X", "credits": credits_, "buckets": {"a": 0, "b": 10}, "requires": requires}
        ],
        buckets={"a": {"min": 0, "where": {"tag": "a"}}, "b": {"min": 0, "where": {"tag": "b"}}},
        pass_mark=50,
        **facts.pop("clauses", {}),
    )
    marks = facts.pop("marks", {})
    records = [record(code, 5, tags="a", code=code, mark=marks.get(code, 600)) for code in codes]
    decision = decided(stated, records, **facts)
    return stated_award(decision, stated).shortfalls


def stated_award(decision: Decision, rules: Programme) -> AwardShown:
    return stated(decision, rules).focus


def test_a_badge_that_is_required_and_not_there_is_named() -> None:
    assert sentences({"badge": "A"}, "B") == ("A badge with the code A is needed.",)


def test_why_the_badge_that_would_be_it_does_not_count_is_said() -> None:
    assert sentences({"badge": "A"}, "A", marks={"A": 480}) == (
        "A badge with the code A (“A”: its mark of 48 is below the pass mark of 50) is needed.",
    )


def test_of_alternatives_those_that_lack_least_are_told() -> None:
    sets = [
        {"all_of": [{"badge": "A"}, {"badge": "B"}, {"badge": "C"}]},
        {"all_of": [{"badge": "A"}, {"badge": "D"}]},
        {"all_of": [{"badge": "E"}, {"badge": "F"}, {"badge": "G"}]},
    ]
    assert sentences({"any_of": sets}, "A", "B") == (
        (
            "One of 3 alternatives must be complete; what is missing is a badge with the code C; "
            "or a badge with the code D."
        ),
    )
    assert sentences({"choose": 2, "of": sets}, "A", "B") == (
        (
            "2 of 3 alternatives must be complete; what is missing is a badge with the code C and "
            "a badge with the code D."
        ),
    )


def test_a_bucket_that_cannot_be_filled_is_an_alternative_too() -> None:
    either = {"any_of": ["b", {"all_of": [{"badge": "A"}, {"badge": "B"}]}]}
    assert sentences(either, "C") == (
        "One of 2 alternatives must be complete; what is missing is enough to fill b.",
    )
