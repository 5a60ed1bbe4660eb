"""A verifier that asks for badges in both formats, and what wallets answer it."""

import json
from typing import Any

from campus import NOW, Campus
from ed25519_keys import KnownSigner

from openid4vc.presentation.query import (
    OPEN_BADGE,
    OPEN_BADGE_NAMES,
    TOKEN,
    CredentialQuery,
    Query,
)
from openid4vc.presentation.response import Presented, check_response, read_response, response_form
from openid4vc.presentation.tokens import present_token
from vc.documents import JsonObject
from vc.jose import sign_compact
from vc.presentation import present

CLIENT, NONCE = "decentralized_identifier:did:web:verifier.example", "n" * 22
QUERY = Query(
    (
        CredentialQuery(id="badges", alternatives=(OPEN_BADGE,), multiple=True),
        CredentialQuery(id="tokens", alternatives=OPEN_BADGE_NAMES, multiple=True, format=TOKEN),
    ),
    (frozenset({"badges", "tokens"}), frozenset({"badges"}), frozenset({"tokens"})),
)


def token(campus: Campus, *, by: KnownSigner | None = None, **changes: Any) -> str:
    """A badge as a token of Open Badges 3.0, section 8.2."""
    author, badge = by or campus.issuer, campus.unsigned_badge(**changes)
    claims = badge | {
        "iss": badge["issuer"]["id"],
        "sub": badge["credentialSubject"]["id"],
        "jti": badge["id"],
        "nbf": int(NOW.timestamp()) - 30 * 86_400,
    }
    return sign_compact({"typ": "JWT"}, json.dumps(claims).encode(), signer=author)


def presented(campus: Campus, credential: str, **changes: Any) -> str:
    facts: dict[str, Any] = {
        "holder": campus.holder.did,
        "signer": campus.holder,
        "nonce": NONCE,
        "audience": CLIENT,
        "now": NOW,
    }
    return present_token(credential, **(facts | changes))


def answered(campus: Campus, presentations: dict[str, list[Any]], **limits: int) -> list[Presented]:
    response = read_response(response_form(presentations, state="s"))
    checked = check_response(
        response,
        expected_state="s",
        expected_nonce=NONCE,
        expected_client_id=CLIENT,
        query=QUERY,
        now=NOW,
        fetcher=campus.library,
        **limits,
    )
    return list(checked)


def embedded(campus: Campus, badge: JsonObject) -> JsonObject:
    return present(
        [badge],
        holder=campus.holder.did,
        signer=campus.holder,
        created=NOW,
        challenge=NONCE,
        domain=CLIENT,
    )
