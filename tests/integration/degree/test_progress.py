"""The member's progress page: as of today, with what-if and the shortest way on."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from degree_campus import Browser, Campus, badge
from markupsafe import escape as markup
from village import NOW

from degree.rules.planning import plan
from degree.rules.records_json import read_records
from degree.rules.saying_plans import heading, how_sure, step_amount
from service.database import connect
from service.migrations.tables import TABLES
from vc.documents import JsonObject

PAGE = "/degree/progress"
HOSTILE = '"><script>alert(1)</script>'
# Of the badges of a Postgraduate Certificate the member has not shown this one.
MISSING = ("part:reflective_practice", "10")


def hostile(holder: str) -> JsonObject:
    """A badge without credit whose names would be markup, if anybody let them."""
    made = badge(holder, 2)
    achievement = made["credentialSubject"]["achievement"]
    context = {
        **achievement["alignment"][0],
        "targetFramework": "Learnometer contexts",
        "targetCode": HOSTILE,
        "targetName": HOSTILE,
    }
    achievement |= {"name": f"{HOSTILE}\u202e", "alignment": [*achievement["alignment"], context]}
    made["credentialSubject"]["creditsEarned"] = 0.1
    return {**made, "name": f"{HOSTILE}\u202e"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("progress")


@pytest.fixture(scope="module")
def campus(home: Path) -> Iterator[Campus]:
    """A member who has shown most badges of a certificate; no test changes what is kept."""
    database = connect(f"sqlite:///{home / 'campus.sqlite'}")
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)
    campus = Campus(database, home)
    holder = campus.fill_wallet(campus.member)
    campus.take(campus.member, hostile(holder))
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    goes_on = campus.present(campus.member, uri, without="Study 0")
    campus.browser(campus.member).get(goes_on)
    yield campus
    database.close()


@pytest.fixture(scope="module")
def database(home: Path, campus: Campus) -> Iterator[sqlite3.Connection]:
    """A look at all that is kept."""
    with closing(sqlite3.connect(home / "campus.sqlite")) as connection:
        yield connection


@pytest.fixture(scope="module")
def member(campus: Campus) -> Browser:
    return campus.browser(campus.member)


def supposing(*badges: tuple[str, str], **more: str) -> str:
    """The address that supposes badges, each for a part and with so many credits."""
    fields = dict(more)
    for number, (what, credits_) in enumerate(badges, 1):
        fields |= {f"what{number}": what, f"credits{number}": credits_}
    return f"{PAGE}?{urlencode(fields)}"


def test_the_page_says_what_counts_what_is_missing_and_the_shortest_way(member: Browser) -> None:
    page = member.get(PAGE).text
    assert "No award is earned yet." in page
    assert "10 more credits earn the Postgraduate Certificate." in page
    assert "Study 1" in page
    assert "would be earned" not in page


def test_the_page_and_the_command_plan_the_same_and_say_how_sure_it_is(
    campus: Campus, member: Browser
) -> None:
    (case,) = campus.degree.registry.cases()
    (applied,) = campus.degree.catalogue.versions("lm-msc")
    held = read_records(case.application.records)
    mixed = replace(held, records=held.records[::-1])
    found = plan(applied.programme, mixed, "PGCert", today=NOW.date())
    page = unescape(member.get(PAGE).text)
    assert heading(found) in page
    for step in found.steps:
        assert step_amount(step) in page
    for sentence in how_sure(found):
        assert sentence in page


def test_supposed_badges_show_what_would_be_beside_what_is(member: Browser) -> None:
    page = member.get(supposing(MISSING)).text
    assert "No award is earned yet." in page
    assert "The Postgraduate Certificate would be earned." in page
    assert "Hypothetical" in page


def test_the_shortest_way_is_supposed_by_one_link_and_taken_back_by_another(
    member: Browser,
) -> None:
    one, whole = re.findall(rf'href="({PAGE}\?[^"#]+)', member.get(PAGE).text)
    assert one == whole
    supposed = member.get(unescape(whole)).text
    assert "The Postgraduate Certificate would be earned." in supposed
    assert f'href="{PAGE}#what-if"' in supposed


def option(page: str, words: str) -> str:
    """The value of the option of the form that says this."""
    found = re.search(rf'<option value="([^"]+)"[^>]*>{re.escape(words)}', page)
    assert found, words
    return unescape(found[1])


def test_a_revocation_can_be_supposed_and_takes_the_award_with_it(member: Browser) -> None:
    lost = option(member.get(PAGE).text, "Study 1 (5)")
    page = member.get(supposing(MISSING, without=lost)).text
    assert "No award would be earned yet." in page


def test_what_would_still_be_missing_is_said(member: Browser) -> None:
    page = member.get(supposing(("part:reflective_practice", "4"))).text
    assert "Then still needed for the Postgraduate Certificate, at the least" in page
    assert "earn at least 6 more." in page


def test_what_is_supposed_is_kept_nowhere(
    database: sqlite3.Connection, campus: Campus, member: Browser
) -> None:
    before = list(database.iterdump())
    assert any("degree_decision" in line for line in before)
    assert "would be earned" in member.get(supposing(MISSING)).text
    assert list(database.iterdump()) == before
    (case,) = campus.degree.registry.cases()
    assert case.decision.earned is None


def test_the_audit_of_the_office_leads_to_the_page_and_supposes_nothing(
    campus: Campus, member: Browser
) -> None:
    (case,) = campus.degree.registry.cases()
    audit = f"/degree/audits/{case.decision.id}"
    page = member.get(f"{audit}?{supposing(MISSING).partition('?')[2]}").text
    assert "would be earned" not in page
    assert "10 more credits earn the Postgraduate Certificate." in page
    assert f'href="{PAGE}' in page
    assert "supposed" not in member.get(f"{audit}.json").text


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"what1": HOSTILE, "credits1": "5"}, "Badge 1: what was chosen is not on offer."),
        ({"what1": f"part:{HOSTILE}", "credits1": "5"}, "Badge 1: the programme has no part"),
        ({"what1": "part:electives", "credits1": HOSTILE}, "Badge 1: from 0 to 1000 credits"),
        ({"what1": "part:electives", "credits1": "-1"}, "Badge 1: from 0 to 1000 credits"),
        ({"what1": "part:electives", "credits1": "0.01"}, "Badge 1: from 0 to 1000 credits"),
        ({"what1": "part:electives", "credits1": "1e400"}, "Badge 1: from 0 to 1000 credits"),
        ({"what1": "part:electives", "credits1": "NaN"}, "Badge 1: from 0 to 1000 credits"),
        ({"what1": "part:electives"}, "Badge 1: say how many credits it would have."),
        ({"what9": "part:electives"}, "This page knows no field “what9”"),
        ({"credits1": "5", "level1": "99"}, "Badge 1: a level from 1 to 8"),
        ({"credits1": "5", "level1": HOSTILE}, "Badge 1: a level from 1 to 8"),
        ({"credits1": "5", "role1": "owner"}, "Badge 1: one of the two roles"),
        ({"credits1": "5", "mark1": "101"}, "Badge 1: a mark from 0 to 100"),
        ({"credits1": "5", "rpl1": "no"}, "Badge 1: yes or nothing"),
        ({"without": HOSTILE}, "None of your badges has this address."),
        ({"without": "x" * 500}, "Choose the badge to do without from the list."),
        ({"award": HOSTILE}, "The programme has no award"),
        ({"award": "x" * 100}, "Choose the award to plan for from the list."),
        ({"plan": "MSc"}, "This page knows no field “plan”"),
        ({HOSTILE: "1"}, f"This page knows no field “{HOSTILE}”"),
    ],
)
def test_what_cannot_be_supposed_is_named_on_the_page_in_words_and_escaped(
    member: Browser, fields: dict[str, str], named: str
) -> None:
    answer = member.get(f"{PAGE}?{urlencode(fields)}")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert named in unescape(answer.text)
    assert not any(f"({field})" in answer.text for field in fields)
    assert "10 more credits earn the Postgraduate Certificate." in answer.text


def test_names_in_badges_are_text_wherever_they_are_shown(member: Browser) -> None:
    page = member.get(PAGE).text
    assert HOSTILE in unescape(page)
    lost = option(page, str(markup(f"{HOSTILE}\ufffd (0.1)")))
    for address in (PAGE, supposing(MISSING, without=lost, context1=HOSTILE)):
        text = member.get(address).text
        assert "<script>alert" not in text
        assert 'aria-label="Take back: ">' not in text
        assert "\u202e" not in text  # which would turn the rest of its line
    assert f"Take back: {HOSTILE}\ufffd revoked" in unescape(text)


def test_a_field_that_stands_twice_in_the_address_is_named(member: Browser) -> None:
    answer = member.get(f"{PAGE}?award=MSc&award=PGDip")
    assert answer.status_code == 400
    assert "more than once" in answer.text


def test_an_unknown_context_is_shown_as_text(member: Browser) -> None:
    answer = member.get(f"{PAGE}?{urlencode({'credits1': '5', 'context1': HOSTILE})}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_the_address_of_the_page_goes_without_the_empty_fields_of_the_form(
    member: Browser,
) -> None:
    answer = member.get(f"{PAGE}?what1=&credits1=5&without=&award=MSc")
    assert answer.status_code == 303
    assert answer.location == f"{PAGE}?credits1=5&award=MSc"


def test_the_page_is_for_those_who_are_signed_in_and_shows_each_their_own(campus: Campus) -> None:
    stranger = campus.program.app.test_client().get(PAGE, headers={"Accept": "text/html"})
    assert stranger.status_code != 200
    assert "Study" not in stranger.text
    other = campus.browser(campus.other).get(supposing(MISSING)).text
    assert "No audit yet" in other
    assert "Study" not in other
