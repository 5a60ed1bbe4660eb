"""Claims of a token that are not the credential's: nothing beside `vc`, when, and for whom."""

import json
from typing import Any

import pytest
from campus import NOW, Campus

from vc.documents import JsonObject
from vc.jose import sign_compact
from vc.model import Outcome, Report, Verdict

CAMPUS = Campus()
MINUTES = 60


def _claims(**changes: Any) -> JsonObject:
    badge = CAMPUS.unsigned_badge()
    return badge | {
        "iss": badge["issuer"]["id"],
        "sub": badge["credentialSubject"]["id"],
        "jti": badge["id"],
        "nbf": int(NOW.timestamp()) - 30 * 86_400,
        **changes,
    }


def _wrapped(**beside: Any) -> JsonObject:
    whole = _claims()
    registered = {name: whole.pop(name) for name in ("iss", "sub", "jti", "nbf")}
    return {**registered, "vc": whole, **beside}


def _verify(claims: JsonObject) -> Report:
    token = sign_compact({"typ": "JWT"}, json.dumps(claims).encode(), signer=CAMPUS.issuer)
    return CAMPUS.verify(token)


def _against(report: Report) -> list[tuple[str, str]]:
    return [(s.outcome.value, s.code) for s in report.steps if s.outcome is not Outcome.PASS]


def test_credential_in_a_claim_is_read_where_nothing_else_stands_beside_it() -> None:
    assert _verify(_wrapped()).verdict is Verdict.VALID
    assert _verify(_wrapped(nonce="1", iat=int(NOW.timestamp()))).verdict is Verdict.VALID


@pytest.mark.parametrize("name", ["validUntil", "credentialStatus", "evidence", "name", "vp", "x"])
def test_what_two_readers_would_read_differently_beside_the_claim_is_refused(name: str) -> None:
    report = _verify(_wrapped(**{name: "2020-01-01T00:00:00Z"}))
    assert _against(report) == [("fail", "jwt-vc")]


@pytest.mark.parametrize("seconds", [0, -86_400, 5 * MINUTES])
def test_token_that_was_signed_before_now_is_valid(seconds: int) -> None:
    assert _verify(_claims(iat=NOW.timestamp() + seconds)).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("issued", "code"),
    [
        (int(NOW.timestamp()) + 6 * MINUTES, "signed-in-future"),
        ("yesterday", "jwt-claim-iat"),
        (True, "jwt-claim-iat"),
        (None, "jwt-claim-iat"),
        ([], "jwt-claim-iat"),
    ],
)
def test_token_that_was_signed_ahead_of_time_or_at_no_time_is_refused(
    issued: Any, code: str
) -> None:
    assert _against(_verify(_claims(iat=issued))) == [("fail", code)]


@pytest.mark.parametrize("audience", ["https://other.example", ["https://other.example"]])
def test_token_for_somebody_is_not_called_valid_for_all(audience: Any) -> None:
    report = _verify(_claims(aud=audience))
    assert _against(report) == [("unknown", "jwt-claim-aud")]
    step = report.step("claims")
    assert step is not None
    assert step.sentence.startswith("It was made for https://other.example; ")


@pytest.mark.parametrize("audience", [4, None, [], [None], ["https://other.example", 4], {}])
def test_token_for_nobody_is_refused(audience: Any) -> None:
    assert _against(_verify(_claims(aud=audience))) == [("fail", "jwt-claim-aud")]
