"""DCQL: which issuers and contents a query asks for, and which ways of answering it leaves."""

from dataclasses import replace
from typing import Any

import pytest
from campus import Campus

from openid4vc.presentation.claims import ClaimQuery, selected
from openid4vc.presentation.query import (
    OPEN_BADGE,
    OPEN_BADGE_NAMES,
    TOKEN,
    CredentialQuery,
    Query,
    read_query,
)
from vc.errors import Malformed

BADGE = CredentialQuery(id="badge", alternatives=(OPEN_BADGE,))
JWT = CredentialQuery(id="token", alternatives=OPEN_BADGE_NAMES, format=TOKEN)
OF_ISSUER = ClaimQuery(("issuer", "id"), ("did:web:issuer.example",))
EITHER = (replace(OF_ISSUER, id="a"), ClaimQuery(("name",), ("Other",), id="b"))


def sets(*entries: Any) -> dict[str, Any]:
    """A query for a badge and a token, with these credential_sets."""
    return {"credentials": [BADGE.document(), JWT.document()], "credential_sets": list(entries)}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param(("a", "b"), [1], id="members"),
        pytest.param(("list", 1), [20], id="index"),
        pytest.param(("list", None), [10, 20], id="each element"),
        pytest.param(("nodes", None, "x"), [1, 2], id="a member of each element"),
        pytest.param(("list", 2), [], id="index beyond the end"),
        pytest.param(("a", 0), [], id="index into an object"),
        pytest.param(("list", "a"), [], id="member of an array"),
        pytest.param(("a", None), [], id="elements of an object"),
        pytest.param(("absent",), [], id="absent member"),
    ],
)
def test_path_selects_what_section_7_says(path: tuple[Any, ...], found: list[Any]) -> None:
    document = {"a": {"b": 1}, "list": [10, 20], "nodes": [{"x": 1}, {"x": 2}, {"y": 3}]}
    assert selected(document, path) == found


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        pytest.param(OF_ISSUER, True, id="issuer"),
        pytest.param(ClaimQuery(("issuer", "id"), ("did:web:evil.example",)), False, id="another"),
        pytest.param(ClaimQuery(("name",)), True, id="any value"),
        pytest.param(ClaimQuery(("credentialSubject", "creditsEarned"), (12,)), False, id="number"),
        pytest.param(ClaimQuery(("flag",), (1,)), False, id="true is not 1"),
        pytest.param(
            ClaimQuery(("credentialSubject", "achievement", "tag", None), ("x", "lesson_study")),
            True,
            id="one of the elements",
        ),
    ],
)
def test_badge_matches_only_with_every_claim(claim: ClaimQuery, holds: bool) -> None:  # noqa: FBT001
    badge = Campus().unsigned_badge() | {"flag": True}
    asked = replace(BADGE, claims=(OF_ISSUER, claim))
    assert asked.matches(badge) is holds


def test_tokens_are_asked_for_by_the_names_of_their_types() -> None:
    badge = Campus().unsigned_badge()
    assert JWT.matches(badge)
    assert replace(JWT, alternatives=(OPEN_BADGE,)).matches(badge)
    assert not replace(JWT, format=BADGE.format).matches(badge)
    assert not JWT.matches({"type": "VerifiableCredential"})


@pytest.mark.parametrize(
    "query",
    [
        Query((BADGE,)),
        Query((BADGE, JWT), (frozenset({"badge"}), frozenset({"token"}))),
        Query((replace(BADGE, claims=(OF_ISSUER, ClaimQuery(("a", None, 0)))),)),
        Query((replace(BADGE, claims=EITHER, claim_sets=(frozenset({"a"}), frozenset({"b"}))),)),
    ],
)
def test_query_comes_back_as_it_was_written(query: Query) -> None:
    assert read_query(query.document()) == query


def test_query_without_sets_needs_every_part() -> None:
    assert Query((BADGE, JWT)).ways == (frozenset({"badge", "token"}),)


@pytest.mark.parametrize(
    ("entries", "ways"),
    [
        pytest.param([{"options": [["badge"], ["token"]]}], [{"badge"}, {"token"}], id="either"),
        pytest.param([{"options": [["badge", "token"]]}], [{"badge", "token"}], id="both"),
        pytest.param(
            [{"options": [["badge"]]}, {"options": [["token"]], "required": False}],
            [{"badge"}],
            id="what is optional stays in the wallet",
        ),
        pytest.param(
            [{"options": [["badge"], ["token"]]}, {"options": [["token"]]}],
            [{"badge", "token"}, {"token"}],
            id="one option of each set",
        ),
    ],
)
def test_sets_of_credentials_leave_these_ways(
    entries: list[dict[str, Any]], ways: list[set[str]]
) -> None:
    assert read_query(sets(*entries)).ways == tuple(map(frozenset, ways))


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([], id="no set"),
        pytest.param([{}], id="no options"),
        pytest.param([{"options": []}], id="empty options"),
        pytest.param([{"options": [[]]}], id="empty option"),
        pytest.param([{"options": [["other"]]}], id="a part that is not there"),
        pytest.param([{"options": [[{}]]}], id="a part that is no name"),
        pytest.param([{"options": [["badge"]], "required": 1}], id="required is no boolean"),
        pytest.param([{"options": [["badge"]], "required": False}], id="nothing is needed"),
        pytest.param([{"options": [["badge"], ["token"]]}] * 7, id="too many ways"),
    ],
)
def test_sets_that_this_wallet_cannot_answer_faithfully_are_refused(
    entries: list[dict[str, Any]],
) -> None:
    with pytest.raises(Malformed):
        read_query(sets(*entries))


@pytest.mark.parametrize("part_id", [None, 5, True, "", "a b", ["badge"]])
def test_part_without_a_proper_id_is_refused(part_id: Any) -> None:
    part = BADGE.document() | {"id": part_id}
    with pytest.raises(Malformed, match="no proper id"):
        read_query({"credentials": [part]})
    del part["id"]
    with pytest.raises(Malformed, match="no proper id"):
        read_query({"credentials": [part]})


def test_one_set_of_claims_will_do() -> None:
    badge, sets = Campus().unsigned_badge(), (frozenset({"a"}), frozenset({"b"}))
    asked = replace(BADGE, claims=EITHER, claim_sets=sets)
    assert asked.matches(badge)
    assert not replace(asked, claim_sets=(frozenset({"a", "b"}),)).matches(badge)
    assert not replace(asked, claim_sets=(frozenset({"b"}),)).matches(badge)


@pytest.mark.parametrize(
    ("claims", "claim_sets"),
    [
        pytest.param(EITHER, [], id="no set"),
        pytest.param(EITHER, [[]], id="empty set"),
        pytest.param(EITHER, [["c"]], id="unknown claim"),
        pytest.param(EITHER, [[{}]], id="no name"),
        pytest.param(EITHER, "a", id="no list"),
        pytest.param((OF_ISSUER, EITHER[1]), [["b"]], id="a claim without an id"),
        pytest.param((EITHER[0], EITHER[0]), [["a"]], id="one id twice"),
        pytest.param((EITHER[0], EITHER[0]), None, id="one id twice without sets"),
        pytest.param((), [["a"]], id="no claims"),
    ],
)
def test_claim_sets_that_cannot_be_read_are_refused(claims: Any, claim_sets: Any) -> None:
    part = replace(BADGE, claims=claims).document()
    with pytest.raises(Malformed):
        read_query({"credentials": [part | {"claim_sets": claim_sets}]})


@pytest.mark.parametrize(
    "change",
    [
        {"format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}},
        {"format": "mso_mdoc", "meta": {"doctype_value": "x"}},
        {"trusted_authorities": [{"type": "aki", "values": ["x"]}]},
        {"require_cryptographic_holder_binding": False},
    ],
)
def test_part_that_this_wallet_cannot_answer_matches_nothing_and_leaves_other_ways(
    change: dict[str, Any],
) -> None:
    document = {
        "credentials": [BADGE.document() | {"id": "strange"} | change, BADGE.document()],
        "credential_sets": [{"options": [["strange"], ["badge"]]}],
    }
    query = read_query(document)
    matching = [part.id for part in query.credentials if part.matches(Campus().unsigned_badge())]
    assert matching == ["badge"]
    assert query.ways == (frozenset({"strange"}), frozenset({"badge"}))


def test_members_that_the_specification_does_not_name_are_ignored() -> None:
    claim = OF_ISSUER.document() | {"purpose": "x"}
    document = {
        "credentials": [BADGE.document() | {"claims": [claim], "purpose": "x"}],
        "credential_sets": [{"options": [["badge"]], "purpose": "x"}],
        "purpose": "x",
    }
    (part,) = read_query(document).credentials
    assert part.claims == (OF_ISSUER,)
