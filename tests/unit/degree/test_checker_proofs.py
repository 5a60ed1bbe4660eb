"""Proofs that no placing can do it: cuts, whole badges, trees of cases."""

from typing import Any

import pytest
from checker_cases import ANY, award
from checker_cases import said as objected
from decision_records import Document, badge, cut, cuts, decision, no, programme, yes

from degree.checker import digest, objections


def said(rules: Document, badges: list[Document], proof: Document, **wallet: Any) -> str:
    return objected(programme(**rules), badges, no(proof), **wallet)


TWO_BUCKETS = {
    "buckets": {
        "a": {"min": 20, "where": {"tag": "a"}},
        "b": {"min": 20, "where": {"tag": ["a", "b"]}},
    }
}
A, B = "awards.X.buckets.a", "awards.X.buckets.b"
SHORT = [badge("p", tags=["a"]), badge("q", tags=["a"]), badge("r", tags=["b"])]


def test_cut_shows_that_buckets_together_ask_for_more_than_there_is() -> None:
    assert said(TWO_BUCKETS, SHORT, cuts(400, 300, A, B)) == ""


@pytest.mark.parametrize(
    ("proof", "objection"),
    [
        (cuts(400, 310, A, B), "could_count: it is 300"),
        (cuts(390, 290, A, B), "needed: it is 400"),
        (cuts(200, 200, A), "it proves nothing: there can be 200, and 200 would do"),
        (cuts(200, 100, f"{A}.min_badges"), f"there is no row {A}.min_badges"),
        ({"cuts": [{**cut(600, 400, A, B), "rows": {A: 2, B: 1}}]}, "could_count: it is 500"),
        ({"cuts": [{**cut(600, 500, A, B), "rows": {A: 2, B: 1}}]}, ""),
        ({"cuts": [{**cut(0, 0), "rows": {}}]}, "it proves nothing: there can be 0, and 0"),
        ({"cuts": [{**cut(0, 0), "rows": {A: 0}}]}, "whole from 1 is expected"),
        ({"cuts": [{**cut(0, 0), "rows": {A: -1}}]}, "whole from 1 is expected"),
        ({"cuts": []}, "cuts: it is empty"),
        ({"cuts": [cut(400, 300, A, B), cut(200, 200, A)]}, "cuts[1]: it proves nothing"),
        ({"years": [1]}, "missed and not forgiven are []"),
    ],
)
def test_cut_is_worked_out_again(proof: Document, objection: str) -> None:
    heard = said(TWO_BUCKETS, SHORT, proof)
    assert (objection in heard) if objection else heard == ""


def test_award_that_is_satisfied_has_no_cut() -> None:
    rich = [*SHORT, badge("s", 10, tags=["b"])]
    assert "it proves nothing" in said(TWO_BUCKETS, rich, cuts(400, 300, A, B))


def test_limit_counts_against_what_asks() -> None:
    rules = award(max_below_level={"6": 10}, credits=30)
    badges = [badge("p"), badge("q", level=6), badge("r", level=6)]
    level = "awards.X.max_below_level.6"
    assert said(rules, badges, cuts(300, 200, "awards.X.credits", level)) == ""
    assert "there can be 300" in said(rules, badges, cuts(300, 200, "awards.X.credits"))


def test_one_badge_is_never_in_two_buckets() -> None:
    rules = {"buckets": {name: {"min": 10, "where": ANY} for name in "ab"}} | award(credits=0)
    assert said(rules, [badge("p")], cuts(200, 100, A, B)) == ""
    shared = rules | {"sharing": {"max_badges": 1}}
    assert "it proves nothing" in said(shared, [badge("p")], cuts(200, 100, A, B))
    shared = rules | {"sharing": {"max_badges": 1, "max_credits": 9}}
    rows = (A, B, "sharing.max_credits")
    assert said(shared, [badge("p")], cuts(200, 190, *rows)) == ""


WHOLE = {"buckets": {"a": {"min": 40, "where": ANY, "max_credits": 50}}} | award(credits=40)
THIRTIES = [badge("p", 30), badge("q", 30), badge("r", 30)]


def test_whole_badges_reach_a_sum_or_they_do_not() -> None:
    rows = (A, f"{A}.max_credits")
    assert "proves nothing" in said(WHOLE, THIRTIES, cuts(400, 500, *rows))
    assert said(WHOLE, THIRTIES, cuts(600, 300, *rows, whole=True)) == ""
    assert "needed: it is 600" in said(WHOLE, THIRTIES, cuts(400, 100, *rows, whole=True))
    mixed = [*THIRTIES, badge("s", 10)]
    assert "proves nothing" in said(WHOLE, mixed, cuts(600, 300, *rows, whole=True))


def test_whole_badges_cannot_make_what_all_together_do_not_reach() -> None:
    few = [badge("p", 30), badge("q", 3)]
    assert said(WHOLE, few, cuts(400, 330, A, whole=True)) == ""


def test_rows_with_choices_or_negative_parts_are_not_rounded() -> None:
    rules = award(at_least=[{"id": "t", "share": 0.5, "where": {"tag": "t"}}], credits=30)
    badges = [badge("p", 20, tags=["t"]), badge("q", 20), badge("r", 20)]
    rows = ("awards.X.credits", "awards.X.at_least.t")
    proof = {"cuts": [{**cut(400, 400), "rows": dict.fromkeys(rows, 1), "whole": True}]}
    assert "it proves nothing: there can be 400, and 400" in said(rules, badges, proof)


CHOICE = {
    "buckets": {
        "a": {"min": 20, "where": {"tag": "a"}},
        "b": {"min": 20, "where": {"tag": "b"}},
    }
} | award(requires={"any_of": ["a", "b"]}, credits=0)
ROOT = "awards.X.requires"


def test_choices_take_part_in_a_cut() -> None:
    badges = [badge("p", 5, tags=["a"]), badge("q", 5, tags=["b"])]
    proof = {"cuts": [{**cut(200, 100), "rows": {A: 1, B: 1, ROOT: 200}}]}
    assert said(CHOICE, badges, proof) == ""
    short = {"cuts": [{**cut(1, 1), "rows": {A: 1, B: 1, ROOT: 1}}]}
    assert "it proves nothing" in said(CHOICE, badges, short)


def split(low: Document, high: Document, **by: Any) -> Document:
    by = {"in": by.pop("within"), **by} if "within" in by else by
    return {"split": by, "low": low, "high": high}


def leaf(needed: int, could_count: int, **rows: int) -> Document:
    return {"cut": {**cut(needed, could_count), "rows": rows}}


def tree(root: Document, *conflict: str) -> Document:
    return {"tree": root, "conflict": list(conflict)}


HALVES = [badge("p", 5, tags=["a"]), badge("q", 5, tags=["b"])]


def test_tree_closes_each_case_by_a_cut() -> None:
    low = leaf(200, 50, **{B: 1, ROOT: 200, "split 1": 200})
    high = leaf(200, 50, **{A: 1, "split 1": 200})
    assert said(CHOICE, HALVES, tree(split(low, high, choice=A), A, B, ROOT)) == ""


ODD = {"buckets": {"a": {"min": 10, "where": ANY, "max_badges": 1}}} | award(credits=20)
PAIR = [badge("p", 10), badge("q", 10)]
CREDITS, MOST = "awards.X.credits", f"{A}.max_badges"
BY_RECORDS = split(
    leaf(200, 100, **{CREDITS: 1, "split 1": 100}),
    leaf(2, 1, **{MOST: 1, "split 1": 1}),
    records=["p", "q"],
    within=["a"],
    at_most=1,
)


def test_tree_splits_by_how_many_records_are_in_a_bucket() -> None:
    assert said(ODD, PAIR, tree(BY_RECORDS, MOST, CREDITS)) == ""


def test_tree_splits_by_how_many_records_count_at_all() -> None:
    anywhere = with_(BY_RECORDS, split={"records": ["p", "q"], "in": [], "at_most": 1})
    assert said(ODD, PAIR, tree(anywhere, MOST, CREDITS)) == ""


def with_(root: Document, **changes: Any) -> Document:
    return {**root, **changes}


@pytest.mark.parametrize(
    ("root", "conflict", "objection"),
    [
        (BY_RECORDS, [CREDITS], "conflict: it is"),
        (BY_RECORDS, [CREDITS, MOST], "conflict: it is"),
        (BY_RECORDS, [MOST, CREDITS, "split 1"], "conflict: it is"),
        (with_(BY_RECORDS, high=BY_RECORDS["low"]), [CREDITS], "tree.high.cut: it proves nothing"),
        (with_(BY_RECORDS, low=BY_RECORDS["high"]), [MOST], "tree.low.cut: it proves nothing"),
        ({k: v for k, v in BY_RECORDS.items() if k != "low"}, [MOST, CREDITS], "low is missing"),
        (leaf(200, 100, **{CREDITS: 1, "split 1": 100}), [CREDITS], "no row split 1"),
        (split(BY_RECORDS, BY_RECORDS, choice=A), [MOST, CREDITS], "there is no choice"),
        (
            with_(BY_RECORDS, split={"records": ["p", "p"], "in": ["a"], "at_most": 1}),
            *([MOST, CREDITS], "split: 'p' stands twice"),
        ),
        (
            with_(BY_RECORDS, split={"records": ["p", "z"], "in": ["a"], "at_most": 1}),
            *([MOST, CREDITS], "z may not count in a"),
        ),
        (
            with_(BY_RECORDS, split={"records": ["p", "q"], "in": ["b"], "at_most": 1}),
            *([MOST, CREDITS], "p may not count in b"),
        ),
        (
            with_(BY_RECORDS, split={"records": ["p", "z"], "in": [], "at_most": 1}),
            *([MOST, CREDITS], "z may not count in anything"),
        ),
        (
            with_(BY_RECORDS, split={"records": ["p", "q"], "in": [], "at_most": 0}),
            *([MOST, CREDITS], "tree.low.cut.could_count: it is 0"),
        ),
        (
            with_(BY_RECORDS, split={"records": ["p", "q"], "in": ["a"], "at_most": -1}),
            *([MOST, CREDITS], "whole from 0 is expected"),
        ),
        (
            with_(BY_RECORDS, split={"records": ["p", "q"], "in": ["a"], "at_most": 0}),
            *([MOST, CREDITS], "tree.low.cut.could_count: it is 0"),
        ),
    ],
)
def test_tree_that_does_not_close_is_refused(root: Document, conflict: Any, objection: str) -> None:
    assert objection in said(ODD, PAIR, tree(root, *conflict))


def test_tree_of_many_levels_is_read_without_recursion() -> None:
    """A chain of needless splits: the depth is what matters here."""
    root = leaf(400, 300, **{A: 1, B: 1})
    for _ in range(580):
        root = split(root, leaf(400, 300, **{A: 1, B: 1}), records=["p"], within=["a"], at_most=0)
    assert said(TWO_BUCKETS, SHORT, tree(root, A, B)) == ""
    assert digest({"tree": [root, root]}).startswith("sha256:")
    for _ in range(20):
        root = split(root, leaf(400, 300, **{A: 1, B: 1}), records=["p"], within=["a"], at_most=0)
    assert "nested more than 600 levels deep" in said(TWO_BUCKETS, SHORT, tree(root, A, B))


def test_badge_that_could_not_be_checked_counts_against_a_no() -> None:
    open_ = [badge("p"), badge("q", status="unknown")]
    assert "it proves nothing" in said({}, open_, cuts(200, 100, "awards.X.credits"))
    assert "q may not count" in "\n".join(
        objections(decision(programme(), open_, yes(p="main", q="main")))
    )


def test_attestation_is_a_row_of_its_own_when_it_is_denied() -> None:
    rules = award(requires={"all_of": ["main", {"attested": "viva"}]})
    rules |= {"attestations": {"viva": {"says": "Passed.", "by": "examiner"}}}
    proof = cuts(1, 0, "awards.X.requires.all_of[1]")
    denied = {"attestations": {"viva": {"value": "no", "by": "E", "on": "2026-10-01"}}}
    assert said(rules, PAIR, proof, **denied) == ""
    assert "there is no row" in said(rules, PAIR, proof)


def test_two_rules_of_one_name_are_refused() -> None:
    bound = {"id": "t", "credits": 10, "where": ANY}
    heard = said(award(at_least=[bound, bound]), [], cuts(200, 0, "awards.X.credits"))
    assert "two rules have the name awards.X.at_least.t" in heard


def test_cut_that_stands_twice_is_refused() -> None:
    """Else a small record could keep whoever checks it busy for hours."""
    proof = {"cuts": [leaf(200, 100, **{"awards.X.credits": 1})["cut"]] * 2}
    assert "stands twice" in said(award(credits=20), [badge("r", 10)], proof)
