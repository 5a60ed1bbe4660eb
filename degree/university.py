"""The university as the office meets it: an issuer that signs what it is asked to (VC-API)."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from openid4vc.exchange import Answer, Http
from vc.documents import LARGEST_RECORD, JsonObject, parse
from vc.errors import Forbidden, Malformed, Unavailable

_LARGEST_ANSWER: Final = LARGEST_RECORD + 4_096  # bytes: the largest credential, and what is around


@dataclass(frozen=True, slots=True)
class University:
    """The issuer at `url` (its OpenID4VCI credential issuer id), with the office's token there."""

    http: Http
    url: str
    did: str
    name: str
    token: str = field(repr=False)

    def issue(self, credential: JsonObject) -> JsonObject:
        """Have a credential signed and kept; the same id again gives what was signed before.

        Raises Forbidden when the university will not sign it now, and Unavailable when it does
        not answer or fails.
        """
        body = {"credential": credential, "options": {}}
        answer = self._post("credentials/issue", body)
        # The id is a UUID of ours: what exists under it was signed when an answer got lost.
        if answer.status == HTTPStatus.CONFLICT:
            answer = self._send("GET", f"credentials/{quote(credential['id'], safe='')}")
            return _signed(answer, credential["id"], expected=HTTPStatus.OK)
        if answer.status == HTTPStatus.FORBIDDEN:
            raise Forbidden("university", f"The university does not sign it. {_said(answer)}")
        return _signed(answer, credential["id"], expected=HTTPStatus.CREATED)

    def revoke(self, credential_id: str) -> None:
        """Have a credential revoked for good; once more changes nothing, nor does one never signed.

        Raises Unavailable.
        """
        answer = self._post(
            "credentials/status",
            {
                "credentialId": credential_id,
                "credentialStatus": {
                    "type": "BitstringStatusListEntry",
                    "statusPurpose": "revocation",
                },
                "status": True,
            },
        )
        if answer.status not in (HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND):
            _document(answer, expected=HTTPStatus.OK)

    def offer(self, credential_id: str) -> str:
        """A fresh offer of a signed credential to its holder: an openid-credential-offer address.

        Raises Unavailable.
        """
        answer = self._post("offers", {"credentialId": credential_id})
        uri = _document(answer, expected=HTTPStatus.CREATED).get("credential_offer_uri")
        if not isinstance(uri, str):
            raise Unavailable("university", "The university made no offer.")
        return uri

    def _post(self, path: str, body: JsonObject) -> Answer:
        return self._send("POST", path, body=json.dumps(body, ensure_ascii=False).encode())

    def _send(self, method: str, path: str, *, body: bytes = b"") -> Answer:
        headers = {"authorization": f"Bearer {self.token}", "accept": "application/json"}
        if body:
            headers["content-type"] = "application/json"
        return self.http.send(method, f"{self.url}/{path}", headers=headers, body=body)


def _signed(answer: Answer, credential_id: str, *, expected: HTTPStatus) -> JsonObject:
    signed = _document(answer, expected=expected).get("verifiableCredential")
    if not isinstance(signed, dict) or signed.get("id") != credential_id:
        sentence = "The university answered with another credential than was asked for."
        raise Unavailable("university", sentence)
    return signed


def _document(answer: Answer, *, expected: HTTPStatus) -> JsonObject:
    if answer.status != expected:
        sentence = f"The university did not do it (HTTP status {answer.status}). {_said(answer)}"
        raise Unavailable("university", sentence.strip())
    return _parsed(answer)


def _said(answer: Answer) -> str:
    """The reason that the university gave, cut to a sentence or two."""
    return str(_parsed(answer).get("detail", ""))[:250]


def _parsed(answer: Answer) -> JsonObject:
    try:
        return parse(answer.body, largest=_LARGEST_ANSWER)
    except Malformed:
        return {}
