"""The engine's answers in words."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from wallets import posed, programme, record

from degree.rules.cuts import Cut
from degree.rules.exact import CreditUnit
from degree.rules.explain import Answer, AwardAnswer, Because, Proof
from degree.rules.laying_out import Finding
from degree.rules.rows import Counts, Problem
from degree.rules.saying import because, says, spoken, title, why_not

X = "awards.X"
A = f"{X}.buckets.field_work"


@pytest.mark.parametrize(
    ("rule", "heading"),
    [
        (f"{X}.credits", "All credits"),
        (f"{X}.min_at_level.7", "Credits at level 7 or above"),
        (f"{X}.max_below_level.6", "Credits at level 6 or below"),
        (f"{X}.rpl_cap", "Prior learning"),
        (f"{X}.reuse_cap", "Badges that another award counts"),
        (f"{X}.max_registration_years", "Time of registration"),
        (f"{X}.buckets", "What fits the award"),
        (A, "Field work"),
        (f"{A}.max_badges", "Number of badges in field work"),
        (f"{A}.min_badges", "Number of badges in field work"),
        (f"{A}.max_credits", "Most credit in field work"),
        (f"{A}.max_below_level.6", "Level 6 or below in field work"),
        (f"{A}.at_least.long_ones", "Long ones in field work"),
        (f"{A}.at_most.outside", "Outside in field work"),
        (f"{X}.at_least.residence", "Residence"),
        (f"{X}.at_most.partner", "Partner"),
        (f"{X}.requires", "What must be filled"),
        (f"{X}.requires.all_of[1].any_of[0]", "What must be filled"),
        ("distinct.contexts", "Different contexts"),
        ("distinct.circles", "Different circles"),
        ("distinct.validators", "Different judges"),
        ("distinct.co_participants", "Different people who took part"),
        ("distinct.issuers", "Different issuers"),
        ("distinct.kinds", "Different kinds of badges"),
        ("distinct.validators.max_share_each", "No single judge behind too much"),
        ("distinct.issuers.max_share_each", "Largest share of one of the issuers"),
        ("distinct.co_participants.max_credits_each", "Most credit for one of the co participants"),
        ("prerequisites.methods-before-field_work", "Order of methods and field work"),
        ("prerequisites.RM-2-needs-RM-1", "What RM-2 builds on"),
        ("exclusions.A+B", "Badges that exclude each other"),
        ("sharing.max_badges", "Badges that count twice"),
        ("condonement.mean_at_least", "Mean with condoned badges"),
        ("condonement.max_credits", "Condoned badges"),
        ("condonement.used", "Condoned badges"),
        ("classification.first.mean", "Mean for first"),
        ("classification.first.any_of[0].mean", "Mean for first"),
        ("classification.first.bucket_means.field_work", "Mean in field work for first"),
        ("classification.first.any_of[1].bucket_means.field_work", "Mean in field work for first"),
        ("classification.first.credits_at.70", "Marks from 70 for first"),
        ("classification.first.any_of[0].share_at.69.5", "Marks from 69.5 for first"),
        ("classification.first.first_attempts", "First attempts for first"),
        ("classification.first.graded", "Marks for first"),
        ("classification.first.any_of", "Marks for first"),
        ("classification.first.uncondoned", "Marks for first"),
        ("evidence_gate.issuer_in", "Issuers that are trusted"),
        ("evidence_gate.status", "Status of each badge"),
        ("evidence_gate.endorsements", "Judges of each badge"),
        ("evidence_gate.currency_years.rpl", "Age of each badge"),
        ("evidence_gate.not_already_used_in_award", "Badges that another award counts"),
        ("obligations", "Activities in each year"),
        ("something.quite_else", "Quite else"),
    ],
)
def test_every_rule_has_a_heading(rule: str, heading: str) -> None:
    assert title(rule) == heading


def test_names_are_spoken_with_blanks() -> None:
    assert spoken("research_methods_2") == "research methods 2"


CREDIT = Finding(
    rule=f"{X}.credits", met=True, asks=True, counts=Counts.CREDITS, counted=125, bound=100
)


def finding(**changes: Any) -> str:
    return says(replace(CREDIT, **changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "12.5 of 10 credits"),
        ({"met": False, "counted": 75}, "7.5 of 10 credits; 2.5 still needed"),
        ({"asks": False}, "12.5 counted; at most 10 credits may count"),
        ({"counts": Counts.BADGES, "counted": 2, "bound": 2}, "2 of 2 badges"),
        ({"counts": Counts.BADGES, "counted": 1, "bound": 1}, "1 of 1 badge"),
        (
            {"counts": Counts.BADGES, "counted": 1, "bound": 3, "met": False},
            "1 of 3 badges; 2 still needed",
        ),
        (
            {"counts": Counts.BADGES, "counted": 4, "bound": 3, "asks": False},
            "4 counted; at most 3 badges may count",
        ),
    ],
)
def test_amounts_are_told_against_what_is_asked_or_allowed(
    changes: dict[str, Any], said: str
) -> None:
    assert finding(**changes) == said


@pytest.mark.parametrize(
    ("dimension", "noun"),
    [
        ("contexts", "contexts: ke and uk"),
        ("kinds", "kinds of badges: ke and uk"),
        ("circles", "circles"),
        ("validators", "judges"),
        ("co_participants", "people who took part"),
        ("issuers", "issuers"),
    ],
)
def test_variety_is_counted_and_contexts_and_kinds_are_named(dimension: str, noun: str) -> None:
    counted = {"rule": f"distinct.{dimension}", "counts": Counts.OTHER, "counted": 2, "bound": 3}
    assert finding(**counted, labels=("ke", "uk")) == f"2 of 3 different {noun}"
    assert finding(**counted) == f"2 of 3 different {noun.partition(':')[0]}"


def test_labels_are_called_by_their_names_and_never_in_part() -> None:
    counted = replace(
        CREDIT, rule="distinct.contexts", counted=3, bound=3, labels=("3", "ke", "ke-2")
    )
    names = {"ke": "Kenya (ke)", "3": "of", "of": "from", "": "nowhere"}
    assert says(counted, names=names) == "3 of 3 different contexts: of, Kenya (ke) and ke-2"
    share = replace(CREDIT, rule="distinct.contexts.max_share_each", counts=Counts.OTHER, met=False)
    broken = replace(share, measure=Fraction(1, 2), label="ke")
    assert says(broken, names=names) == "the largest is 50 % of the credit (Kenya (ke))"


OTHER = {"counts": Counts.OTHER}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": "classification.first.mean", "measure": Fraction(695)}, "the mean is 69.5"),
        ({"rule": "classification.first.mean", "measure": Fraction(2, 3)}, "the mean is 0.1"),
        ({"rule": "classification.first.mean"}, "no mark"),
        (
            {"rule": "classification.f.bucket_means.a", "measure": Fraction(700)},
            "the mean is 70.0",
        ),
        ({"rule": "condonement.mean_at_least", "measure": Fraction(500)}, "the mean is 50.0"),
        ({"rule": f"{X}.at_least.own", "measure": Fraction(1, 3)}, "it is 33.3 % of the credit"),
        ({"rule": f"{X}.at_least.own", "measure": Fraction(1, 2)}, "it is 50 % of the credit"),
        (
            {"rule": f"{X}.at_least.meaning", "measure": Fraction(1, 8)},
            "it is 12.5 % of the credit",
        ),
        (
            {"rule": "distinct.issuers.max_share_each", "measure": Fraction(1, 4), "label": "i"},
            "the largest is 25 % of the credit",
        ),
        (
            {
                "rule": "distinct.issuers.max_share_each",
                "measure": Fraction(1, 4),
                "label": "i",
                "met": False,
            },
            "the largest is 25 % of the credit (i)",
        ),
        (
            {"rule": f"{X}.at_least.own", "measure": Fraction(0), "met": False},
            "it is 0 % of the credit",
        ),
        (
            {"rule": f"{X}.at_most.own", "measure": Fraction(2, 3), "most": Fraction(17, 50)},
            "it is 66.7 % of the credit; at most 34 % is allowed",
        ),
        (
            {"rule": f"{X}.at_least.own", "measure": Fraction(1, 2), "least": Fraction(1, 2)},
            "it is 50 % of the credit; at least 50 % is asked",
        ),
        (
            {"rule": "condonement.mean_at_least", "least": Fraction(500)},
            "no mark; at least 50.0 is asked",
        ),
        ({"rule": f"{X}.requires"}, "it holds"),
        ({"rule": f"{X}.requires", "met": False}, "it does not hold"),
    ],
)
def test_shares_means_and_conditions_are_told_as_such(changes: dict[str, Any], said: str) -> None:
    assert finding(**OTHER, **changes) == said


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
    assert "cannot all be kept: what RM-2 builds on and UK." in said


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
            "However the badges are placed, these rules cannot all be kept: essay, prior learning "
            "and badges that exclude each other. Every case was tried and closed."
        ),
    )


def test_missed_years_are_listed() -> None:
    assert why_not(Proof(years=(1, 2, 4)), problem()) == (
        "Too many registration years were missed: 1, 2 and 4; none can be forgiven.",
    )
    assert why_not(Proof(years=(3, 4)), problem(), forgivable=1) == (
        "Too many registration years were missed: 3 and 4; at most 1 may be forgiven.",
    )


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            Because(search=True),
            (
                "The search for a placing of whole badges reached its limit: it is neither found "
                "nor excluded that the badges earn it."
            ),
        ),
        (Because(pending=("x",)), "It hangs on 1 badge whose status could not be checked."),
        (Because(pending=("x", "y")), "It hangs on 2 badges whose status could not be checked."),
        (
            Because(pending=("attested:the_viva", "x")),
            (
                "It hangs on 1 badge whose status could not be checked and the word on the viva, "
                "which nobody has given yet."
            ),
        ),
        (
            Because(pending=("attested:a", "attested:b")),
            (
                "It hangs on the word on a, which nobody has given yet and the word on b, which "
                "nobody has given yet."
            ),
        ),
        (
            Because(years=(2,)),
            "It hangs on registration year 2, missed, which the board may forgive.",
        ),
        (
            Because(years=(2, 3), pending=("x",)),
            (
                "It hangs on 1 badge whose status could not be checked and registration years 2 "
                "and 3, missed, which the board may forgive."
            ),
        ),
    ],
)
def test_what_an_award_hangs_on_is_said(reason: Because, said: str) -> None:
    answer = AwardAnswer(award="X", answer=Answer.UNDECIDED, because=reason)
    assert because(answer) == said
