"""What an employer can ask: in both formats, of one issuer or any, and what does not match."""

from typing import Any

import pytest
from campus import Campus

from openid4vc.presentation.query import EMBEDDED, TOKEN, read_query
from vc.documents import JsonObject
from verifier.asking.wishes import AWARDS, Kind, Wish

ISSUER = "did:web:issuer.example"


def answers(wish: Wish, credential: JsonObject) -> bool:
    return all(part.matches(credential) for part in wish.query.credentials)


def badge(achievement_type: str) -> JsonObject:
    document = Campus().unsigned_badge()
    document["credentialSubject"]["achievement"]["achievementType"] = achievement_type
    return document


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("issuer", ["", ISSUER])
def test_wish_is_a_query_that_our_own_wallet_reads_back(kind: Kind, issuer: str) -> None:
    query = Wish(kind, issuer).query
    assert read_query(query.document()) == query
    assert [part.format for part in query.credentials] == [EMBEDDED, TOKEN]
    assert all(part.multiple is (kind is Kind.BADGES) for part in query.credentials)


def test_one_badge_comes_in_one_format_and_several_in_either_or_both() -> None:
    embedded, token = frozenset({"embedded"}), frozenset({"token"})
    assert Wish(Kind.BADGE).query.ways == (embedded, token)
    assert Wish(Kind.BADGES).query.ways == (embedded | token, embedded, token)


@pytest.mark.parametrize(
    ("wish", "matches"),
    [
        (Wish(Kind.BADGE), True),
        (Wish(Kind.BADGE, ISSUER), True),
        (Wish(Kind.BADGES, "did:web:other.example"), False),
        (Wish(Kind.DEGREE), False),
    ],
)
def test_badge_answers_what_it_is_and_by_whom(wish: Wish, matches: Any) -> None:
    assert answers(wish, Campus().unsigned_badge()) is matches
    assert answers(wish, Campus().unsigned_badge(issuer=ISSUER)) is matches


@pytest.mark.parametrize("achievement_type", AWARDS)
def test_degree_of_each_type_answers_the_wish_for_one(achievement_type: str) -> None:
    assert answers(Wish(Kind.DEGREE), badge(achievement_type))
    assert answers(Wish(Kind.DEGREE, ISSUER), badge(achievement_type))
    assert not answers(Wish(Kind.DEGREE, ISSUER), badge("MicroCredential"))
