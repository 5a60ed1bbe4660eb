"""Identifiers of issuers: those that no credential can match are refused, and why."""

import pytest
from signers import did_of, ec_signer, ed25519_signer, rsa_signer

from vc.did import did_jwk, did_key
from vc.public_key import KeyKind, ed25519
from verifier.identifiers import fault_of, fault_of_site, one_spelling

KEY = did_key(bytes(range(32)))
JWK = did_jwk(ed25519(bytes(range(32))))


@pytest.mark.parametrize(
    "identifier",
    [
        KEY,
        JWK,
        "did:web:issuer.example",
        "did:web:issuer.example:faculty:law",
        "did:web:localhost%3A8000:issuer:learnometer",
        "https://issuer.example",
        "https://issuer.example:8443/profile.json?v=3",  # badges in the field have such issuers
    ],
)
def test_identifier_that_credentials_are_signed_as_has_no_fault(identifier: str) -> None:
    assert fault_of(identifier) == ""


@pytest.mark.parametrize(
    ("identifier", "sentence"),
    [
        ("issuer", "Give a DID, or the https address"),
        ("DID:web:issuer.example", "Give a DID, or the https address"),
        ("http://issuer.example", "Give a DID, or the https address"),
        ("did:key:zzz", "This did:key spells no public key"),
        (KEY[:-1], "This did:key spells no public key"),
        ("did:jwk:nonsense", "This did:jwk spells no public key"),
        ("did:jwk:e30", "This did:jwk spells no public key"),
        ("did:ion:abc", "cannot resolve did:ion:abc"),
        (f"{KEY}#{KEY[8:]}", "without the “#”"),
        (f"{JWK}#0", "without the “#”"),
        ("did:web:issuer.example#key-1", "without the “#”"),
        (f"{KEY}?service=x", "without the “?”"),
        ("did:web:issuer.example?version=1", "without the “?”"),
        ("did:web:issuer.example/law", "without the “/”"),
        (f"{KEY}/path", "without the “/”"),
        ("https://issuer.example/keys?q#f", "without the “#”"),
        ("did:web:issuer.example%3A99999", "A port is a number from 1 to 65535."),
        ("did:web:issuer.example%3A0", "A port is a number from 1 to 65535."),
        ("https://issuer.example:65536/", "A port is a number from 1 to 65535."),
        ("https://issuer.example:", "is not the name of a host"),
        ("https:///profile", "is not the name of a host"),
        ("did:web:issuer_1.example", "is not a did:web identifier"),
        ("did:web:issuer.example:%61", "a path segment that did:web does not allow"),
    ],
)
def test_identifier_that_no_credential_can_match_says_why(identifier: str, sentence: str) -> None:
    assert sentence in fault_of(identifier)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("did:web:issuer.example", "did:web:Issuer.Example"),
        ("did:web:issuer.example", "did:web:issuer.example%3A443"),
        ("did:web:issuer.example", "did:web:issuer.example:.well-known"),
        ("did:web:issuer.example%3A8443:law", "did:web:issuer.example%3a8443:law"),
        ("https://issuer.example", "https://ISSUER.example:443/"),
    ],
)
def test_spellings_of_one_identifier_are_one(one: str, other: str) -> None:
    assert one_spelling(one) == one_spelling(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("did:web:issuer.example:law", "did:web:issuer.example:Law"),
        ("did:web:issuer.example", "did:web:issuer.example%3A8443"),
        ("did:web:issuer.example", "https://issuer.example/.well-known/did.json"),
        ("https://issuer.example/a", "https://issuer.example/a?v=3"),
        (KEY, JWK),
        ("did:web:..", "did:web:..."),
    ],
)
def test_identifiers_of_two_documents_are_two(one: str, other: str) -> None:
    assert one_spelling(one) != one_spelling(other)


@pytest.mark.parametrize(
    "site", ["https://issuer.example", "https://issuer.example:8443/law", "http://localhost:8000"]
)
def test_site_where_people_find_somebody_has_no_fault(site: str) -> None:
    assert fault_of_site(site) == ""


@pytest.mark.parametrize(
    ("site", "sentence"),
    [
        ("javascript:alert(1)", "Give the address of its site."),
        ("https://issuer.example?q", "Give the address of its site."),
        ("https://issuer.example:99999", "A port is a number from 1 to 65535."),
        ("https://issuer..example", "is not the name of a host"),
        ("http://issuer.example", "Give the https address of its site"),
        ("http://localhost.issuer.example", "Give the https address of its site"),
    ],
)
def test_site_that_is_no_https_address_says_why(site: str, sentence: str) -> None:
    assert sentence in fault_of_site(site)


def test_every_kind_of_key_that_verifies_can_be_entered() -> None:
    signers = (ed25519_signer(), rsa_signer(), ec_signer(KeyKind.P256), ec_signer(KeyKind.P384))
    for signer in signers:
        assert fault_of(did_of(signer)) == ""
