"""Issuers to choose from: each can be told from the others."""

from datetime import UTC, datetime

from verifier.naming import told_apart
from verifier.trust import KnownIssuer


def _issuer(
    did: str, name: str = "University of Example", site: str = "uni.example"
) -> KnownIssuer:
    since = datetime(2024, 1, 1, tzinfo=UTC)
    return KnownIssuer(did, name, f"https://{site}", frozenset({"Degree"}), since)


def test_name_that_nobody_shares_stands_alone() -> None:
    issuers = _issuer("did:web:uni.example"), _issuer("did:web:other.example", "Somebody Else")
    assert list(told_apart(issuers).values()) == ["University of Example", "Somebody Else"]


def test_issuers_of_one_name_have_their_sites_beside_it() -> None:
    issuers = (
        _issuer("did:web:uni.example"),
        _issuer("did:web:other.example", "university  of EXAMPLE", "other.example"),
        _issuer("did:web:third.example", "Third"),
    )
    assert list(told_apart(issuers).values()) == [
        "University of Example (uni.example)",
        "university  of EXAMPLE (other.example)",
        "Third",
    ]


def test_issuers_of_one_name_and_site_have_their_identifiers_beside_it() -> None:
    long = [f"did:jwk:{'e' * 200}{end}" for end in "ab"]
    issuers = [_issuer(did) for did in ("did:web:uni.example:law", *long)]
    law, one, other = told_apart(issuers).values()
    assert law == "University of Example (uni.example, did:web:uni.example:law)"
    assert one != other
    assert len(one) < 120


def test_name_spelled_as_another_with_its_site_is_not_taken_for_it() -> None:
    issuers = (
        _issuer("did:web:a.example", "A", "a.example"),
        _issuer("did:web:b.example", "A", "b.example"),
        _issuer("did:web:c.example", "A (a.example)", "c.example"),
    )
    names = list(told_apart(issuers).values())
    assert len(set(names)) == len(names)
