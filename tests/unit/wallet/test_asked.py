"""The consent page says who asks and for what in its own words, never in the asker's."""

from datetime import timedelta

import pytest
from campus import NOW

from openid4vc.presentation.claims import ClaimQuery
from openid4vc.presentation.query import OPEN_BADGE, CredentialQuery, Query
from openid4vc.presentation.request import PresentationRequest
from wallet.asked import Condition, asker, conditions

KNOWN = {"did:web:university.example": "University of Example"}.get


def query(*claims: ClaimQuery) -> Query:
    return Query((CredentialQuery(id="badge", alternatives=(OPEN_BADGE,), claims=claims),))


def request(
    verifier: str, response_uri: str = "https://shop.example/answers"
) -> PresentationRequest:
    return PresentationRequest(
        verifier=verifier,
        response_uri="https://shop.example/answers",
        nonce="n" * 22,
        state="s",
        query=query(),
        expires=NOW + timedelta(minutes=5),
    )


@pytest.mark.parametrize(
    ("verifier", "name", "is_known", "elsewhere"),
    [
        ("did:web:university.example", "University of Example", True, True),
        ("did:web:shop.example", "shop.example", False, False),
        ("did:web:shop.example:verifier", "shop.example", False, False),
        ("did:web:shop.example%3A8443", "shop.example:8443", False, True),
        ("did:web:xn--pple-43d.example", "xn--pple-43d.example", False, True),
        ("did:key:z6MkExample", "did:key:z6MkExample", False, False),
    ],
)
def test_asker_is_named_by_the_registry_or_the_domain(
    verifier: str,
    name: str,
    is_known: bool,  # noqa: FBT001
    elsewhere: bool,  # noqa: FBT001
) -> None:
    found = asker(request(verifier), known_party=KNOWN)
    assert (found.name, found.is_known, found.answers_elsewhere) == (name, is_known, elsewhere)


@pytest.mark.parametrize(
    ("claim", "condition"),
    [
        (
            ClaimQuery(("issuer", "id"), ("did:web:university.example", "did:web:x.example")),
            Condition("issuer", "University of Example, x.example"),
        ),
        (ClaimQuery(("issuer",), ("Click on evil.example",)), Condition("content")),
        (
            ClaimQuery(
                ("credentialSubject", "achievement", "achievementType"),
                ("MasterDegree", "ext:PostgraduateDiploma"),
            ),
            Condition("kind", "Master degree, Postgraduate diploma"),
        ),
        (
            ClaimQuery(("credentialSubject", "achievement", "achievementType"), ("Call 123!",)),
            Condition("content"),
        ),
        (ClaimQuery(("name",), ("Send this to win",)), Condition("content")),
        (ClaimQuery(("issuer", "id")), Condition("content")),
        (ClaimQuery(("issuer", "id"), (7,)), Condition("content")),
    ],
)
def test_what_is_asked_is_said_in_the_wallets_own_words(
    claim: ClaimQuery, condition: Condition
) -> None:
    assert conditions(query(claim, claim), known_party=KNOWN) == (condition,)
