"""A document's own context adds names; it never renames what is signed."""

import json
from typing import Any

import pytest
from campus import NOW, Campus
from signers import did_of, ed25519_signer

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.fetch import Nowhere
from vc.issue import Form, issue, issue_as
from vc.model import Verdict
from vc.own_terms import MOST_TERMS
from vc.structure import CREDENTIALS_V1, CREDENTIALS_V2
from vc.verify import verify

BY = ed25519_signer()
SAILING: JsonObject = {
    "@protected": True,
    "SailingCredential": "urn:example:SailingCredential",
    "Sailor": {
        "@id": "urn:example:Sailor",
        "@context": {
            "@protected": True,
            "id": "@id",
            "type": "@type",
            "sails": {"@id": "urn:example:sails", "@context": {"size": "urn:example:size"}},
        },
    },
    "endsOn": {
        "@id": "https://example.org/ends",
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
    },
}


def _credential(context: Any, first: str = CREDENTIALS_V2, **changes: Any) -> JsonObject:
    return {
        "@context": [first, context],
        "type": ["VerifiableCredential", "SailingCredential"],
        "issuer": did_of(BY),
        "credentialSubject": {
            "id": "did:example:anna",
            "type": "Sailor",
            "sails": [{"size": 5}, {"size": 7}],
        },
        "endsOn": "2020-01-01T00:00:00Z",
        **changes,
    }


@pytest.mark.parametrize("form", [Form.EDDSA_RDFC, Form.EDDSA_JCS, Form.VC_JWT])
def test_credential_with_terms_of_its_own_is_issued_and_verified(form: Form) -> None:
    issued = issue_as(form, _credential(SAILING), signer=BY, created=NOW)
    assert verify(issued, now=NOW, fetcher=Nowhere()).verdict is Verdict.VALID


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CRED = "https://www.w3.org/2018/credentials#"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        pytest.param({"ends": f"{CRED}validUntil"}, "ends", id="another name for an end"),
        pytest.param({"ends": {"@id": f"{CRED}credentialStatus", "@type": "@id"}}, "ends",
                     id="another name for the status"),
        pytest.param({"validUntil": "https://example.org/ends"}, "validUntil",
                     id="another meaning for an end"),
        pytest.param({"achievement": "urn:example:achievement"}, "achievement",
                     id="a term of Open Badges with another meaning"),
        pytest.param({"title": "https://schema.org/name"}, "title", id="another name for a name"),
        pytest.param({"Sailor": {"@id": "urn:example:Sailor",
                                 "@context": {"until": f"{CRED}validUntil"}}}, "until",
                     id="another name, within a term"),
        pytest.param({"x": f"{CRED}unheard-of"}, "x", id="a reserved namespace"),
        pytest.param({"x": "https://www.w3.org/ns/credentials/examples#degree"}, "x",
                     id="what an installed vocabulary gives"),
        pytest.param({"@vocab": "https://example.org/"}, "@vocab", id="names for everything"),
        pytest.param({"@base": "https://example.org/"}, "@base", id="a base"),
        pytest.param({"@language": "en"}, "@language", id="a language for everything"),
        pytest.param({"@import": "https://example.org/"}, "@import", id="an import"),
        pytest.param({"@propagate": False}, "@propagate", id="a scope that ends"),
        pytest.param({"@version": 1.1}, "@version", id="a version"),
        pytest.param({"@protected": False}, "@protected", id="not protected"),
        pytest.param({"name2": "@value"}, "name2", id="an alias of a keyword"),
        pytest.param({"@id": "urn:example:x"}, "@id", id="a keyword defined"),
        pytest.param({"id": "urn:example:x"}, "id", id="the identifier redefined"),
        pytest.param({"type": "@id"}, "type", id="the type redefined"),
        pytest.param({"x": "relative"}, "x", id="a relative IRI"),
        pytest.param({"x": "https ://not-a-url"}, "x", id="no IRI"),
        pytest.param({"x": None}, "x", id="a term taken away"),
        pytest.param({"x": {"@id": "urn:e:x", "@container": "@language"}}, "x", id="a container"),
        pytest.param({"x": {"@id": "urn:e:x", "@type": "@json"}}, "x", id="a literal of JSON"),
        pytest.param({"x": {"@reverse": "urn:e:x"}}, "x", id="a statement reversed"),
        pytest.param({"ex:y": "urn:e:y"}, "ex:y", id="a term with a prefix"),
        pytest.param({"ex": "https://example.org/"}, "ex", id="a prefix"),
        pytest.param({"u": "urn:uuid:"}, "u", id="a prefix of identifiers"),
        pytest.param({"x": {"@id": "urn:e:x", "@context": "https://example.org/"}}, "x",
                     id="a context by address within"),
        pytest.param({"x": {"@context": {}}}, "x", id="no meaning"),
        pytest.param({"x": 1}, "x", id="a number"),
        pytest.param({"kind": {"@id": f"{RDF}type", "@type": "@id"}}, "kind",
                     id="another name for the type"),
        pytest.param({"after": {"@id": f"{RDF}rest", "@type": "@id"}}, "after",
                     id="a list written by hand"),
    ],
)  # fmt: skip
def test_context_that_would_rename_is_refused_with_its_place(more: Any, place: str) -> None:
    with pytest.raises(Malformed) as refusal:
        issue(_credential({**SAILING, **more}), signer=BY, created=NOW)
    assert refusal.value.place.rpartition("/@context/1/")[2].endswith(place)


def test_end_cannot_be_hidden_by_a_context_that_names_it_anew() -> None:
    plain = _credential(SAILING, validUntil="2025-01-01T00:00:00Z")
    signed = issue(plain, signer=BY, created=NOW)
    assert verify(signed, now=NOW, fetcher=Nowhere()).verdict is Verdict.INVALID
    for first in (CREDENTIALS_V2, CREDENTIALS_V1):
        hidden = json.loads(json.dumps(signed))
        hidden["@context"] = [
            first,
            {**SAILING, "until": {"@id": f"{CRED}validUntil", "@type": DATE}},
        ]
        hidden["until"] = hidden.pop("validUntil")
        step = verify(hidden, now=NOW, fetcher=Nowhere()).step("structure")
        assert step is not None
        assert step.code == "own-terms"


def test_end_still_counts_under_the_context_of_another_version() -> None:
    old = _credential(
        SAILING,
        CREDENTIALS_V1,
        issuanceDate="2020-01-01T00:00:00Z",
        expirationDate="2021-01-01T00:00:00Z",
    )
    old["@context"].insert(1, "https://w3id.org/security/data-integrity/v2")
    moved = json.loads(json.dumps(issue(old, signer=BY, created=NOW)))
    dates = {
        name: {"@id": f"{CRED}{name}", "@type": DATE} for name in ("issuanceDate", "expirationDate")
    }
    moved["@context"] = [CREDENTIALS_V2, {**SAILING, **dates}]
    result = verify(moved, now=NOW, fetcher=Nowhere())
    assert result.verdict is Verdict.INVALID
    step = result.step("dates")
    assert step is not None
    assert step.sentence == "It expired on 1 January 2021."


def test_own_terms_may_not_exchange_their_meanings_unseen() -> None:
    signed = issue(_credential(SAILING), signer=BY, created=NOW)
    swapped = json.loads(json.dumps(signed))
    swapped["@context"][1]["endsOn"]["@id"] = "https://example.org/begins"
    step = verify(swapped, now=NOW, fetcher=Nowhere()).step("signature")
    assert step is not None
    assert step.code == "signature"


def test_badge_brings_no_terms_of_its_own() -> None:
    badge = Campus().unsigned_badge(issuer={"id": did_of(BY), "type": ["Profile"]})
    del badge["credentialStatus"]
    for place in (badge, badge["credentialSubject"]):
        bent = json.loads(json.dumps(badge))
        target = bent if place is badge else bent["credentialSubject"]
        target["@context"] = [*badge["@context"], {"x": "urn:example:x"}]
        with pytest.raises(Malformed) as refusal:
            issue(bent, signer=BY, created=NOW)
        assert refusal.value.code == "inline-context"


def test_own_context_is_small_and_shallow() -> None:
    many = {f"t{number}": f"urn:example:{number}" for number in range(MOST_TERMS + 1)}
    deep: JsonObject = {"x": "urn:example:x"}
    for _ in range(5):
        deep = {"x": {"@id": "urn:example:x", "@context": deep}}
    for context in (many, deep):
        with pytest.raises(Malformed):
            issue(_credential({**SAILING, **context}), signer=BY, created=NOW)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_text_may_say_its_direction(direction: str) -> None:
    name = {"@value": "Zeilen", "@language": "nl", "@direction": direction}
    signed = issue(_credential(SAILING, name=name), signer=BY, created=NOW)
    assert verify(signed, now=NOW, fetcher=Nowhere()).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "name",
    [
        {"@value": "x", "@language": "nl", "@direction": "up"},
        {"@value": "x", "@direction": "ltr"},
        {"@value": "x", "@language": "nl", "more": "y"},
        {"@value": 1, "@language": "nl"},
        {"@language": "nl"},
    ],
)
def test_text_says_nothing_else(name: JsonObject) -> None:
    with pytest.raises(Malformed):
        issue(_credential(SAILING, name=name), signer=BY, created=NOW)
