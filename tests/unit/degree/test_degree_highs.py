"""The two independent judges agree: trying all placings, and whole number programming."""

import pytest
from degree_families import bare_wallet
from degree_hand import badge, bucket, programme
from degree_highs import can_be_earned, judged_by_highs
from degree_instances import Instance, instance, planted
from degree_oracle import best_of
from degree_realistic import MSC, programme_as_json, realistic
from degree_sketch import TODAY


def agree(case: Instance) -> bool:
    found = best_of(case.programmes, case.wallet, case.today)
    return found == judged_by_highs(case.programmes, case.wallet, case.today)


@pytest.mark.parametrize("seed", range(200))
def test_judges_agree(seed: int) -> None:
    assert agree(instance(seed))


@pytest.mark.exhaustive
@pytest.mark.parametrize("hundred", range(2, 60))
def test_judges_agree_on_thousands(hundred: int) -> None:
    assert [
        seed for seed in range(100 * hundred, 100 * hundred + 100) if not agree(instance(seed))
    ] == []


def test_award_is_asked_for_by_name() -> None:
    classes = [{"id": "first", "mean": 70}, {"id": "second", "mean": 60}]
    rules = programme(
        20,
        {"a": bucket("a"), "b": bucket("b")},
        award={"requires": {"all_of": ["a", {"attested": "viva"}]}},
        attestations={"viva": {"says": "It was passed.", "by": "external examiner"}},
        classification={"rpl_marks": "included", "classes": classes},
        concessions={"allowed": ["reduce"]},
    )
    reduced = {"path": "awards.MSc.credits", "to": 10, "date": "2026-01-01"}
    wallet = bare_wallet([badge("x", tags=["a"], mark=65)])
    wallet["concessions"] = [{"id": "c1", "action": "reduce", **reduced}]
    for pending in (False, True):
        for conceded in (False, True):
            for class_, reached in ((None, True), ("first", False), ("second", True)):
                earned = can_be_earned(
                    rules, wallet, "MSc", class_=class_, today=TODAY,
                    pending=pending, concessions=conceded,
                )  # fmt: skip
                assert earned is (pending and conceded and reached)


def test_one_placing_is_judged_by_itself() -> None:
    rules = programme(
        10,
        {"a": bucket("a"), "b": bucket("b", max_badges=1)},
        award={"buckets": {"a": 10, "b": 0}},
        sharing={"max_badges": 1},
    )
    wallet = bare_wallet([badge("x", tags=["a", "b"]), badge("y", tags=["b"])])

    def kept(placings: dict[str, list[str]]) -> bool:
        return can_be_earned(rules, wallet, "MSc", today=TODAY, placings=placings)

    assert kept({"x": ["a"]})
    assert kept({"x": ["a"], "y": ["b"]})
    assert kept({"x": ["b", "a"]})
    assert not kept({"x": ["b"]})  # the other bucket stays empty
    assert not kept({"x": ["a", "b"], "y": ["b"]})  # one bucket holds too many
    assert not kept({"x": ["a"], "y": ["a"]})  # the bucket does not take it
    assert not kept({"x": ["a"], "z": ["b"]})  # there is no such badge
    assert not kept({})


@pytest.mark.parametrize("seed", range(5))
def test_planted_award_can_be_earned(seed: int) -> None:
    case = planted(60, 20, 0.9, seed)
    assert can_be_earned(case.programme, case.wallet, "MSc", today=case.today)


def test_realistic_wallets_say_yes_and_no() -> None:
    rules = programme_as_json(MSC)
    answers = [judged_by_highs([rules], realistic(60, seed), TODAY).award for seed in range(12)]
    assert None in answers or "PGCert" in answers
    assert "MSc" in answers
