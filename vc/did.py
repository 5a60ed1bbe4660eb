"""Decentralised identifiers: did:key and did:jwk, and did:web through the Fetcher port.

Sources: W3C CID 1.0 (Multikey, JsonWebKey, verification relationships), did:key v0.9, did:jwk,
did:web.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from vc import model
from vc.documents import LARGEST, JsonObject, parse
from vc.encoding import base64url_decode, base64url_encode, ed25519_multikey
from vc.errors import Malformed, Unavailable
from vc.fetch import Fetcher, document_in
from vc.jcs import canonical_json
from vc.public_key import PublicKey, ed25519, from_jwk, from_multikey, multikey, published, to_jwk

MOST_METHODS: Final = 256  # keys of one issuer that are read; each costs a tenth of a millisecond
_DID_CONTEXTS: Final = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
QUALITY: Final = "QualityRecord"  # of the service that tells what audits found of a badge
KEY_HISTORY: Final = "KeyHistory"  # the type of the service that tells when which key could sign
_ENDS: Final[Mapping[str, datetime]] = {}
LONGEST_JWK: Final = 8_192  # characters; an RSA key of 8,192 bits has some 2,000
_WEB_HOST: Final = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:%3[Aa][0-9]{1,5})?")
_WEB_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """One public key of a DID document; `controller` is the DID that answers for it.

    After `expires` it signs no more; with `revoked` the controller takes it back (CID 1.0, 2.2).
    """

    id: str
    controller: str
    public_key: PublicKey
    expires: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class DidDocument:
    """What a DID resolves to: its keys, and which of them may be used for which purpose.

    `key_history` is where the history of its keys is published, `quality` where one asks what
    audits found of a badge of it; empty where there is none.
    """

    id: str
    methods: tuple[VerificationMethod, ...]
    assertion_method: frozenset[str]
    authentication: frozenset[str]
    key_history: str = ""
    quality: str = ""

    def method(self, method_id: str) -> VerificationMethod | None:
        """The key with this id, or None."""
        return next((method for method in self.methods if method.id == method_id), None)


def did_key(public_key: bytes) -> str:
    """The did:key of a 32-byte Ed25519 public key."""
    return f"did:key:{ed25519_multikey(public_key)}"


def did_key_method(public_key: bytes) -> str:
    """The DID URL of the only key of a did:key."""
    did = did_key(public_key)
    return f"{did}#{did.removeprefix('did:key:')}"


def did_jwk(public_key: PublicKey) -> str:
    """The did:jwk of a public key; its only key is `#0`."""
    return f"did:jwk:{base64url_encode(canonical_json(to_jwk(public_key)))}"


def did_web(authority: str, *path: str) -> str:
    """The did:web of `authority` (host or host:port) and path segments."""
    return ":".join(["did:web", authority.replace(":", "%3A"), *path])


def did_web_url(did: str) -> str:
    """The https URL of the DID document of a did:web. Raises Malformed.

    The identifier is decoded once; a port is the only thing that may be percent-encoded.
    """
    host, *path = did.removeprefix("did:web:").split(":")
    if not did.startswith("did:web:") or not _WEB_HOST.fullmatch(host):
        raise Malformed("did-web", f"{did} is not a did:web identifier.")
    for segment in path:
        if not _WEB_SEGMENT.fullmatch(segment) or segment in {".", ".."}:
            raise Malformed("did-web", f"{did} has a path segment that did:web does not allow.")
    location = "/".join(path) if path else ".well-known"
    return f"https://{unquote(host)}/{location}/did.json"


def document(
    did: str,
    keys: Sequence[tuple[str, bytes | PublicKey]],
    *,
    expires: Mapping[str, datetime] = _ENDS,
    revoked: Mapping[str, datetime] = _ENDS,
    key_history: str = "",
    quality: str = "",
) -> JsonObject:
    """The DID document to publish for `did` with `keys`: fragment, and key or Ed25519 key.

    Fragments in `expires` name keys that sign no more, but did: their signatures stay good. Those
    in `revoked` may be used for nothing any more, by verifiers that do not read the key history.
    """
    methods = [_published(did, key, expires=expires, revoked=revoked) for key in keys]
    asserting = [method["id"] for method in methods if "revoked" not in method]
    signing = [
        method["id"] for method in methods if "revoked" not in method and "expires" not in method
    ]
    published: JsonObject = {
        "@context": list(_DID_CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": asserting,
        "authentication": signing,
    }
    services = [
        {"id": f"{did}#{name}", "type": kind, "serviceEndpoint": endpoint}
        for name, kind, endpoint in (
            ("keys", KEY_HISTORY, key_history),
            ("quality", QUALITY, quality),
        )
        if endpoint
    ]
    return published | {"service": services} if services else published


def _published(
    did: str,
    key: tuple[str, bytes | PublicKey],
    *,
    expires: Mapping[str, datetime],
    revoked: Mapping[str, datetime],
) -> JsonObject:
    fragment, public_key = key
    if isinstance(public_key, bytes):
        public_key = ed25519(public_key)
    method: JsonObject = {
        "id": f"{did}#{fragment}",
        "controller": did,
        **published(public_key),
    }
    if fragment in expires:
        method["expires"] = model.timestamp(expires[fragment])
    if fragment in revoked:
        method["revoked"] = model.timestamp(revoked[fragment])
    return method


def resolve(did: str, *, fetcher: Fetcher) -> DidDocument:
    """The DID document of `did`.

    Raises Malformed for a wrong identifier or document, Unavailable when the document cannot be
    had or the method is not known here.
    """
    if did.startswith("did:key:"):
        return _resolve_key(did)
    if did.startswith("did:jwk:"):
        return _resolve_jwk(did)
    if did.startswith("did:web:"):
        fetched = fetcher.get(did_web_url(did), accept="application/did+json, application/json")
        return read_document(document_in(fetched, largest=LARGEST), expected_id=did)
    raise Unavailable("did-method", f"This verifier cannot resolve {did[:64]}.")


def key_behind(did: str) -> PublicKey | str:
    """What tells one signer from another: the key that a DID spells, else the DID itself.

    A key has many spellings as did:jwk, and one as did:key besides.
    """
    try:
        if did.startswith("did:key:"):
            return _resolve_key(did).methods[0].public_key
        if did.startswith("did:jwk:"):
            return _resolve_jwk(did).methods[0].public_key
    except Malformed:
        return did
    return did


def _resolve_key(did: str) -> DidDocument:
    spelling = did.removeprefix("did:key:")
    public_key = from_multikey(spelling)
    if multikey(public_key) != spelling:
        raise Malformed("did-key", f"{did[:64]} is not the one spelling of its key.")
    return _of_one_key(did, f"{did}#{spelling}", public_key)


def _resolve_jwk(did: str) -> DidDocument:
    encoded = did.removeprefix("did:jwk:")
    if len(encoded) > LONGEST_JWK:
        raise Malformed("did-jwk", f"A did:jwk has at most {LONGEST_JWK:,} characters.")
    jwk = parse(base64url_decode(encoded))
    use = jwk.get("use", "sig")
    if use != "sig":
        raise Malformed("did-jwk", "The key of this did:jwk is not for signatures.")
    return _of_one_key(did, f"{did}#0", from_jwk(jwk))


def _of_one_key(did: str, method_id: str, public_key: PublicKey) -> DidDocument:
    method = VerificationMethod(method_id, did, public_key)
    uses = frozenset({method.id})
    return DidDocument(did, (method,), assertion_method=uses, authentication=uses)


def read_document(source: JsonObject, *, expected_id: str) -> DidDocument:
    """A DID document parsed. Keys of kinds that are not known here are left out.

    Raises Malformed when it is not the document of `expected_id` or its keys are misshapen.
    """
    if source.get("id") != expected_id:
        raise Malformed("did-document", f"The DID document is not that of {expected_id}.")
    embedded = _objects(source.get("verificationMethod", []))
    if len(embedded) > MOST_METHODS:
        raise Malformed("did-document", f"The issuer publishes more than {MOST_METHODS} keys.")
    uses: dict[str, set[str]] = {"assertionMethod": set(), "authentication": set()}
    for relationship, ids in uses.items():
        for entry in _list(source.get(relationship, [])):
            if isinstance(entry, str):
                ids.add(_absolute(entry, expected_id))
            elif isinstance(entry, dict) and isinstance(entry.get("id"), str):
                ids.add(_absolute(entry["id"], expected_id))
                embedded.append(entry)
    methods = (_method(entry, expected_id) for entry in embedded)
    return DidDocument(
        expected_id,
        tuple(method for method in methods if method is not None),
        assertion_method=frozenset(uses["assertionMethod"]),
        authentication=frozenset(uses["authentication"]),
        key_history=_service(source, KEY_HISTORY),
        quality=_service(source, QUALITY),
    )


def _service(source: JsonObject, kind: str) -> str:
    """Where the document says that a service of this kind is; empty where it says nothing."""
    for service in _objects(source.get("service", [])):
        endpoint = service.get("serviceEndpoint")
        if kind in _list(service.get("type")) and isinstance(endpoint, str):
            return endpoint
    return ""


def _method(entry: JsonObject, did: str) -> VerificationMethod | None:
    method_id, controller = entry.get("id"), entry.get("controller")
    if not isinstance(method_id, str) or not isinstance(controller, str):
        raise Malformed("did-document", "A verification method lacks its id or controller.")
    public_key = read_key(entry)
    if public_key is None:
        return None
    try:
        ends = {
            name: model.instant(entry[name], place="/verificationMethod")
            for name in ("expires", "revoked")
            if name in entry
        }
    except Malformed:
        return None  # a key whose end cannot be read is not used
    return VerificationMethod(_absolute(method_id, did), controller, public_key, **ends)


def read_key(entry: JsonObject) -> PublicKey | None:
    """The key of a verification method, as Multikey or JWK; None for kinds not read here."""
    spelled, jwk = entry.get("publicKeyMultibase"), entry.get("publicKeyJwk")
    try:
        if isinstance(spelled, str) and jwk is None:
            return from_multikey(spelled)
        if isinstance(jwk, dict) and spelled is None:
            return from_jwk(jwk)
    except Malformed:
        return None
    return None


def _absolute(reference: str, did: str) -> str:
    return did + reference if reference.startswith("#") else reference


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _objects(value: Any) -> list[JsonObject]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]
