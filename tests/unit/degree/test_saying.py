"""The engine's answers in words."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from degree.rules.explain import Answer, AwardAnswer, Because
from degree.rules.laying_out import Finding
from degree.rules.rows import Counts
from degree.rules.saying import because, says, spoken, title

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
        ("distinct.validators.max_share_each", "Credit that one judge endorsed"),
        ("distinct.issuers.max_share_each", "Largest share of one of the issuers"),
        ("distinct.co_participants.max_credits_each", "Most credit for one of the co participants"),
        ("prerequisites.methods-before-field_work", "Methods before field work"),
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
        ("classification.first.graded", "Credit with a mark for first"),
        ("classification.first.any_of", "Marks for first"),
        ("classification.first.graded.field_work", "Any mark in field work for first"),
        ("classification.first.any_of[0].graded.a", "Any mark in a for first"),
        ("classification.first.uncondoned", "Nothing condoned for first"),
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


NONE = {"counts": Counts.BADGES, "bound": 0, "asks": False}


def finding(**changes: Any) -> str:
    return says(replace(CREDIT, **changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "12.5 counted; it asks for at least 10 credits"),
        ({"counted": 100}, "10 of 10 credits"),
        ({"met": False, "counted": 75}, "7.5 of 10 credits; 2.5 still needed"),
        ({"counted": 75}, "7.5 of 10 credits; asked only where it is chosen"),
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
        ({"bound": 0}, "12.5 credits; none is asked"),
        ({"rule": "classification.c.graded", "bound": 1}, "12.5 credits"),
        ({"rule": "classification.c.graded", "bound": 125}, "12.5 of 12.5 credits"),
        (
            {"rule": "classification.c.first_attempts", "counted": 0, **NONE},
            "none of the badges took more than one attempt",
        ),
        (
            {"rule": "classification.c.uncondoned", "counted": 2, "met": False, **NONE},
            "2 of the badges are below the pass mark",
        ),
        ({"rule": "prerequisites.a-before-b", "counted": 1, **NONE}, "it holds"),
        (
            {"rule": "prerequisites.a-before-b", "counted": 2, "met": False, **NONE},
            "it does not hold",
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
        ({"rule": "classification.first.mean", "measure": Fraction(2, 3)}, "the mean is 0.06"),
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
        (
            {"rule": f"{X}.at_most.own", "measure": Fraction(1, 3), "most": Fraction(333, 1000)}
            | {"met": False},
            "it is a little more than 33.3 % of the credit; at most 33.3 % is allowed",
        ),
        (
            {"rule": f"{X}.at_least.own", "measure": Fraction(333, 1000), "least": Fraction(1, 3)}
            | {"met": False},
            "it is a little less than 33.3 % of the credit; at least 33.3 % is asked",
        ),
        (
            {"rule": "classification.f.mean", "measure": Fraction(6749, 10), "rounded": True}
            | {"least": Fraction(675)},
            "the mean is 67.49, rounded 67; at least 68 is asked",
        ),
        (
            {"rule": "classification.f.mean", "measure": Fraction(675), "rounded": True}
            | {"least": Fraction(675)},
            "the mean is 67.5, rounded 68; at least 68 is asked",
        ),
        (
            {"rule": "classification.f.mean", "measure": Fraction(69999, 100)}
            | {"least": Fraction(700)},
            "the mean is 69.99; at least 70.0 is asked",
        ),
        ({"rule": f"{X}.requires"}, "it holds"),
        ({"rule": f"{X}.requires", "met": False}, "it does not hold"),
    ],
)
def test_shares_means_and_conditions_are_told_as_such(changes: dict[str, Any], said: str) -> None:
    assert finding(**OTHER, **changes) == said


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
        (
            Because(pending=("x",)),
            "It hangs on 1 badge whose status could not be checked. All else is kept.",
        ),
        (
            Because(pending=("x", "y")),
            "It hangs on 2 badges whose status could not be checked. All else is kept.",
        ),
        (
            Because(pending=("attested:the_viva", "x")),
            (
                "It hangs on 1 badge whose status could not be checked and the word on the viva, "
                "which nobody has given yet. All else is kept."
            ),
        ),
        (
            Because(pending=("attested:a", "attested:b")),
            (
                "It hangs on the word on a, which nobody has given yet and the word on b, which "
                "nobody has given yet. All else is kept."
            ),
        ),
        (
            Because(years=(2,)),
            (
                "It hangs on registration year 2, missed, which the board may forgive. All else is "
                "kept."
            ),
        ),
        (
            Because(years=(2, 3), pending=("x",)),
            (
                "It hangs on 1 badge whose status could not be checked and registration years 2 "
                "and 3, missed, which the board may forgive. All else is kept."
            ),
        ),
    ],
)
def test_what_an_award_hangs_on_is_said(reason: Because, said: str) -> None:
    answer = AwardAnswer(award="X", answer=Answer.UNDECIDED, because=reason)
    assert because(answer) == said
