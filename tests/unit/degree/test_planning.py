"""The shortest way to an award: never more than is needed, and enough when it is earned."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import pytest
from wallets import ISSUER, TODAY, learnometer_msc, programme, record, wallet

from degree.rules.bench import Bench
from degree.rules.deciding import decide
from degree.rules.exact import CreditUnit
from degree.rules.explain import Answer
from degree.rules.planning import Plan, next_above, plan
from degree.rules.programme import Dimension, Programme
from degree.rules.records import Attestation, Record, Role, Status, Wallet, Word
from degree.rules.records_json import wallet_from_json
from degree.rules.saying_plans import besides, heading, how_sure, plan_in_words, step_in_words
from vc.errors import Missing

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"


def award(buckets: dict[str, float], credits_: float, **more: Any) -> list[dict[str, Any]]:
    return [{"id": "X", "title": "X", "credits": credits_, "buckets": buckets, **more}]


def by_tag(*names: str, **more: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: {"min": 0, "where": {"tag": name}, **more.get(name, {})} for name in names}


def planned(rules: Programme, records: list[Record], **changes: Any) -> Plan:
    return plan(rules, wallet(records, **changes), rules.awards[0].id, today=TODAY)


def is_earned(rules: Programme, held: Wallet, badges: tuple[Record, ...]) -> bool:
    whole = replace(held, records=(*held.records, *badges))
    decision = decide([rules], whole, today=TODAY)
    assert decision.hypothetical is bool(badges)
    return decision.outcome.earned is not None


def amounts(found: Plan) -> dict[tuple[str, ...], int]:
    return {step.buckets: step.tenths for step in found.steps}


def said(found: Plan) -> str:
    return " ".join(plan_in_words(found))


def test_what_is_missing_in_each_bucket_is_planned_and_proved_to_be_the_least() -> None:
    rules = programme(awards=award({"a": 3, "b": 2}, 6), buckets=by_tag("a", "b"))
    held = [record("one", 1, tags=("a",)), record("two", 1.5, tags=("b",))]
    found = planned(rules, held)
    assert (found.at_least, found.tenths) == (35, 35)
    assert sum(amounts(found).values()) == 35
    assert is_earned(rules, wallet(held), found.badges)


def test_prior_learning_over_its_cap_does_not_shorten_the_way() -> None:
    rules = programme(awards=award({"a": 0}, 6, rpl_cap=2), buckets=by_tag("a"))
    held = [record(name, 2, tags=("a",), rpl=True) for name in ("one", "two", "three")]
    found = planned(rules, held)
    assert (found.at_least, found.tenths) == (40, 40)
    assert not any(badge.rpl for badge in found.badges)


def test_whole_badges_are_planned_around_where_split_ones_would_need_less() -> None:
    """Of two badges of 3 credits of prior learning one fits under the cap of 5."""
    rules = programme(awards=award({"a": 0}, 10, rpl_cap=5), buckets=by_tag("a"))
    held = [record(name, 3, tags=("a",), rpl=True) for name in ("one", "two")]
    assert (planned(rules, held).at_least, planned(rules, held).tenths) == (70, 70)


@pytest.mark.parametrize("seed", range(30))
def test_the_plan_asks_for_just_as_much_as_the_certificate_of_the_no(seed: int) -> None:
    """Each cut of the proof says by how much it falls short: together that is the least to earn,
    where no badge fits two buckets; where some do, it is at least as much."""
    dice = random.Random(f"certificate {seed}")
    names = ("a", "b", "c")
    needs = {name: dice.randint(1, 4) for name in names}
    rules = programme(awards=award(needs, 0), buckets=by_tag(*names))
    overlapping = bool(seed % 2)
    held = [
        record(f"r{number}", dice.choice((0.5, 1, 1.5)), tags=dice.sample(names, 1 + overlapping))
        for number in range(dice.randint(0, 4))
    ]
    (answer,) = decide([rules], wallet(held), today=TODAY).outcome.awards
    assert answer.proof is not None
    certified = sum(cut.short for cut in answer.proof.cuts)
    found = planned(rules, held)
    if overlapping:
        assert found.at_least == found.tenths >= certified > 0
    else:
        assert found.at_least == found.tenths == certified


OLD, NEW = "did:web:old.example", "did:web:new.example"
DATED: dict[str, Any] = {
    "trust_lists": {"ours": [{"issuer": OLD, "until": date(2026, 1, 1)}]},
    "evidence_gate": {
        "issuer_in": "trust_list@ours",
        "status": ["proof_valid", "not_revoked"],
        "endorsements": {"min": 2},
    },
}


def test_a_badge_is_planned_only_as_the_programme_takes_it() -> None:
    """By an issuer that is trusted today, of the kind, level and role that the bucket asks for."""
    where = {"kind": "Course", "level": 8, "role": "co_provider", "tag": "a"}
    trusted = [*DATED["trust_lists"]["ours"], {"issuer": NEW, "from": date(2026, 2, 1)}]
    rules = programme(
        awards=award({"a": 2}, 2),
        buckets={"a": {"min": 0, "where": where, "rpl": False}},
        **DATED | {"trust_lists": {"ours": trusted}},
    )
    (badge,) = planned(rules, []).badges
    assert (badge.issuer, badge.kind, badge.level) == (NEW, "Course", 8)
    assert (badge.role, badge.tags, badge.rpl) == (Role.CO_PROVIDER, {"a"}, False)
    assert len(badge.judges) == 2


def test_nothing_is_planned_where_nobody_is_trusted_any_more() -> None:
    rules = programme(awards=award({"a": 2}, 2), buckets=by_tag("a"), **DATED)
    assert said(planned(rules, [])) == (
        "No new badge can lead to the X: the programme trusts nobody's badges any more."
    )


def test_nothing_is_planned_for_an_award_that_is_earned() -> None:
    rules = programme(awards=award({"a": 1}, 1), buckets=by_tag("a"))
    found = planned(rules, [record("one", 1, tags=("a",))])
    assert (found.found, found.steps, found.at_least) == (True, (), 0)
    assert said(found) == "Nothing is missing for the X."


def test_an_award_that_the_programme_does_not_have_is_named() -> None:
    rules = programme(awards=award({"a": 1}, 1), buckets=by_tag("a"))
    with pytest.raises(Missing, match="no award 'Y'; it has X"):
        plan(rules, wallet([]), "Y", today=TODAY)


def test_the_shortest_way_is_said_in_one_sentence() -> None:
    found = plan(learnometer_msc(), _on_the_way(), "MSc", today=TODAY)
    assert said(found) == (
        "The shortest way to the Master of Science: at least 160 credits: 20 must be in research "
        "methods at level 7, 60 in capstone at level 7, 20 in co-provision at level 7, 20 in "
        "reflective practice and 10 in ethics and inclusion; 30 at level 7 may be anything. They "
        "must bring at least 1 more context with 15 credits, "
        "2 more circles and 4 more judges. The board must forgive registration year 1, which no "
        "badge can make good."
    )


def test_credits_are_told_in_the_unit_of_the_programme() -> None:
    rules = programme(awards=award({"a": 3}, 3), buckets=by_tag("a"))
    found = planned(rules, [])
    assert plan_in_words(found, CreditUnit.ECTS) == (
        "The shortest way to the X: at least 1.5 ECTS credits in a.",
    )
    assert heading(found) == "3 more credits earn the X."
    assert heading(found, CreditUnit.ECTS) == "1.5 more ECTS credits earn the X."
    assert step_in_words(found.steps[0], CreditUnit.ECTS) == "1.5 ECTS credits in a"


def test_only_what_must_be_in_a_part_is_asked_for_there() -> None:
    """Reflective practice of 20 credits would do in place of the 15 of anything: it need not be."""
    held = wallet_from_json(json.loads((EXAMPLES / "on-the-way.json").read_bytes()))
    found = plan(learnometer_msc(), held, "PGDip", today=TODAY)
    assert said(found).startswith(
        "The shortest way to the Postgraduate Diploma: at least 30 credits: 5 must be in "
        "research methods at level 7, 5 in reflective practice and 5 in ethics and inclusion; "
        "15 may be anything."
    )
    for step in found.steps:
        assert step.is_open or step.must == step.tenths == 50


@pytest.mark.parametrize(
    "missing", ["reflective_practice", "ethics_and_inclusion", "research_methods"]
)
def test_with_half_a_credit_less_where_it_must_be_and_more_of_anything_no_award_is_earned(
    missing: str,
) -> None:
    held = wallet_from_json(json.loads((EXAMPLES / "on-the-way.json").read_bytes()))
    rules = learnometer_msc()
    found = plan(rules, held, "PGDip", today=TODAY)
    for less, answer in ((0, Answer.SATISFIED), (5, Answer.NOT_SATISFIED)):
        change = {(missing,): -less, ("electives",): less}
        badges = tuple(
            replace(badge, credits_tenths=badge.credits_tenths + change.get(step.buckets, 0))
            for step in found.steps
            for badge in step.badges
        )
        whole = replace(held, records=(*held.records, *badges))
        bench = Bench(rules, whole, (), TODAY)
        assert bench.answer(rules.awards[1]).answer is answer


def test_a_level_is_asked_for_only_where_a_lower_one_fails() -> None:
    buckets = by_tag("a", "b", b={"where": {"tag": "b", "level": 6}})
    floored = award({"a": 2, "b": 2}, 4, min_at_level={7: 2})
    found = planned(programme(awards=floored, buckets=buckets), [record("one", 2, tags=("a",))])
    assert [(step.buckets, step.level) for step in found.steps] == [(("b",), 6)]
    found = planned(programme(awards=floored, buckets=buckets), [])
    levels = {step.buckets: step.level for step in found.steps}
    assert levels == {("a",): None, ("b",): 7}


def test_it_is_said_what_of_a_plan_is_proved_and_what_is_open() -> None:
    rules = programme(awards=award({"a": 2, "b": 2}, 6), buckets=by_tag("a", "b"))
    first, *others = how_sure(planned(rules, []))
    assert first.startswith("It is proved that less than 6 credits will not do:")
    assert any(each.startswith("What must be in a part is proved too") for each in others)
    assert any(each.startswith("It is open whether another part would do") for each in others)
    assert not any("level" in each for each in others)


def test_where_less_was_neither_found_nor_excluded_it_is_said_to_be_open() -> None:
    found = planned(programme(awards=award({"a": 6}, 6), buckets=by_tag("a")), [])
    for at_least, first in (
        (0, "It is open whether less than 6 credits would do: neither a way nor a proof"),
        (50, "It is proved that less than 5 credits will not do. It is open whether less than 6"),
    ):
        assert how_sure(replace(found, at_least=at_least))[0].startswith(first)


def test_what_may_be_anything_is_one_amount_with_the_levels_that_parts_of_it_need() -> None:
    floored = award({"any": 4}, 4, min_at_level={7: 1})
    rules = programme(awards=floored, buckets={"any": {"min": 0, "where": {"any": True}}})
    assert ": 4 may be anything, 1 of them at level 7." in said(planned(rules, []))


def test_the_same_badges_have_the_same_plan_in_whatever_order_they_were_listed() -> None:
    held = wallet_from_json(json.loads((EXAMPLES / "on-the-way.json").read_bytes()))
    found = plan(learnometer_msc(), held, "MSc", today=TODAY)
    dice = random.Random("order")
    for _ in range(3):
        mixed = replace(held, records=tuple(dice.sample(held.records, len(held.records))))
        assert plan(learnometer_msc(), mixed, "MSc", today=TODAY) == found


def test_why_more_is_asked_for_than_the_parts_lack_is_said() -> None:
    """The judge of all badges may stand behind 2 of 4 credits: 2 more are needed, not 1."""
    held = [
        record("one", 2, tags=("a",), judges=("x",)),
        record("two", 1, tags=("a",), judges=("x",)),
    ]
    free, limited = (
        programme(awards=award({"a": 4}, 4), buckets=by_tag("a"), **more)
        for more in ({}, {"distinct": {"validators": {"max_share_each": 0.5}}})
    )
    assert (planned(free, held).tenths, planned(free, held).limits) == (10, ())
    found = planned(limited, held)
    assert found.tenths == 20
    assert heading(found) == (
        "2 more credits earn the X. That is more than its parts lack, because no judge may have "
        "endorsed more than 50 % of the credit."
    )
    assert heading(found).partition(". ")[2] in said(found)


def test_the_least_is_proved_where_a_share_makes_the_numbers_of_the_proof_uneven() -> None:
    """Its multipliers lie a million apart; rounded to seven digits they prove 11.9 credits."""
    dice = random.Random(10)
    any_ = {"any": {"min": 0, "where": {"any": True}}}
    rules = programme(
        awards=award({"a": 10, "any": 45}, 60),
        buckets=by_tag("a") | any_,
        distinct={"validators": {"max_share_each": 0.34}},
    )
    held = [
        record(
            f"r{number}",
            dice.choice((2.5, 5, 5, 10)),
            tags=dice.choice(((), ("a",))),
            judges=tuple(dice.sample("uvwxyz", 2)),
        )
        for number in range(dice.randint(11, 16))
    ]
    found = planned(rules, held)
    assert (found.at_least, found.tenths) == (125, 125)


def test_a_cap_that_makes_the_way_longer_is_named() -> None:
    rules = programme(awards=award({"a": 0}, 6, rpl_cap=2), buckets=by_tag("a"))
    held = [record(name, 2, tags=("a",), rpl=True) for name in ("one", "two", "three")]
    assert "because “Prior learning” limits what counts." in heading(planned(rules, held))


def test_what_may_stand_in_either_of_two_parts_is_not_said_to_be_needed_in_one() -> None:
    rules = programme(awards=award({"a": 2, "b": 2}, 6), buckets=by_tag("a", "b"))
    found = planned(rules, [])
    assert sum(step.must for step in found.steps) == 40
    assert "(2 of them must be)" in said(found)
    assert any("of which 2 must be there" in step_in_words(step) for step in found.steps)


def _on_the_way() -> Wallet:
    """One badge of 20 credits, and a year that was missed."""
    one = record("one", 20, contexts=frozenset({"ke"}), activity_end=date(2025, 12, 1))
    return wallet([one], registered=date(2025, 9, 1))


def test_new_contexts_that_the_award_lacks_are_brought_and_said() -> None:
    rules = programme(
        awards=award({"a": 0}, 5),
        buckets=by_tag("a"),
        distinct={"contexts": {"at_least": 3, "min_credits_each": 2}},
    )
    held = [record("one", 4, tags=("a",), contexts=frozenset({"ke"}))]
    found = planned(rules, held)
    assert (found.at_least, found.tenths) == (20, 20)
    (lack,) = found.lacks
    assert (lack.dimension, lack.labels, lack.credits_each) == (Dimension.CONTEXTS, 2, 20)
    assert "at least 2 more contexts with 2 credits" in said(found)


def test_a_context_that_nearly_counts_is_filled_up_before_a_new_one() -> None:
    rules = programme(
        awards=award({"a": 0}, 5),
        buckets=by_tag("a"),
        distinct={"contexts": {"at_least": 2, "min_credits_each": 2}},
    )
    held = [
        record("one", 5, tags=("a",), contexts=frozenset({"ke"})),
        record("two", 1.5, tags=("a",), contexts=frozenset({"uk"})),
    ]
    found = planned(rules, held)
    assert (found.at_least, found.tenths) == (5, 5)
    assert found.badges[0].contexts == {"uk"}


def test_each_kind_of_badge_needs_credit_of_its_own() -> None:
    rules = programme(
        awards=award({"a": 0}, 5),
        buckets=by_tag("a"),
        distinct={"kinds": {"at_least": 3, "min_credits_each": 2}},
    )
    found = planned(rules, [record("one", 5, tags=("a",), kind="Course")])
    assert (found.at_least, found.tenths) == (40, 40)
    assert len({badge.kind for badge in found.badges}) == 2


def test_a_bucket_that_has_room_for_one_badge_more_gets_one() -> None:
    buckets = by_tag("a", a={"max_badges": 2})
    rules = programme(awards=award({"a": 6}, 6), buckets=buckets)
    found = planned(rules, [record(name, 1, tags=("a",)) for name in ("one", "two", "three")])
    assert (found.at_least, found.tenths, len(found.badges)) == (50, 50, 1)


def test_as_many_badges_as_a_bucket_asks_for_are_planned_without_more_credit() -> None:
    buckets = by_tag("a", a={"min_badges": 3})
    rules = programme(awards=award({"a": 2}, 2), buckets=buckets)
    found = planned(rules, [record("one", 1, tags=("a",))])
    assert (found.at_least, found.tenths, len(found.badges)) == (10, 10, 2)
    assert step_in_words(found.steps[0]) == "1 credit in a, in 2 badges"


def test_a_badge_with_a_needed_code_is_planned_by_its_code() -> None:
    rules = programme(
        awards=award({"a": 1}, 1, requires={"all_of": ["a", {"badge": "RM-101"}]}),
        buckets=by_tag("a"),
    )
    found = planned(rules, [record("one", 1, tags=("a",))])
    assert (found.found, found.tenths, found.badges[0].code) == (True, 0, "RM-101")
    assert "a badge with the code RM-101 in a" in said(found)
    assert heading(found) == "For the X no more credit is needed, only:"


def test_a_word_that_nobody_gave_is_asked_for_and_one_that_is_not_needed_is_not() -> None:
    rules = programme(
        awards=award({"a": 1}, 1, requires={"all_of": ["a", {"attested": "viva"}]}),
        buckets=by_tag("a"),
        attestations={
            "viva": {"says": "It was passed.", "by": "an examiner"},
            "ethics": {"says": "It was agreed.", "by": "a board"},
        },
    )
    found = planned(rules, [record("one", 0.5, tags=("a",))])
    assert (found.tenths, found.words) == (5, ("viva",))
    no = {"viva": Attestation(value=Word.NO, by="E. Examiner", on=TODAY)}
    assert planned(rules, [], attestations=no).barred is not None


def test_a_badge_whose_status_is_unknown_is_left_out_and_said_to_be() -> None:
    rules = programme(awards=award({"a": 2}, 2), buckets=by_tag("a"))
    found = planned(rules, [record("one", 1, tags=("a",), status=Status.UNKNOWN)])
    assert (found.tenths, found.unsure) == (20, ("one",))
    assert "One badge is left out" in said(found)


def test_missed_years_cannot_be_planned_away() -> None:
    obligations = {
        "every": "registration_year",
        "joined": {"at_least": 1, "of": "activity", "validated": True},
        "co_provided": {"at_least": 0, "of": "activity", "validated": True},
        "misses": {"concession": "none"},
        "awards": ["X"],
    }
    rules = programme(awards=award({"a": 1}, 1), buckets=by_tag("a"), obligations=obligations)
    found = planned(rules, [], registered=date(2024, 1, 1))
    assert found.barred is not None
    assert found.barred.years == (1, 2)
    assert said(found) == (
        "No new badge can lead to the X: too many registration years were missed, 1 and 2."
    )
    assert (heading(found), besides(found)) == (said(found), ())


def test_nothing_is_planned_after_the_time_of_registration() -> None:
    rules = programme(awards=award({"a": 1}, 1, max_registration_years=2), buckets=by_tag("a"))
    found = planned(rules, [], registered=date(2024, 1, 1))
    assert found.barred is not None
    assert "ended on 2025-12-31" in said(found)


def test_rules_that_no_badge_can_keep_are_named() -> None:
    buckets = by_tag("a", a={"max_credits": 1})
    rules = programme(awards=award({"a": 2}, 1), buckets=buckets)
    found = planned(rules, [])
    assert found.barred is not None
    assert found.barred.rules == ("awards.X.buckets.a", "awards.X.buckets.a.max_credits")
    assert "“A” and “Most credit in a” cannot be kept together" in said(found)


def test_amounts_that_half_credits_cannot_make_are_planned_in_tenths() -> None:
    buckets = by_tag("a", a={"max_credits": 1.2})
    rules = programme(awards=award({"a": 1.2}, 1.2), buckets=buckets)
    assert (planned(rules, []).at_least, planned(rules, []).tenths) == (12, 12)


def test_marks_that_no_member_can_count_on_shorten_the_proof_and_not_the_plan() -> None:
    """A failed badge is condoned when the mean is kept: by 1 credit with 100, or by 4 with 50."""
    rules = programme(
        awards=award({"a": 2}, 2),
        buckets=by_tag("a"),
        pass_mark=50,
        condonement={"max_credits": 2, "mark_floor": 40, "mean_at_least": 50},
    )
    held = [record("one", 1, tags=("a",), mark=400), record("two", 1, tags=("a",), mark=500)]
    found = planned(rules, held)
    assert found.at_least < found.tenths == 10
    assert {badge.mark for badge in found.badges} == {500}
    assert said(found).startswith("At least 0.2 credits are needed; 1 are enough for the X")
    assert heading(found) == (
        "1 more credit earns the X. That is more than its parts lack, because “Mean with condoned "
        "badges” limits what counts. No less than 0.2 credits can be enough."
    )


def test_the_award_to_plan_for_is_the_one_above_the_earned() -> None:
    rules = programme(
        awards=[
            {"id": id_, "credits": credits_, "buckets": {"a": 0}}
            for id_, credits_ in (("high", 9), ("middle", 6), ("low", 3))
        ],
        buckets=by_tag("a"),
    )
    for held, above in ((1, "low"), (3, "middle"), (6, "high"), (9, None)):
        decision = decide([rules], wallet([record("one", held, tags=("a",))]), today=TODAY)
        assert next_above(decision.outcome) == above


# Small cases, in which every way of one or two badges is tried.

SIZES = (5, 10, 15, 20, 25, 30)


def small(seed: int) -> tuple[Programme, list[Record]]:
    """A programme of two buckets with some of the rules that matter, and a few badges."""
    dice = random.Random(f"plan {seed}")
    buckets = by_tag("a", "b")
    for bucket in buckets.values():
        if dice.random() < 0.3:
            bucket["max_badges"] = dice.choice((1, 2))
        if dice.random() < 0.3:
            bucket["max_credits"] = dice.choice((3, 4))
        if dice.random() < 0.2:
            bucket["rpl"] = False
        if dice.random() < 0.3:
            bucket["max_below_level"] = {6: 1}
    more: dict[str, Any] = {}
    if dice.random() < 0.5:
        more["min_at_level"] = {7: dice.choice((2, 3))}
    if dice.random() < 0.5:
        more["rpl_cap"] = dice.choice((1, 1.5))
    distinct: dict[str, Any] = {}
    if dice.random() < 0.5:
        distinct["contexts"] = {"at_least": 2, "min_credits_each": dice.choice((0.5, 1))}
    held = [
        record(
            f"held{number}",
            dice.choice((0.5, 1, 1.5, 2)),
            tags=dice.choice((("a",), ("b",), ("a", "b"))),
            level=dice.choice((6, 7)),
            rpl=dice.random() < 0.3,
            contexts=frozenset({dice.choice(("ke", "uk"))}),
        )
        for number in range(dice.randint(1, 4))
    ]
    needs = {"a": dice.choice((1, 2)), "b": dice.choice((0, 1, 2))}
    rules = programme(
        awards=award(needs, dice.choice((3, 4, 5)), **more),
        buckets=buckets,
        **({"distinct": distinct} if distinct else {}),
    )
    return rules, held


def ways() -> Iterator[tuple[Record, ...]]:
    """One or two new badges, those with the least credit first."""
    new = [
        record(f"new {size} {tags} {'+'.join(contexts)}", size / 10, tags=tags, hypothetical=True)
        for size in SIZES
        for tags in (("a",), ("b",))
        for contexts in (("ke", "uk"),)
    ]
    new = [
        replace(each, contexts=frozenset({"ke", "uk"}), activity_end=TODAY, issued=TODAY)
        for each in new
    ]
    pairs = [(one,) for one in new]
    pairs += [
        (one, replace(two, id=f"{two.id} again"))
        for one, two in combinations_with_replacement(new, 2)
    ]
    yield from sorted(pairs, key=lambda way: sum(each.credits_tenths for each in way))


@pytest.mark.parametrize("seed", range(40))
def test_no_way_that_is_tried_is_shorter_than_the_shortest(seed: int) -> None:
    rules, held = small(seed)
    found = planned(rules, held)
    if is_earned(rules, wallet(held), ()):
        assert (found.at_least, found.tenths, found.found) == (0, 0, True)
        return
    best = next((way for way in ways() if is_earned(rules, wallet(held), way)), None)
    if best is None:
        assert not found.found or found.tenths > 2 * SIZES[-1] or len(found.badges) > 2
        return
    least = sum(each.credits_tenths for each in best)
    assert found.at_least == found.tenths == least
    assert is_earned(rules, wallet(held), found.badges)


@pytest.mark.parametrize("seed", range(12))
def test_one_badge_more_never_makes_the_way_longer(seed: int) -> None:
    rules, held = small(seed)
    before = planned(rules, held[:-1])
    after = planned(rules, held)
    assert after.at_least <= before.at_least or before.barred is not None
    assert after.found or not before.found


def test_the_way_through_real_rules_is_enough_and_shortens_with_each_badge_of_it() -> None:
    rules, held = learnometer_msc(), replace(_on_the_way(), registered=date(2026, 9, 1))
    found = plan(rules, held, "MSc", today=TODAY)
    assert found.at_least == found.tenths
    with_them = replace(held, records=(*held.records, *found.badges))
    bench = Bench(rules, with_them, (), TODAY)
    assert bench.answer(rules.awards[0]).answer is Answer.SATISFIED
    one, *_ = found.badges
    shorter = plan(rules, replace(held, records=(*held.records, one)), "MSc", today=TODAY)
    assert shorter.at_least == found.at_least - one.credits_tenths


@pytest.mark.parametrize(("credits_", "each", "labels"), [(1, 5.2, 1), (1, 20, 1), (10, 20, 2)])
def test_credit_that_only_variety_asks_for_is_planned(
    credits_: float, each: float, labels: int
) -> None:
    rules = programme(
        awards=[{"id": "X", "credits": credits_}],
        buckets={"a": {"min": 0, "where": {"any": True}}},
        distinct={"contexts": {"at_least": labels, "min_credits_each": each}},
    )
    found = planned(rules, [])
    assert found.barred is None
    assert found.at_least == each * 10


def test_a_share_of_much_that_is_held_is_brought_about_by_as_much_again() -> None:
    old = "did:web:old.example"
    rules = programme(
        awards=[
            {
                "id": "X",
                "credits": 10,
                "buckets": {"a": 0, "o": 10},
                "at_most": [{"id": "half", "share": 0.5, "where": {"issuer": old}}],
            }
        ],
        buckets={
            "a": {"min": 0, "where": {"any": True}},
            "o": {"min": 10, "where": {"issuer": old}},
        },
        trust_lists={"ours": [ISSUER, {"issuer": old, "until": "2024-12-31"}]},
    )
    found = planned(rules, [record("big", 200, issuer=old)])
    assert (found.barred, found.tenths) == (None, 2000)
