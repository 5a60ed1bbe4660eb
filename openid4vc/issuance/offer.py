"""Credential offers (OpenID4VCI 1.0, section 4) with the pre-authorized code grant."""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from openid4vc.exchange import Http, read_form, read_json, text_of, web_url
from vc.documents import JsonObject, parse
from vc.errors import Malformed

PRE_AUTHORIZED: Final = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
SCHEME: Final = "openid-credential-offer"
LONGEST_OFFER: Final = 8_192  # characters; a QR code holds fewer than 3,000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An issuer's offer. The code lets whoever holds it fetch: it is a secret until used.

    `transaction_code` is the hint of section 4.1.1 when a second code, sent another way, is
    needed; None when it is not.
    """

    credential_issuer: str
    configuration_ids: tuple[str, ...]
    pre_authorized_code: str
    transaction_code: JsonObject | None = None

    def document(self) -> JsonObject:
        """The offer as JSON."""
        grant: dict[str, Any] = {"pre-authorized_code": self.pre_authorized_code}
        if self.transaction_code is not None:
            grant["tx_code"] = self.transaction_code
        return {
            "credential_issuer": self.credential_issuer,
            "credential_configuration_ids": list(self.configuration_ids),
            "grants": {PRE_AUTHORIZED: grant},
        }

    def __repr__(self) -> str:
        return f"Offer({self.credential_issuer!r}, {self.configuration_ids!r}, code=...)"


def offer_by_value(offer: Offer) -> str:
    """The URI that carries the whole offer."""
    query = {"credential_offer": json.dumps(offer.document(), separators=(",", ":"))}
    return f"{SCHEME}://?{urlencode(query)}"


def read_offer_uri(uri: str, *, http: Http) -> Offer:
    """The offer in or behind an openid-credential-offer URI. Raises Malformed, Unavailable."""
    if len(uri) > LONGEST_OFFER or not uri.startswith(f"{SCHEME}:"):
        raise Malformed("offer", f"This is not an {SCHEME} address.")
    fields = read_form(uri.partition("?")[2])
    if set(fields) == {"credential_offer"}:
        return read_offer(parse(fields["credential_offer"]))
    if set(fields) == {"credential_offer_uri"}:
        url = web_url(fields["credential_offer_uri"], place="credential_offer_uri")
        answer = http.send("GET", url, headers={"accept": "application/json"})
        return read_offer(read_json(answer, source="The address of the offer"))
    raise Malformed("offer", "The address holds neither one offer nor the address of one.")


def read_offer(document: JsonObject) -> Offer:
    """An offer parsed. Raises Malformed; an offer without a pre-authorized code is refused."""
    ids = document.get("credential_configuration_ids")
    if not isinstance(ids, list) or not ids or not all(isinstance(entry, str) for entry in ids):
        place = "/credential_configuration_ids"
        raise Malformed("offer", "The offer does not say what it offers.", place=place)
    grants = document.get("grants")
    grant = grants.get(PRE_AUTHORIZED) if isinstance(grants, dict) else None
    if not isinstance(grant, dict):
        sentence = "The offer has no pre-authorized code, which is how this wallet fetches."
        raise Malformed("offer-grant", sentence, place="/grants")
    transaction_code = grant.get("tx_code")
    if not isinstance(transaction_code, dict | None):
        raise Malformed("offer", "The tx_code of the offer is misshapen.", place="/grants")
    return Offer(
        credential_issuer=web_url(document.get("credential_issuer"), place="/credential_issuer"),
        configuration_ids=tuple(ids),
        pre_authorized_code=text_of(grant, "pre-authorized_code"),
        transaction_code=transaction_code,
    )
