"""Somebody at a browser: opens pages and signs in by the form, cookies and tokens and all."""

import re
from dataclasses import dataclass

from flask import Flask

_SIGN_IN = "/account/sign-in"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser got; `text` is the HTML."""

    status: int
    text: str


class Visitor:
    """One browser, without a network between it and the program."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def get(self, path: str) -> Page:
        """A page."""
        answer = self._client.get(path, headers={"Accept": "text/html"})
        return Page(answer.status_code, answer.text)

    def sign_in(self, *, email: str, password: str) -> bool:
        """Whether the form let the visitor in."""
        token = _TOKEN.search(self.get(_SIGN_IN).text)
        form = {"csrf_token": token[1] if token else "", "email": email, "password": password}
        answer = self._client.post(_SIGN_IN, data=form, headers={"Accept": "text/html"})
        return answer.status_code in (302, 303)
