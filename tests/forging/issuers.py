"""Issuers whose published keys are missing, misused, somebody else's, or no keys at all."""

from typing import Any

from ed25519_keys import signer
from forging.forge import STRANGER, Case, Cases, Forge, keys_of, text

from vc import did
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.model import Verdict


def cases(forge: Forge) -> Cases:
    for number, (name, (changes, code, why)) in enumerate(_DOCUMENTS.items()):
        identifier = f"did:web:{name}.example"
        pen = signer(200 + number, f"{identifier}#key-1")
        document = keys_of(pen)
        yield _case(forge, name, pen, _changed(document, changes, identifier), code, why)
    for number, (name, (content, code, why)) in enumerate(_BYTES.items()):
        pen = signer(300 + number, f"did:web:{name}.example#key-1")
        yield _case(forge, name, pen, content, code, why)
    yield from _unreachable(forge)


def _changed(document: JsonObject, changes: JsonObject, identifier: str) -> bytes:
    made = {key: value for key, value in (document | changes).items() if value is not None}
    return text(made).replace(b"{did}", identifier.encode())


def _case(forge: Forge, name: str, pen: Any, content: bytes, code: str, why: str) -> Case:
    url = did.did_web_url(pen.did)
    forge.campus.library.documents[url] = content
    badge = forge.badge(issuer={"id": pen.did, "type": ["Profile"]})
    step = "key" if code == "key-not-authorised" else "issuer"
    signed = text(forge.signed(badge, by=pen))
    return Case(file=f"issuer/{name}.json", content=signed, why=why, step=step, code=code)


_KEY = "{did}#key-1"
_METHOD: JsonObject = {"id": _KEY, "type": "Multikey", "controller": "{did}"}
_OTHER = STRANGER.did.removeprefix("did:key:")
_SECRET = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "d": base64url_encode(STRANGER.seed)}

_DOCUMENTS: dict[str, tuple[JsonObject, str, str]] = {
    "without-assertion": ({"assertionMethod": None}, "key-not-authorised", "no key may assert"),
    "for-authentication": ({"assertionMethod": []}, "key-not-authorised", "to sign in alone"),
    "for-agreement": (
        {"assertionMethod": None, "keyAgreement": [_KEY]},
        "key-not-authorised",
        "to encrypt alone",
    ),
    "other-assertion": (
        {"assertionMethod": ["{did}#key-2"]},
        "key-not-authorised",
        "another key may assert",
    ),
    "without-methods": ({"verificationMethod": None}, "key-unknown", "no keys"),
    "text-for-methods": ({"verificationMethod": "x"}, "key-unknown", "a text for keys"),
    "other-key": (
        {"verificationMethod": [_METHOD | {"id": "{did}#key-2", "publicKeyMultibase": _OTHER}]},
        "key-unknown",
        "a key of another name",
    ),
    "other-controller": (
        {
            "verificationMethod": [
                _METHOD | {"controller": STRANGER.did, "publicKeyMultibase": _OTHER}
            ]
        },
        "key-unknown",
        "a key that somebody else answers for",
    ),
    "without-controller": (
        {"verificationMethod": [{"id": _KEY, "type": "Multikey"}]},
        "did-document",
        "a key that nobody answers for",
    ),
    "private-key": (
        {"verificationMethod": [_METHOD | {"publicKeyJwk": _SECRET}]},
        "key-unknown",
        "a private key, published",
    ),
    "two-spellings": (
        {
            "verificationMethod": [
                _METHOD
                | {
                    "publicKeyMultibase": _OTHER,
                    "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
                }
            ]
        },
        "key-unknown",
        "two keys under one name",
    ),
    "other-id": ({"id": STRANGER.did}, "did-document", "the document of another"),
    "without-id": ({"id": None}, "did-document", "the document of nobody"),
    "list-of-ids": ({"id": ["{did}"]}, "did-document", "a list for an id"),
}

_BYTES: dict[str, tuple[bytes, str, str]] = {
    "a-page": (b"<!doctype html><title>Keys</title>", "json", "a page for a document"),
    "an-empty-file": (b"", "json", "nothing"),
    "a-list": (b"[]", "json-object", "a list for a document"),
    "keys-twice": (b'{"id": "x", "id": "y"}', "json-duplicate-key", "a member twice"),
    "deep": (b'{"a":' * 10_000, "json-depth", "10,000 deep"),
    "huge": (b'{"a": "' + b"x" * 300_000 + b'"}', "json-size", "300 kB"),
    "packed": (b"\x1f\x8b\x08" + bytes(100), "json-utf8", "gzip, though nobody asked for it"),
}


def _unreachable(forge: Forge) -> Cases:
    for name, (identifier, why) in {
        "silent": ("did:web:silent.example", "a site that does not answer"),
        "port": ("did:web:issuer.example%3A22", "another port"),
        "loopback": ("did:web:127.0.0.1", "this machine"),
        "metadata": ("did:web:169.254.169.254", "a cloud's metadata"),
        "unknown-method": ("did:example:123", "a method that is not known"),
        "peer": ("did:peer:0z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "among friends"),
    }.items():
        pen = signer(400, f"{identifier}#key-1")
        badge = forge.badge(issuer={"id": identifier, "type": ["Profile"]})
        yield Case(
            file=f"issuer/{name}.json",
            content=text(forge.signed(badge, by=pen)),
            why=why,
            step="issuer",
            code="issuer-unreachable",
            verdict=Verdict.UNCHECKED,
        )
