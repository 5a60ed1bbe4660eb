"""The university as the office meets it: an issuer that signs what it is asked to (VC-API)."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus

from openid4vc.exchange import Answer, Http
from vc.documents import JsonObject, parse
from vc.errors import Forbidden, Malformed, Unavailable


@dataclass(frozen=True, slots=True)
class University:
    """The issuer at `url` (its OpenID4VCI credential issuer id), with the office's token there."""

    http: Http
    url: str
    did: str
    name: str
    token: str = field(repr=False)

    def issue(self, credential: JsonObject) -> None:
        """Have a credential signed and kept; the same id again changes nothing.

        Raises Forbidden when the university will not sign it now, and Unavailable when it does
        not answer or fails.
        """
        body = {"credential": credential, "options": {}}
        answer = self._post("credentials/issue", body)
        # The id is a UUID of ours: what exists under it was signed when an answer got lost.
        if answer.status == HTTPStatus.CONFLICT:
            return
        if answer.status == HTTPStatus.FORBIDDEN:
            raise Forbidden("university", f"The university does not sign it. {_said(answer)}")
        signed = _document(answer, expected=HTTPStatus.CREATED).get("verifiableCredential")
        if not isinstance(signed, dict) or signed.get("id") != credential["id"]:
            sentence = "The university answered with another credential than was asked for."
            raise Unavailable("university", sentence)

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
        return self.http.send(
            "POST",
            f"{self.url}/{path}",
            headers={
                "authorization": f"Bearer {self.token}",
                "content-type": "application/json",
                "accept": "application/json",
            },
            body=json.dumps(body, ensure_ascii=False).encode(),
        )


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
        return parse(answer.body)
    except Malformed:
        return {}
