"""Remarks on programmes are true: of every badge, and of every decision."""

import json
import random
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from degree_instances import instance
from hypothesis import given, settings
from hypothesis import strategies as st
from programme_files import filters
from small_programme import AWARD, small
from wallets import TODAY

from degree.rules.deciding import verdict
from degree.rules.explain import Answer
from degree.rules.filters import Where
from degree.rules.grammar import programme_from_json
from degree.rules.linting import Code
from degree.rules.linting.binding import never_binding
from degree.rules.linting.demands import Demands
from degree.rules.linting.ladder import never_conferred
from degree.rules.linting.meaning import meaning_of, takes_nothing, within
from degree.rules.linting.reach import out_of_reach
from degree.rules.programme import Award, Programme
from degree.rules.records import Action, Concession, Record, Role, Status
from degree.rules.records_json import wallet_from_json
from vc.errors import Malformed


@st.composite
def records(draw: st.DrawFn) -> Record:
    def some(*values: str) -> frozenset[str]:
        return draw(st.frozensets(st.sampled_from(values), max_size=2))

    words = ("a", "ethics", "Étude", "did:web:a")
    return Record(
        id="r",
        title="r",
        issuer=draw(st.sampled_from(words)),
        credits_tenths=10,
        level=draw(st.integers(0, 8)),
        activity_start=TODAY,
        activity_end=TODAY,
        issued=TODAY,
        status=Status.VALID,
        role=draw(st.sampled_from(Role)),
        rpl=draw(st.booleans()),
        code=draw(st.sampled_from(words)),
        kind=draw(st.sampled_from(words)),
        circle=draw(st.sampled_from(words)),
        tags=some(*words),
        contexts=some(*words),
        mark=draw(st.none() | st.integers(0, 1000)),
    )


def where(written_: dict[str, Any]) -> Where:
    facts = small(buckets__b={"min": 1, "where": written_}, awards=[{**AWARD, "buckets": {"b": 1}}])
    return (
        programme_from_json(json.loads(json.dumps(facts, default=str)))
        .awards[0]
        .parts[0]
        .bucket.where
    )


@given(filters(), filters(), st.lists(records(), min_size=8, max_size=8))
@settings(max_examples=40, deadline=None)
def test_what_is_said_of_filters_holds_for_every_badge(
    first: dict[str, Any], second: dict[str, Any], badges: list[Record]
) -> None:
    one, other = where(first), where(second)
    this, that = meaning_of(one), meaning_of(other)
    if takes_nothing(this, that):
        assert not any(one.takes(badge) and other.takes(badge) for badge in badges)
    if within(this, other=that):
        assert all(other.takes(badge) for badge in badges if one.takes(badge))


def test_filter_of_very_many_cases_is_said_nothing_of() -> None:
    pairs = tuple(
        Where(any_of=(Where(tags=frozenset({f"a{n}"})), Where(tags=frozenset({f"b{n}"}))))
        for n in range(40)
    )
    assert not takes_nothing(meaning_of(*pairs), meaning_of(Where(level=7)))


def scaled(document: Any, dice: random.Random) -> Any:
    """The programme with some amounts halved or doubled, and filters given to other buckets."""
    document = deepcopy(document)

    def scale(place: Any) -> None:
        for step in list(place) if isinstance(place, dict) else range(len(place)):
            value = place[step]
            if isinstance(value, dict | list):
                scale(value)
            elif step in ("credits", "max_credits", "rpl_cap", "min") and dice.random() < 0.2:
                place[step] = round(value * dice.choice([0, 0.5, 1.5, 2]), 1)

    for clause in ("awards", "buckets"):
        scale(document[clause])
    buckets = list(document["buckets"].values())
    for bucket in buckets:
        if dice.random() < 0.2:
            bucket["where"] = deepcopy(dice.choice(buckets)["where"])
    document["awards"].sort(key=lambda each: -each["credits"])
    return document


def answers(programme: Programme, wallet: Any, *granted: Concession) -> dict[str, Answer]:
    found = verdict(programme, wallet, granted, today=TODAY)
    return {each.award: each.answer for each in found.awards}


def without(award_: Award, path: str) -> Concession:
    """A concession that takes just this rule away."""
    parts = {part.path for part in award_.parts}
    action = Action.REDUCE if path in parts else Action.WAIVE
    to = Fraction(0) if path in parts else None
    return Concession(id="c", action=action, granted=date(2020, 1, 1), path=path, to=to)


def programmes_of(seed: int) -> tuple[list[Programme], Any]:
    drawn = instance(seed)
    found = []
    for document in drawn.programmes:
        for made in (document, scaled(document, random.Random(seed))):
            try:
                found.append(programme_from_json(made))
            except Malformed:
                continue  # scaling asked for less of a mandatory bucket
    return found, wallet_from_json(drawn.wallet)


@pytest.mark.parametrize("seed", range(30))
def test_remarks_are_true_of_every_decision(seed: int) -> None:
    programmes, wallet = programmes_of(seed)
    for programme in programmes:
        found = answers(programme, wallet)
        for award_ in programme.awards:
            demands = Demands(programme, award_)
            if any(each.code is Code.NEVER_SATISFIED for each in out_of_reach(demands)):
                assert found.get(award_.id) is not Answer.SATISFIED
                continue
            for remark in never_binding(demands):
                again = answers(programme, wallet, without(award_, remark.path))
                assert again.get(award_.id) is found.get(award_.id), remark
        for remark in never_conferred(programme):
            assert found.get(remark.path.removeprefix("awards.")) is not Answer.SATISFIED
