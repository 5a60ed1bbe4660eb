"""Every component of the design, rendered as the roles' pages use it."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template
from jinja2 import ChoiceLoader, FileSystemLoader

from service.medallion import medallion

CHECKS = [
    SimpleNamespace(name="Structure", outcome="pass", sentence="It is an Open Badge 3.0."),
    SimpleNamespace(name="Signature", outcome="fail", sentence="It was changed."),
    SimpleNamespace(name="Status", outcome="unknown", sentence="The list was not reached."),
]


@pytest.fixture
def page(app: Flask) -> str:
    templates = FileSystemLoader(str(Path(__file__).parent / "templates"))
    app.jinja_loader = ChoiceLoader([app.jinja_loader, templates])  # type: ignore[list-item, assignment]
    with app.test_request_context("/styleguide"):
        return render_template("styleguide.html", checks=CHECKS)


def test_every_state_is_said_in_a_word_and_not_by_colour_alone(page: str) -> None:
    verdicts = ("Verified", "Verified, with a warning", "Not valid", "Could not be checked")
    states = ("Passed", "Failed", "Not known", "Met", "Still needed", "Not decided yet")
    for word in verdicts + states:
        assert re.search(rf">\s*{word}\s*<", page), word


def test_a_verdict_that_is_not_known_here_is_never_shown_as_verified(app: Flask) -> None:
    with app.test_request_context("/"):
        pill = app.jinja_env.from_string(
            '{% from "components.html" import verdict_pill %}{{ verdict_pill("surely") }}'
        ).render()
    assert "Could not be checked" in pill


def test_components_use_nothing_that_the_content_policy_forbids(page: str) -> None:
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", page)


def test_every_field_has_a_label_and_every_hint_belongs_to_its_field(page: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    fields = re.findall(r'<(?:input|textarea) id="([^"]+)"', page)
    assert fields
    assert all(f'<label for="{name}"' in page for name in fields)
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(described.split()) <= ids


def test_headings_do_not_skip_a_level(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    first = levels.index(1)
    steps = zip(levels[first:], levels[first + 1 :], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_a_medallion_is_drawn_alike_for_the_same_seed_and_differs_between_seeds() -> None:
    assert medallion("A", "7", "x") == medallion("A", "7", "x")
    assert len({medallion("A", "7", f"seed {number}") for number in range(200)}) > 190


def test_a_name_cannot_leave_the_picture_it_labels() -> None:
    drawn = medallion('"><script>alert(1)</script>', '"><b>', "x")
    assert "<script" not in drawn
    assert "<b>" not in drawn
