"""Do the resources that a credential refers to have the digests that it gives?

Source: VCDM 2.0 section 5.3. Compared are the resources that are pinned here; others are not
fetched, for whoever serves them would learn who verifies what.
"""

import base64
import hashlib
import re
from typing import Final

import contexts
from vc.documents import JsonObject
from vc.encoding import base58btc_decode, base64url_decode
from vc.errors import Malformed
from vc.model import Credential, Outcome, Step, listed
from vc.structure import CREDENTIALS_V2

_SRI: Final = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})")
# Multihash prefixes: the code of the function and the length of the digest.
_MULTIHASH: Final = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
# What the registries carry has the meaning that W3C published, in other bytes than its
# Recommendation names the digest of: a digest of the published bytes cannot be compared.
_OTHER_BYTES: Final = frozenset({CREDENTIALS_V2})


def check(credential: Credential) -> list[Step]:
    """The step resources; none where the credential names no resource that is pinned here."""
    compared = 0
    for entry in listed(credential.document.get("relatedResource")):
        if entry["id"] not in contexts.known():
            continue
        compared += 1
        try:
            agrees = _agrees(entry, contexts.raw(entry["id"]))
        except Malformed as error:
            return [Step("resources", Outcome.FAIL, error.sentence, error.code)]
        if not agrees and entry["id"] in _OTHER_BYTES:
            sentence = (
                f"The digest of {entry['id']} could not be compared with its published bytes."
            )
            return [Step("resources", Outcome.UNKNOWN, sentence, "digest-unknown")]
        if not agrees:
            sentence = f"{entry['id']} does not have the digest that the credential gives."
            return [Step("resources", Outcome.FAIL, sentence, "digest-mismatch")]
    if not compared:
        return []
    sentence = "The published documents that it names have the digests that it gives."
    return [Step("resources", Outcome.PASS, sentence)]


def _agrees(entry: JsonObject, content: bytes) -> bool:
    found = []
    if "digestSRI" in entry:
        found.append(_sri(entry["digestSRI"], content))
    if "digestMultibase" in entry:
        found.append(_multihash(entry["digestMultibase"], content))
    return all(found)


def _sri(spelled: object, content: bytes) -> bool:
    parts = _SRI.fullmatch(spelled) if isinstance(spelled, str) else None
    if parts is None:
        raise Malformed("digest", "A digestSRI is the name of a SHA-2 function and a digest.")
    digest = hashlib.new(parts[1], content).digest()
    return parts[2] == base64.b64encode(digest).decode()


def _multihash(spelled: object, content: bytes) -> bool:
    if not isinstance(spelled, str) or spelled[:1] not in ("u", "z"):
        raise Malformed("digest", "A digestMultibase starts with u or z.")
    decode = base64url_decode if spelled[0] == "u" else base58btc_decode
    multihash = decode(spelled[1:])
    algorithm = _MULTIHASH.get(multihash[:2])
    if algorithm is None:
        raise Malformed("digest", "A digestMultibase is a multihash of a SHA-2 function.")
    return multihash[2:] == hashlib.new(algorithm, content).digest()
