"""Answers bent at every place: refused with a reason, and never more than that."""

import json
from typing import Any

import pytest
from bending import bent, paths, without
from campus import NOW, Campus
from presenting import CLIENT, NONCE, answered, embedded, presented, token

from openid4vc.exchange import OAuthError
from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode
from vc.jose import sign_compact
from vc.proofs import eddsa_jcs_2022

OTHER_VALUES = ({}, [], "", 0, True, None, [[]], [{}], "did:key:z", "a.b.c")


def refused(campus: Campus, part: str, presentation: Any) -> bool:
    """Whether the answer is refused as one is refused; anything else that is raised is a fault."""
    try:
        answered(campus, {part: [presentation]})
    except OAuthError as refusal:
        return refusal.status == 400 and bool(refusal.sentence)
    return False


def test_no_part_of_a_presentation_can_be_changed_after_it_was_signed() -> None:
    campus = Campus()
    whole = embedded(campus, campus.badge())
    tried = 0
    for path in paths(whole):
        for value in OTHER_VALUES:
            assert refused(campus, "badges", bent(whole, path, value)), (path, value)
            tried += 1
        if isinstance(path[-1], str):
            assert refused(campus, "badges", without(whole, path)), path
    assert tried > 500


def unsigned(campus: Campus) -> JsonObject:
    whole = embedded(campus, campus.badge())
    return {name: value for name, value in whole.items() if name != "proof"}


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
def test_holder_who_signs_nonsense_is_answered_and_breaks_nothing(value: Any) -> None:
    campus = Campus()
    whole = unsigned(campus)
    for path in paths(whole):
        presentation = eddsa_jcs_2022.sign(
            bent(whole, path, value),
            signer=campus.holder,
            created=NOW,
            purpose="authentication",
            challenge=NONCE,
            domain=CLIENT,
        )
        taken = not refused(campus, "badges", presentation)
        # What the issuer signed cannot be changed by anybody; what stands around it may vary.
        assert not (taken and path[0] == "verifiableCredential" and len(path) > 2), (path, value)


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
def test_holder_who_signs_a_token_of_nonsense_is_answered_and_breaks_nothing(value: Any) -> None:
    campus = Campus()
    claims = json.loads(base64url_decode(presented(campus, token(campus)).split(".")[1]))
    for path in paths(claims):
        payload = json.dumps(bent(claims, path, value)).encode()
        refused(campus, "tokens", sign_compact({"typ": "JWT"}, payload, signer=campus.holder))


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
def test_header_of_nonsense_is_refused(value: Any) -> None:
    campus = Campus()
    header, payload, signature = presented(campus, token(campus)).split(".")
    members = json.loads(base64url_decode(header))
    for name in (*members, "jwk", "x5c", "crit"):
        text = json.dumps(members | {name: value}).encode()
        assert refused(campus, "tokens", f"{base64url_encode(text)}.{payload}.{signature}"), (
            name,
            value,
        )
