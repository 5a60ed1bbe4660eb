"""SD-JWT credentials: what is disclosed, by whose key it was signed, and who holds it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from campus import NOW, Library
from signers import did_of, ec_signer, ed25519_signer, rsa_signer

from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.jose import sign_compact
from vc.model import Outcome, Report, Verdict
from vc.public_key import KeyKind, to_jwk
from vc.sd_jwt import MOST_DISCLOSURES, digest
from vc.signing import AnySigner
from vc.verify import verify

BY, HOLDER = ec_signer(KeyKind.P256), ec_signer(KeyKind.P256, number=9)
WEB = "https://issuer.example/tenant"
METADATA = "https://issuer.example/.well-known/jwt-vc-issuer/tenant"
SALT = "2GLC42sKQveCfGfryNRN9w"


def _disclosure(*parts: Any) -> str:
    return base64url_encode(json.dumps([SALT, *parts]).encode())


NAME, AGE = _disclosure("given_name", "Anna"), _disclosure("age", 41)
FRENCH = _disclosure("FR")
CITY = _disclosure("city", "Galway")
ADDRESS = _disclosure("address", {"_sd": [digest(CITY)], "country": "IE"})


def _payload(**changes: Any) -> JsonObject:
    payload = {
        "iss": did_of(BY),
        "vct": "https://credentials.example/membership",
        "nbf": int((NOW - timedelta(days=1)).timestamp()),
        "exp": int((NOW + timedelta(days=1)).timestamp()),
        "sub": "did:example:anna",
        "_sd_alg": "sha-256",
        "_sd": [digest(NAME), digest(AGE), digest(ADDRESS), digest("a decoy")],
        "nationalities": [{"...": digest(FRENCH)}, "IE"],
        "cnf": {"jwk": to_jwk(HOLDER.public_key)},
        **changes,
    }
    return {key: value for key, value in payload.items() if value is not None}


def _signed(payload: JsonObject, *, by: AnySigner = BY, typ: str = "dc+sd-jwt") -> str:
    return sign_compact({"typ": typ}, json.dumps(payload).encode(), signer=by)


def _shown(*disclosures: str, token: str | None = None, key_binding: str = "") -> str:
    return "~".join([token or _signed(_payload()), *disclosures, key_binding])


def _bound(presented: str, *, by: AnySigner = HOLDER, **claims: Any) -> str:
    said = {"nonce": "1", "aud": "x", "iat": 1, "sd_hash": digest(presented), **claims}
    token = sign_compact({"typ": "kb+jwt"}, json.dumps(said).encode(), signer=by)
    return presented + token


def _verify(text: str | JsonObject, library: Library | None = None) -> Report:
    return verify(text, now=NOW, fetcher=library or Library())


def _subject(report: Report) -> JsonObject:
    assert report.credential is not None
    return report.credential.subject


def _nested(levels: int) -> tuple[JsonObject, list[str]]:
    """A payload and disclosures, each of which asks for the one before."""
    within: JsonObject = {"end": True}
    disclosures = []
    for number in range(levels):
        disclosures.append(_disclosure(f"level-{number}", within))
        within = {"_sd": [digest(disclosures[-1])]}
    return _payload(_sd=within["_sd"]), disclosures


def test_disclosures_within_disclosures_make_nothing_deeper_than_json_may_be() -> None:
    payload, few = _nested(8)
    assert _verify(_shown(*few, token=_signed(payload))).verdict is Verdict.VALID
    payload, many = _nested(MOST_DISCLOSURES)
    report = _verify(_shown(*many, token=_signed(payload)))
    assert [step.code for step in report.steps] == ["sd-jwt-depth"]


def test_what_is_disclosed_is_shown_and_nothing_else() -> None:
    report = _verify(_shown(NAME, ADDRESS, CITY, FRENCH))
    assert report.verdict is Verdict.VALID, report.steps
    assert _subject(report) == {
        "sub": "did:example:anna",
        "given_name": "Anna",
        "address": {"country": "IE", "city": "Galway"},
        "nationalities": ["FR", "IE"],
    }
    hidden = _subject(_verify(_shown()))
    assert hidden == {"sub": "did:example:anna", "nationalities": ["IE"]}
    assert "city" not in _subject(_verify(_shown(ADDRESS)))["address"]


@pytest.mark.parametrize("typ", ["dc+sd-jwt", "vc+sd-jwt"])
@pytest.mark.parametrize(
    "by",
    [BY, ec_signer(KeyKind.P384), ed25519_signer(), rsa_signer()],
    ids=["256", "384", "Ed", "R"],
)
def test_every_kind_of_key_may_sign(by: AnySigner, typ: str) -> None:
    token = _signed(_payload(iss=did_of(by)), by=by, typ=typ)
    assert _verify(_shown(NAME, token=token)).verdict is Verdict.VALID
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/{typ},{_shown(NAME, token=token)}",
    }
    assert _verify(envelope).verdict is Verdict.VALID
    assert _verify(json.dumps(envelope)).verdict is Verdict.VALID
    assert verify(json.dumps(envelope).encode(), now=NOW, fetcher=Library()).is_signed


def test_holder_proves_the_key_over_exactly_what_is_shown() -> None:
    presented = _shown(NAME)
    step = _verify(_bound(presented)).step("holder")
    assert step is not None
    assert step.outcome is Outcome.PASS
    others = [
        _bound(presented, by=BY),
        _bound(presented, sd_hash=digest("other")),
        _bound(_shown(AGE)).replace(AGE, NAME),
        presented + "a.b.c",
    ]
    for text in others:
        step = _verify(text).step("holder")
        assert step is not None
        assert (step.outcome, step.code) == (Outcome.FAIL, "sd-jwt-holder")
    unbound = _bound(_shown(NAME, token=_signed(_payload(cnf=None))))
    assert _verify(unbound).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("changes", "disclosures", "code"),
    [
        pytest.param({}, [_disclosure("given_name", "Berta")], "sd-jwt-disclosure",
                     id="a value that was not signed"),
        pytest.param({}, [NAME, NAME], "sd-jwt", id="disclosed twice"),
        pytest.param({}, [""], "sd-jwt", id="an empty disclosure"),
        pytest.param({}, [CITY], "sd-jwt-disclosure", id="a part without its whole"),
        pytest.param({}, ["!"], "base64url", id="no base64url"),
        pytest.param({}, [base64url_encode(b"{}")], "sd-jwt-disclosure", id="no list"),
        pytest.param({}, [base64url_encode(b'[1,"a",2]')], "sd-jwt-disclosure", id="no salt"),
        pytest.param({}, [base64url_encode(b'["s","a",1],"x":[2]')], "sd-jwt-disclosure",
                     id="a disclosure that breaks out"),
        pytest.param({}, [f"{NAME[:-2]}AA"] * 1, None, id="a bent disclosure"),
        pytest.param({"_sd": [digest(NAME), digest(NAME)]}, [NAME], "sd-jwt", id="a digest twice"),
        pytest.param({"_sd": [digest(NAME)], "more": {"_sd": [digest(NAME)]}}, [NAME], "sd-jwt",
                     id="a digest at two places"),
        pytest.param({"_sd": "x"}, [], "sd-jwt", id="digests that are no list"),
        pytest.param({"_sd": [1]}, [], "sd-jwt", id="a digest that is no text"),
        pytest.param({"...": "x"}, [], "sd-jwt", id="a reserved name"),
        pytest.param({"_sd_alg": "md5"}, [], "sd-jwt-alg", id="another digest"),
        pytest.param({"_sd": [digest(FRENCH)], "nationalities": []}, [FRENCH],
                     "sd-jwt-disclosure", id="an item where a claim stands"),
        pytest.param({"nationalities": [{"...": digest(NAME)}], "_sd": []}, [NAME],
                     "sd-jwt-disclosure", id="a claim where an item stands"),
        pytest.param({"given_name": "Carla"}, [NAME], "sd-jwt-disclosure",
                     id="a claim given two values"),
        pytest.param({"iss": None, "_sd": [digest(_disclosure("iss", "did:x:y"))]},
                     [_disclosure("iss", "did:x:y")], "sd-jwt-claim", id="a hidden issuer"),
        pytest.param({"exp": None, "_sd": [digest(_disclosure("exp", 9_999_999_999))]},
                     [_disclosure("exp", 9_999_999_999)], "sd-jwt-claim", id="a hidden end"),
        pytest.param({"vct": None}, [], "sd-jwt-claim", id="no kind"),
        pytest.param({"vct": 4}, [], "sd-jwt-claim", id="a kind that is no text"),
        pytest.param({"iss": None}, [], "sd-jwt-claim", id="no issuer"),
        pytest.param({"iss": "http://issuer.example"}, [], "sd-jwt-claim", id="an open address"),
        pytest.param({"exp": "soon"}, [], "date", id="an end that is no number"),
        pytest.param({"nbf": 10**14}, [], "date", id="a date beyond the calendar"),
        pytest.param({"exp": True}, [], "date", id="a flag for a date"),
        pytest.param({}, ["a"] * (MOST_DISCLOSURES + 1), "sd-jwt", id="too many"),
    ],
)  # fmt: skip
def test_misshapen_credential_is_refused(
    changes: JsonObject, disclosures: list[str], code: str | None
) -> None:
    report = _verify(_shown(*disclosures, token=_signed(_payload(**changes))))
    assert report.verdict is Verdict.INVALID
    assert report.steps[0].name == "structure"
    assert code is None or report.steps[0].code == code


def test_dates_and_status_count() -> None:
    ended = _signed(_payload(exp=int((NOW - timedelta(hours=1)).timestamp())))
    assert _verify(_shown(token=ended)).verdict is Verdict.INVALID
    early = _signed(_payload(nbf=int((NOW + timedelta(hours=1)).timestamp())))
    assert _verify(_shown(token=early)).verdict is Verdict.INVALID
    listed = {"status_list": {"idx": 1, "uri": "https://issuer.example/status/1"}}
    report = _verify(_shown(token=_signed(_payload(status=listed))))
    assert report.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize("position", range(0, 700, 37))
def test_bent_token_is_never_valid(position: int) -> None:
    text = _shown(NAME, FRENCH)
    other = "A" if text[position] != "A" else "B"
    assert _verify(text[:position] + other + text[position + 1 :]).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (_signed(_payload(), typ="JWT"), "jws-type"),
        (_signed(_payload(), by=HOLDER), "issuer-mismatch"),
        (_signed(_payload(iss=did_of(HOLDER))), "issuer-mismatch"),
    ],
)
def test_token_of_another_type_or_key_is_refused(token: str, code: str) -> None:
    report = _verify(_shown(NAME, token=token))
    assert code in [step.code for step in report.steps]
    assert report.verdict is Verdict.INVALID


# Issuers at an https address.
def _site(**changes: Any) -> Library:
    kid = BY.verification_method
    keys = {"keys": [{**to_jwk(BY.public_key), "kid": kid, "use": "sig"}]}
    library = Library()
    metadata = {"issuer": WEB, "jwks": keys, **changes}
    library.publish(METADATA, {k: v for k, v in metadata.items() if v is not None})
    library.publish("https://issuer.example/keys", keys)
    return library


def test_key_is_found_in_the_metadata_of_the_issuers_site() -> None:
    text = _shown(NAME, token=_signed(_payload(iss=WEB)))
    assert _verify(text, _site()).verdict is Verdict.VALID
    elsewhere = _site(jwks=None, jwks_uri="https://issuer.example/keys")
    assert _verify(text, elsewhere).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"issuer": "https://other.example"}, Outcome.FAIL),
        ({"jwks": {"keys": []}}, Outcome.FAIL),
        ({"jwks": {"keys": "x"}}, Outcome.FAIL),
        ({"jwks": {"keys": [{"kid": BY.verification_method}]}}, Outcome.FAIL),
        ({"jwks": {"keys": [{"kid": BY.verification_method, **to_jwk(HOLDER.public_key)}]}},
         Outcome.FAIL),
        ({"jwks": {"keys": [{"kid": BY.verification_method, **to_jwk(BY.public_key)}] * 2}},
         Outcome.FAIL),
        ({"jwks": {"keys": [{"kid": BY.verification_method, **to_jwk(BY.public_key), "d": "x"}]}},
         Outcome.FAIL),
        ({"jwks": None, "jwks_uri": "https://issuer.example/nothing"}, Outcome.UNKNOWN),
    ],
)  # fmt: skip
def test_key_that_the_site_does_not_publish_proves_nothing(
    changes: JsonObject, outcome: Outcome
) -> None:
    report = _verify(_shown(NAME, token=_signed(_payload(iss=WEB))), _site(**changes))
    assert outcome in [step.outcome for step in report.steps]
    assert report.verdict is not Verdict.VALID
    assert not report.is_signed


def test_site_that_does_not_answer_leaves_the_issuer_open() -> None:
    report = _verify(_shown(NAME, token=_signed(_payload(iss=WEB))))
    assert report.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize(
    "issuer",
    [
        "https://[",
        "https://\u2100.example",
        "https://a@b.example",
        "https://a.example/x y",
        "https://a.example#x",
        "https://",
        "did:",
        "did:web:",
        "http://a.example",
    ],
)
def test_issuer_that_is_no_address_is_refused(issuer: str) -> None:
    report = _verify(_shown(token=_signed(_payload(iss=issuer))))
    assert [step.code for step in report.steps] == ["sd-jwt-claim"]
