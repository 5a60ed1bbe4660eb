"""The pieces of an audit as they stand on a page."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from wallets import decided, programme, record

import degree
import service
from degree.rules.exact import CreditUnit, amount_in, number_in
from degree.rules.records import Record
from degree.statement import Statement, stated


@pytest.fixture(scope="module")
def environment() -> Environment:
    homes = [Path(each.__path__[0]) / "templates" for each in (degree, service)]
    made = Environment(
        loader=FileSystemLoader(homes), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.filters["number_in"] = lambda amount, unit: number_in(CreditUnit(unit), amount)
    made.filters["amount_in"] = lambda amount, unit: amount_in(CreditUnit(unit), amount)
    made.filters["day"] = str
    return made


def shown(environment: Environment, macro: str, statement: Statement) -> str:
    source = '{% from "degree/parts.html" import ' + macro + " %}{{ " + macro + "(statement) }}"
    html = environment.from_string(source).render(statement=statement)
    return re.sub(r"\s+", " ", html)


def audit(records: list[Record], credits_: int = 20, **clauses: object) -> Statement:
    rules = programme(
        awards=[{"id": "X", "title": "Diploma", "credits": credits_}],
        buckets={"essay": {"min": 0, "where": {"tag": "a"}}},
        **clauses,
    )
    return stated(decided(rules, records), rules)


ONE_JUDGE = {"distinct": {"validators": {"max_share_each": 0.5}}}


def test_the_bar_of_an_award_that_is_not_earned_is_never_green(environment: Environment) -> None:
    enough = [record("x", 25, tags="a")]
    earned = shown(environment, "awards_tried", audit(enough))
    assert "progress-full" in earned
    refused = shown(environment, "awards_tried", audit(enough, **ONE_JUDGE))
    assert "progress-full" not in refused
    assert "25 of 20 credits · but not every rule is kept" in refused


def test_a_share_that_is_too_big_shows_the_badges_behind_it(environment: Environment) -> None:
    page = shown(environment, "awards_in_detail", audit([record("x", 25, tags="a")], **ONE_JUDGE))
    broken = page[page.index("requirement-broken") :]
    assert "Not kept" in broken
    assert '<span class="filling-name">X</span>' in broken


def test_a_badge_shows_its_mark_and_what_asks_for_nothing_says_so(environment: Environment) -> None:
    failed = record("y", 5, tags="a", mark=485)
    page = shown(environment, "awards_in_detail", audit([failed], pass_mark=50))
    assert "level 7 · 2024-03-28 · mark 48.5" in page
    assert "Its mark of 48.5 is below the pass mark of 50." in page
    assert "0 credits; none is asked" in page
