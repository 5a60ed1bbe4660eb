"""The authorisation matrix: every route, who may use it, and that nobody else can.

A route that is not in the matrix fails the first test; so does one that is in it and gone.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.guard import ANYONE, PROGRAM, SIGNED_IN
from accounts.people import ROLES

_MATRIX: Final = Path(__file__).with_name("authorisation.txt")
_UNKNOWN: Final = "00000000000000000000000000000000"


def _matrix() -> dict[tuple[str, str], frozenset[str]]:
    matrix = {}
    for line in _MATRIX.read_text().splitlines():
        method, rest = line.split(" ", 1)
        rule, allowed = rest.rsplit(" ", 1)
        matrix[method, rule] = frozenset(allowed.split(","))
    return matrix


def _routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }


def _address(rule: str) -> str:
    """The rule with a value for each parameter that names nothing that exists."""
    rule = (
        rule.replace("<int:place>", "0")
        .replace("<int:old_size>", "1")
        .replace("<int:number>", "0")
        .replace("<any(png, svg):kind>", "svg")
    )
    return re.sub(r"<tenant>", "learnometer", re.sub(r"<(?!tenant)[^>]+>", _UNKNOWN, rule))


def _ask(client: FlaskClient, method: str, rule: str) -> TestResponse:
    return client.open(_address(rule), method=method, headers={"Accept": "application/json"})


def _is_refused(answer: TestResponse) -> bool:
    """Whether the guard turned the asker away, before any view ran."""
    problem = answer.get_json(silent=True) or {}
    return problem.get("title") in {"sign-in", "role", "undeclared"}


def test_every_route_is_in_the_matrix_and_the_matrix_names_no_other(app: Flask) -> None:
    assert _routes(app) == set(_matrix())


def test_nobody_reaches_only_what_is_for_anyone_and_for_programs(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for (method, rule), allowed in _matrix().items():
        open_to_all = bool(allowed & {ANYONE, PROGRAM})
        answer = _ask(app.test_client(), method, rule)
        assert _is_refused(answer) is not open_to_all, (method, rule, answer.status)
        assert answer.status_code < 500, (method, rule)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_reaches_what_it_may_and_nothing_else(
    app: Flask, role: str, sign_in: Callable[[FlaskClient, str], None]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for (method, rule), allowed in _matrix().items():
        client = app.test_client()
        sign_in(client, role)
        answer = _ask(client, method, rule)
        may = bool(allowed & {ANYONE, PROGRAM, SIGNED_IN, role})
        assert _is_refused(answer) is not may, (method, rule, answer.status)
        assert answer.status_code < 500, (method, rule)


def test_no_form_is_taken_without_its_token(app: Flask) -> None:
    for (method, rule), allowed in _matrix().items():
        if method != "POST" or PROGRAM in allowed:
            continue  # a program sends no cookie, so another site's form has nobody's authority
        answer = _ask(app.test_client(), method, rule)
        assert answer.status_code in {400, 401}, rule
        assert (answer.get_json(silent=True) or {}).get("title") in {"csrf", "sign-in"}, rule
