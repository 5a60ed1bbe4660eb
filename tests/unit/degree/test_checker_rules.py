"""Every rule of docs/degree.md: placements that keep it are accepted, others refused by its name.

Each case has a programme's rules, the badges, placements that satisfy, others that do not, and what
is then objected.
"""

from typing import Any

import pytest
from checker_cases import AB, ANY, HALF, award, parts, said_of
from decision_records import Document, badge

OF_THE_AWARD = {
    "credits": ({}, AB, {"p": "main", "q": "main"}, {"p": "main"}, "X.credits"),
    "credit at a level": (
        *(award(min_at_level={"7": 20}), AB),
        *({"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.min_at_level.7"),
    ),
    "credit below a level": (
        *(award(max_below_level={"6": 10}), AB),
        *({"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.max_below_level.6"),
    ),
    "prior learning": (
        *(award(rpl_cap=10), AB),
        *({"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.rpl_cap"),
    ),
    "credit of another award": (
        *(award(reuse_cap=5), [*AB, badge("u", used_in="Y")]),
        *({"p": "main", "q": "main"}, {"p": "main", "u": "main"}, "X.reuse_cap"),
    ),
    "the day on which registration ends": (
        award(max_registration_years=1),
        [*AB, badge("in", activity_end="2024-08-31"), badge("out", activity_end="2024-09-01")],
        *({"p": "main", "in": "main"}, {"p": "main", "out": "main"}, "out may not count in main"),
    ),
    "at least credits": (
        award(at_least=[{"id": "own", "credits": 15, "where": {"rpl": False}}]),
        *(AB, {"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.at_least.own"),
    ),
    "at least badges": (
        award(at_least=[{"id": "own", "badges": 2, "where": {"rpl": False}}]),
        *(AB, {"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.at_least.own"),
    ),
    "at least a share": (
        award(at_least=[{"id": "own", "share": 0.34, "where": {"rpl": False}}]),
        *(
            AB,
            {"p": "main", "q": "main", "s": "main"},
            {"p": "main", "s": "main"},
            "X.at_least.own",
        ),
    ),
    "at most credits": (
        award(at_most=[{"id": "a", "credits": 10, "where": {"tag": "a"}}]),
        *(AB, {"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.at_most.a"),
    ),
    "at most badges": (
        award(at_most=[{"id": "a", "badges": 1, "where": {"tag": "a"}}]),
        *(AB, {"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.at_most.a"),
    ),
    "at most a share": (
        award(at_most=[{"id": "a", "share": 0.5, "where": {"tag": "a"}}]),
        *(AB, {"p": "main", "q": "main"}, {"p": "main", "s": "main"}, "X.at_most.a"),
    ),
}
OF_A_BUCKET = {
    "its minimum": (parts(), AB, {"p": "a", "q": "b"}, {"q": "b", "r": "b"}, "X.buckets.a"),
    "an award's own minimum": (
        *(parts(buckets={"a": 20, "b": 0}), AB),
        *({"s": "a"}, {"p": "a", "q": "b"}, "X.buckets.a does not hold: 100 is not at least 200"),
    ),
    "only listed buckets": (
        *(parts(buckets={"b": 0}), AB, {"p": "b", "q": "b"}, {"p": "a", "q": "b"}),
        "p may not count in a",
    ),
    "where": (parts(), AB, {"p": "a", "q": "b"}, {"q": "a", "p": "b"}, "q may not count in a"),
    "no prior learning": (
        parts(first={"rpl": False}),
        *(AB, {"p": "a", "q": "b"}, {"s": "a", "q": "b"}, "s may not count in a"),
    ),
    "a least number": (
        parts(first={"min_badges": 2}),
        *(AB, {"p": "a", "q": "b", "s": "a"}, {"s": "a", "q": "b"}, "X.buckets.a.min_badges"),
    ),
    "a greatest number": (
        parts(first={"max_badges": 1}),
        *(AB, {"p": "a", "q": "b"}, {"p": "a", "s": "a", "q": "b"}, "X.buckets.a.max_badges"),
    ),
    "most credits": (
        parts(first={"max_credits": 10}),
        *(AB, {"p": "a", "q": "b"}, {"s": "a", "q": "b"}, "X.buckets.a.max_credits"),
    ),
    "credits below a level": (
        parts(first={"max_below_level": {"6": 10}}),
        *(AB, {"p": "a", "q": "b"}, {"s": "a", "q": "b"}, "X.buckets.a.max_below_level.6"),
    ),
    "a lowest mark": (
        parts(first={"min_mark": 60}),
        [badge("p", tags=["a"], mark=60), badge("o", tags=["a"], mark=59.9), badge("q")],
        *({"p": "a", "q": "b"}, {"o": "a", "q": "b"}, "o may not count in a"),
    ),
    "a mark at all": (
        parts(first={"min_mark": 0}),
        [badge("p", tags=["a"], mark=0), badge("o", tags=["a"]), badge("q")],
        *({"p": "a", "q": "b"}, {"o": "a", "q": "b"}, "o may not count in a"),
    ),
    "at least": (
        parts(first={"at_least": [{"id": "long", "credits": 20, "where": ANY}]}),
        *(AB, {"s": "a", "q": "b"}, {"p": "a", "q": "b"}, "X.buckets.a.at_least.long"),
    ),
    "at most": (
        parts(first={"at_most": [{"id": "rpl", "share": 0.5, "where": {"rpl": True}}]}),
        *(AB, {"p": "a", "q": "b"}, {"p": "a", "s": "a", "q": "b"}, "X.buckets.a.at_most.rpl"),
    ),
    "a share of the bucket": (
        parts(first={"at_least": [{"id": "own", "share": 0.5, "where": {"rpl": False}}]}),
        *(AB, {"p": "a", "q": "b"}, {"p": "a", "s": "a", "q": "b"}, "X.buckets.a.at_least.own"),
    ),
    "what it asks only where it is required": (
        parts(first={"at_least": [HALF]}, requires="b"),
        *(AB, {"p": "a", "q": "b"}, {"p": "a", "s": "a"}, "X.buckets.b"),
    ),
    "mandatory though not required": (
        parts(first={"mandatory": True}, requires="b"),
        *(AB, {"p": "a", "q": "b"}, {"r": "b", "q": "b"}, "X.buckets.a does"),
    ),
}
NODES: Document = {
    "any_of": ["a", {"all_of": [{"badge": "B"}, {"choose": 2, "of": ["b", {"badge": "C"}, "c"]}]}]
}
TREE: Document = {
    "buckets": {
        "a": {"min": 10, "where": {"tag": "a"}, "at_least": [HALF]},
        "b": {"min": 10, "where": {"tag": "b"}},
        "c": {"min": 10, "where": ANY},
    }
} | award(requires={"all_of": ["c", NODES]}, credits=10)
LEAVES = [
    badge("a1", tags=["a", "t"]),
    badge("a2", 30, tags=["a"]),
    badge("b1", tags=["b"]),
    badge("b2", tags=["b"], code="B"),
    badge("c1", code="B"),
    badge("c2"),
]
NODE = "X.requires.all_of[1]"
OF_A_TREE = {
    "one way": (TREE, LEAVES, {"a1": "a", "c2": "c"}, {"c1": "c"}, NODE),
    "another way": (TREE, LEAVES, {"b2": "b", "c2": "c"}, {"b1": "b", "c2": "c"}, NODE),
    "a badge": (TREE, LEAVES, {"b1": "b", "c1": "c"}, {"b1": "b", "c2": "c"}, NODE),
    "what its bucket asks": (
        *(TREE, LEAVES, {"a1": "a", "c2": "c"}, {"a1": "a", "a2": "a", "c2": "c"}, NODE),
    ),
    "a bucket that is always required": (
        *(TREE, LEAVES, {"a1": "a", "c2": "c"}, {"a1": "a", "b1": "b"}, "X.buckets.c"),
    ),
    "a badge always": (
        award(requires={"all_of": ["main", {"badge": "B"}]}),
        *(LEAVES, {"c1": "main", "c2": "main"}, {"a1": "main", "c2": "main"}),
        "X.requires.all_of[1]",
    ),
    "some of several": (
        award(requires={"choose": 2, "of": [{"badge": "B"}, {"badge": "C"}, {"badge": "D"}]}),
        [badge("b", code="B"), badge("c", code="C"), badge("d", 20, code="D")],
        *({"b": "main", "d": "main"}, {"d": "main"}, "X.requires does not hold: 1 is not"),
    ),
}
SHARED = [badge("p", tags=["a"]), badge("q", tags=["a"]), badge("r")]
OF_SHARING = {
    "no sharing": (
        parts(credits=10),
        *(SHARED, {"p": "a", "q": "b"}, {"p": ["a", "b"]}, "p may not count in a and b"),
    ),
    "so many badges": (
        {"sharing": {"max_badges": 1}} | parts(),
        *(SHARED, {"p": ["a", "b"], "q": "b"}, {"p": ["a", "b"], "q": ["a", "b"]}),
        "sharing.max_badges",
    ),
    "so much credit": (
        {"sharing": {"max_badges": 2, "max_credits": 10}} | parts(),
        *(SHARED, {"p": ["a", "b"], "q": "b"}, {"p": ["a", "b"], "q": ["a", "b"]}),
        "sharing.max_credits",
    ),
    "counted once": (
        {"sharing": {"max_badges": 2}} | parts(),
        *(SHARED, {"p": ["a", "b"], "q": "b"}, {"p": ["a", "b"]}, "X.credits"),
    ),
    "between certain buckets": (
        {"sharing": {"max_badges": 1, "between": [["b", "a"]]}}
        | parts(buckets={"a": 10, "b": 10, "c": 0})
        | {"buckets": {name: {"min": 0, "where": ANY} for name in "abc"}},
        *(SHARED, {"p": ["a", "b"], "q": "c"}, {"p": ["a", "c"], "q": "b"}),
        "p may not count in a and c",
    ),
    "buckets in order": (
        {"sharing": {"max_badges": 1}} | parts(credits=10),
        *(SHARED, {"p": ["a", "b"]}, {"p": ["b", "a"]}, "p may not count in b and a"),
    ),
}
CASES = {**OF_THE_AWARD, **OF_A_BUCKET, **OF_A_TREE, **OF_SHARING}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_rule_that_is_kept_is_accepted_and_broken_is_named(case: Any) -> None:
    rules, badges, kept, broken, objection = case
    assert said_of(rules, badges, kept) == ""
    assert objection in said_of(rules, badges, broken)


def test_ects_credit_is_exactly_two_uk_credits() -> None:
    rules = {"credit_unit": "ects", "buckets": {"main": {"min": 0, "where": ANY}}}
    in_ects = badge("e", ects=5.25)
    del in_ects["credits"]
    badges = [badge("p", 10), in_ects]
    assert said_of(rules | award(credits=10.25), badges, {"p": "main", "e": "main"}) == ""
    heard = said_of(rules | award(credits=10.3), badges, {"p": "main", "e": "main"})
    assert "205 is not at least 206" in heard
