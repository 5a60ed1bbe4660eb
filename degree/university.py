"""The university as the office meets it: an issuer that signs what it is asked to (VC-API)."""

import json
from dataclasses import dataclass, field
from typing import Any

from openid4vc.exchange import Answer, Http
from vc.documents import JsonObject, parse
from vc.errors import Malformed, Unavailable


@dataclass(frozen=True, slots=True)
class University:
    """The issuer at `url` (its OpenID4VCI credential issuer id), with the office's token there."""

    http: Http
    url: str
    did: str
    name: str
    token: str = field(repr=False)

    def issue(self, credential: JsonObject) -> JsonObject:
        """The signed credential. The same id again gives the credential that was signed before.

        Raises Unavailable when the university does not answer or refuses.
        """
        body = {"credential": credential, "options": {}}
        answer = self._post("credentials/issue", body, expected=(200, 201))
        signed = answer.get("verifiableCredential", answer)
        if not isinstance(signed, dict) or signed.get("id") != credential["id"]:
            sentence = "The university answered with another credential than was asked for."
            raise Unavailable("university", sentence)
        return signed

    def offer(self, credential_id: str) -> str:
        """A fresh offer of a signed credential to its holder: an openid-credential-offer address.

        Raises Unavailable.
        """
        answer = self._post("offers", {"credentialId": credential_id}, expected=(200, 201))
        uri = answer.get("credential_offer_uri")
        if not isinstance(uri, str):
            raise Unavailable("university", "The university made no offer.")
        return uri

    def _post(self, path: str, body: JsonObject, *, expected: tuple[int, ...]) -> dict[str, Any]:
        answer = self.http.send(
            "POST",
            f"{self.url}/{path}",
            headers={
                "authorization": f"Bearer {self.token}",
                "content-type": "application/json",
                "accept": "application/json",
            },
            body=json.dumps(body, ensure_ascii=False).encode(),
        )
        document = _document(answer)
        if answer.status not in expected:
            said = document.get("detail") or document.get("title") or ""
            sentence = f"The university did not do it (HTTP status {answer.status}). {said}".strip()
            raise Unavailable("university", sentence[:300])
        return document


def _document(answer: Answer) -> JsonObject:
    try:
        return parse(answer.body)
    except Malformed:
        return {}
