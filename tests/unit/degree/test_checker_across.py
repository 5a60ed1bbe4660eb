"""Rules across the counted badges, and filters: kept they are accepted, broken they are named.

Each case has a programme's rules, the badges, placements that satisfy, others that do not, and what
is then objected.
"""

from typing import Any

import pytest
from checker_cases import parts, said_of
from decision_records import Document, badge

LABELLED = [
    badge("p", contexts=["ke", "uk"], circle="one", kind="K", co_participants=["x", "y"]),
    badge("q", contexts=["uk"], circle="two", kind="L", issuer="did:web:other"),
    badge("r", contexts=["uk"], circle="one", kind="K", judges=["did:key:zJ1", "did:key:zJ3"]),
    badge("s", 5, contexts=["ke"], circle="one", co_participants=["x", "did:key:zHolder"]),
]
BOTH = {"p": "main", "q": "main"}
TRUST = {"trust_lists": {"all": ["did:web:issuer", "did:web:other"]}}


def distinct(dimension: str, **rule: Any) -> Document:
    return {"distinct": {dimension: rule}} | TRUST


OF_VARIETY = {
    "contexts": (
        *(distinct("contexts", at_least=2), LABELLED, BOTH, {"q": "main", "r": "main"}),
        "distinct.contexts does not hold: 1 is not at least 2",
    ),
    "credit in each context": (
        *(distinct("contexts", at_least=2, min_credits_each=10), LABELLED, BOTH),
        *({"q": "main", "r": "main", "s": "main"}, "distinct.contexts does"),
    ),
    "circles": (
        *(distinct("circles", at_least=2), LABELLED, BOTH),
        *({"p": "main", "r": "main"}, "distinct.circles does"),
    ),
    "validators": (
        *(distinct("validators", at_least=3), LABELLED, {"p": "main", "r": "main"}),
        *({"p": "main", "q": "main"}, "distinct.validators does"),
    ),
    "co-participants beside the holder": (
        *(distinct("co_participants", at_least=2), LABELLED, BOTH),
        *({"q": "main", "r": "main", "s": "main"}, "distinct.co_participants does"),
    ),
    "issuers": (
        *(distinct("issuers", at_least=2), LABELLED, BOTH),
        *({"p": "main", "r": "main"}, "distinct.issuers does"),
    ),
    "kinds": (
        *(distinct("kinds", at_least=2), LABELLED, BOTH),
        *({"p": "main", "r": "main"}, "distinct.kinds does"),
    ),
    "a share of each": (
        *(distinct("issuers", max_share_each=0.5), LABELLED, BOTH),
        *({"p": "main", "r": "main"}, "distinct.issuers.max_share_each=did:web:issuer"),
    ),
    "credit of each": (
        *(distinct("kinds", max_credits_each=10), LABELLED, BOTH),
        *({"p": "main", "r": "main"}, "distinct.kinds.max_credits_each=K"),
    ),
    "exclusions": (
        {"exclusions": [["badge:A", "badge:B"]]},
        [badge("p", code="A"), badge("q", code="B"), badge("r")],
        *({"p": "main", "r": "main"}, {"p": "main", "q": "main"}, "exclusions.A+B"),
    ),
    "exclusions for one award": (
        {"exclusions": [{"one_of": ["badge:B", "badge:A"], "awards": ["X"]}]},
        [badge("p", code="A"), badge("q", code="B"), badge("r")],
        *({"p": "main", "r": "main"}, {"p": "main", "q": "main"}, "exclusions.A+B"),
    ),
}


def timed(name: str, start: str, end: str, **facts: Any) -> Document:
    return badge(name, activity_start=start, activity_end=end, **facts)


ONE_AFTER_THE_OTHER = [
    timed("a1", "2021-01-01", "2022-03-20", tags=["a"]),
    timed("a2", "2021-01-01", "2024-03-20", tags=["a"]),
    timed("b1", "2024-01-01", "2024-03-20"),
    timed("b2", "2024-03-20", "2025-01-01"),
    timed("b3", "2026-01-01", "2026-02-01"),
]


def before(**rule: Any) -> Document:
    return {"prerequisites": [{"before": "a", "after": "b"} | rule]} | parts()


CODED = [
    timed("p", "2024-01-01", "2024-03-20", code="A"),
    timed("s", "2024-02-01", "2024-05-01", code="B"),
]
NEEDS = {"prerequisites": [{"badge": "B", "needs": "A"}]}
OF_TIME = {
    "the end before the end": (
        *(before(), ONE_AFTER_THE_OTHER, {"a2": "a", "b1": "b"}),
        *({"a2": "a", "a1": "b"}, "prerequisites.a-before-b=a2,a1"),
    ),
    "the end before the start": (
        *(before(finished="before_start"), ONE_AFTER_THE_OTHER, {"a2": "a", "b2": "b"}),
        *({"a2": "a", "b1": "b"}, "prerequisites.a-before-b=a2,b1"),
    ),
    "no longer ago than it lasts": (
        *(before(lapses_after_years=2), ONE_AFTER_THE_OTHER, {"a1": "a", "b1": "b"}),
        *({"a1": "a", "b3": "b"}, "prerequisites.a-before-b=a1,b3"),
    ),
    "a needed badge": (
        *(NEEDS, [*CODED, badge("r")], {"p": "main", "s": "main"}),
        *({"s": "main", "r": "main"}, "prerequisites.B-needs-A=s"),
    ),
    "a needed badge in time": (
        {"prerequisites": [{"badge": "B", "needs": "A", "finished": "before_start"}]},
        [*CODED, timed("z", "2023-01-01", "2023-02-01", code="A")],
        *({"z": "main", "s": "main"}, {"p": "main", "s": "main"}, "prerequisites.B-needs-A=s"),
    ),
}
CASES = {**OF_VARIETY, **OF_TIME}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_rule_that_is_kept_is_accepted_and_broken_is_named(case: Any) -> None:
    rules, badges, kept, broken, objection = case
    assert said_of(rules, badges, kept) == ""
    assert objection in said_of(rules, badges, broken)


def test_rule_for_other_awards_holds_not_for_this_one() -> None:
    rules = {"awards": [{"id": "X", "credits": 20}, {"id": "Y", "credits": 10}]}
    for rule in (
        distinct("kinds", at_least=9, awards=["Y"]),
        {"exclusions": [{"one_of": ["badge:B", "badge:A"], "awards": ["Y"]}]},
        {"prerequisites": [{"badge": "A", "needs": "Z", "awards": ["Y"]}]},
    ):
        badges = [badge("p", code="A"), badge("q", code="B")]
        assert said_of(rules | rule, badges, {"p": "main", "q": "main"}) == ""


FULL = badge(
    "f",
    20,
    tags=["t"],
    kind="K",
    role="co_provider",
    code="C",
    circle="urn:c",
    contexts=["ke"],
    mark=60.5,
    rpl=True,
)


@pytest.mark.parametrize(
    ("taking", "leaving"),
    [
        ({"any": True}, {"not": {"any": True}}),
        ({"tag": "t"}, {"tag": "u"}),
        ({"tag": ["u", "t"]}, {"tag": ["u", "v"]}),
        ({"level": 7}, {"level": 8}),
        ({"level_max": 7}, {"level_max": 6}),
        ({"rpl": True}, {"rpl": False}),
        ({"kind": "K"}, {"kind": "k"}),
        ({"role": "co_provider"}, {"role": "participant"}),
        ({"code": "C"}, {"code": "badge:C"}),
        ({"issuer": "did:web:issuer"}, {"issuer": "did:web:other"}),
        ({"circle": "urn:c"}, {"circle": "urn:d"}),
        ({"context": ["uk", "ke"]}, {"context": "uk"}),
        ({"mark": 60.5}, {"mark": 60.6}),
        ({"any_of": [{"tag": "u"}, {"level": 7}]}, {"any_of": [{"tag": "u"}, {"level": 8}]}),
        ({"all_of": [{"tag": "t"}, {"level": 7}]}, {"all_of": [{"tag": "u"}, {"level": 7}]}),
        ({"not": {"tag": "u"}}, {"not": {"tag": "t"}}),
        ({"tag": "t", "level": 7}, {"tag": "t", "level": 8}),
    ],
)
def test_filter_takes_what_it_says(taking: Document, leaving: Document) -> None:
    for where, objection in ((taking, ""), (leaving, "f may not count in main")):
        rules = {"buckets": {"main": {"min": 20, "where": where}}}
        heard = said_of(rules, [FULL], {"f": "main"})
        assert (objection in heard) if objection else heard == ""


def test_filter_for_a_mark_leaves_a_badge_without_one() -> None:
    rules = {"buckets": {"main": {"min": 20, "where": {"mark": 0}}}}
    unmarked = {key: value for key, value in FULL.items() if key != "mark"}
    assert "f may not count" in said_of(rules, [unmarked], {"f": "main"})
