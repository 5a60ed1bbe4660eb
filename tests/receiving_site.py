"""The degree office alone as a site, without a table: what it shows a stranger it does not keep."""

import io
import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any

from applicant import PROGRAMME, Applicant
from badge_issuer import BadgeIssuer
from campus import NOW
from flask.testing import FlaskClient
from wallet_site import Elsewhere
from werkzeug.test import TestResponse

from service.app import create_app
from service.settings import Settings
from vc.documents import JsonObject

PAGE = "/degree/receiving/"
HEADERS = {"Accept": "text/html,*/*;q=0.8"}


class Reader:
    """Somebody at a receiving university, with a browser and no account."""

    def __init__(self, home: Path, applicant: Applicant, **parts: Any) -> None:
        settings = Settings(
            home=home,
            master_secret=bytes(32),
            secret_key="s" * 32,
            roles=frozenset({"degree"}),
        )
        self.clock = [NOW]
        outside = parts.pop("outside", Elsewhere(BadgeIssuer(applicant.campus)))
        app = create_app(settings, clock=lambda: self.clock[0], outside=outside, **parts)
        self.client: FlaskClient = app.test_client()

    def read(
        self,
        credentials: Sequence[JsonObject | str | bytes] = (),
        *,
        programme: str | bytes = PROGRAMME,
        records: bytes = b"",
        **fields: Any,
    ) -> TestResponse:
        """Fill in the form: a programme of one's own, credentials as files, or records."""
        data: dict[str, Any] = {"csrf_token": self._token(), **fields}
        if programme:
            data["programme"] = (io.BytesIO(_bytes(programme)), "our-ma.yaml")
        if records:
            data["records"] = (io.BytesIO(records), "records.json")
        data["files"] = [
            (io.BytesIO(_bytes(each)), f"badge-{number}.json")
            for number, each in enumerate(credentials, start=1)
        ]
        answer = self.client.post(PAGE, data=data, headers=HEADERS)
        # A large form waits in a file of the test client's, which nobody else closes.
        answer.request.environ["wsgi.input"].close()
        return answer

    def again(self, page: TestResponse, *trusting: str) -> TestResponse:
        """Tick these issuers on the page, and read it again."""
        data = {**carried(page), "csrf_token": self._token(), "trust": list(trusting)}
        return self.client.post(f"{PAGE}again", data=data, headers=HEADERS)

    def take(self, page: TestResponse, what: str, *, award: str = "PGDip") -> TestResponse:
        """Take the dossier along as page or pdf, or the record."""
        data = {**carried(page), "csrf_token": self._token(), "award": award, "take": what}
        return self.client.post(f"{PAGE}dossier", data=data, headers=HEADERS)

    def record(self, page: TestResponse) -> JsonObject:
        """The decision record of a page."""
        document: JsonObject = json.loads(self.take(page, "record").data)
        return document

    def _token(self) -> str:
        found = re.search('name="csrf_token" value="([^"]+)"', self.client.get(PAGE).text)
        assert found
        return found[1]


def carried(page: TestResponse) -> dict[str, str]:
    """What a page carries back."""
    found = re.search('name="reading" value="([^"]+)"', page.text)
    assert found, page.text
    return {"reading": found[1]}


def headline(page: TestResponse) -> str:
    """The sentence that is read first."""
    found = re.search("<h1>(.*?)</h1>", page.text, re.DOTALL)
    assert found
    return unescape(found[1])


def text(page: TestResponse) -> str:
    """The page without its tags."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.text)).split())


def _bytes(content: JsonObject | str | bytes) -> bytes:
    if isinstance(content, dict):
        return json.dumps(content).encode()
    return content.encode() if isinstance(content, str) else content
