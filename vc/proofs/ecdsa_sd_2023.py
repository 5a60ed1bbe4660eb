"""The cryptosuite ecdsa-sd-2023 (W3C VC-DI-ECDSA 1.0, sections 3.4 to 3.6): derived proofs.

The issuer signs what is mandatory with its key, and each other statement with a key made for this
one credential; the holder shows some of the statements with their signatures.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vc import cbor, ecdsa
from vc.canonical import canonical, canonical_digest
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.errors import Malformed
from vc.proofs import configuration as di
from vc.public_key import KeyKind, PublicKey, from_p256_multicodec

NAME: Final = "ecdsa-sd-2023"
_BASE: Final = b"\xd9\x5d\x00"
_DERIVED: Final = b"\xd9\x5d\x01"
_SIGNATURE: Final = 64  # bytes
_LABEL: Final = 32  # bytes of an HMAC
_BLANK: Final = re.compile(r"_:c14n([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a derived proof holds; `labels` lead from the number of a blank node to its label."""

    base_signature: bytes
    proof_key: PublicKey
    proof_key_bytes: bytes
    signatures: tuple[bytes, ...]
    labels: Mapping[int, str]
    mandatory: frozenset[int]


def verifies(document: JsonObject, proof: di.Proof, *, public_key: PublicKey) -> bool:
    """Whether each statement of `document` was signed for by that P-256 key.

    Raises Malformed for a base proof, which is for the holder alone, and for one misshapen.
    """
    if public_key.kind is not KeyKind.P256:
        raise Malformed("key-kind", "An ecdsa-sd-2023 proof needs a P-256 key.")
    shown = read_disclosure(proof.value)
    statements = relabelled(canonical(document), shown.labels)
    mandatory = [text for index, text in enumerate(statements) if index in shown.mandatory]
    others = [text for index, text in enumerate(statements) if index not in shown.mandatory]
    if len(mandatory) != len(shown.mandatory) or len(others) != len(shown.signatures):
        return False
    configuration = {**proof.options, "@context": document["@context"]}
    # Section 3.5.9: proof hash, the key of the other statements, hash of the mandatory ones.
    signed = (
        canonical_digest(configuration)
        + shown.proof_key_bytes
        + hashlib.sha256("".join(mandatory).encode()).digest()
    )
    return ecdsa.verifies(signed, signature=shown.base_signature, public_key=public_key) and all(
        ecdsa.verifies(text.encode(), signature=signature, public_key=shown.proof_key)
        for text, signature in zip(others, shown.signatures, strict=True)
    )


def relabelled(text: str, labels: Mapping[int, str]) -> list[str]:
    """The canonical statements, one a line, with other labels for blank nodes, sorted again.

    Raises Malformed where a blank node has no label, or a label no blank node.
    """
    met: set[int] = set()

    def label(found: re.Match[str]) -> str:
        number = int(found[1])
        if number not in labels:
            raise Malformed("sd-labels", "An unnamed node of the document has no label.")
        met.add(number)
        return f"_:{labels[number]}"

    lines = sorted(_relabelled_line(line, label) for line in text.splitlines(keepends=True))
    if met != set(labels):
        raise Malformed("sd-labels", "The proof labels a node that the document does not have.")
    return lines


def _relabelled_line(line: str, label: Any) -> str:
    """Blank nodes stand first, last but one, or as the graph: never inside a literal or an IRI."""
    return _TERMS.sub(lambda term: _BLANK.sub(label, term[0]) if term[1] else term[0], line)


# A blank node, or a whole IRI or literal to be passed over.
_TERMS: Final = re.compile(r'(_:c14n[0-9]+)|<[^>]*>|"(?:[^"\\]|\\.)*"')


def read_disclosure(value: bytes) -> Disclosure:
    """The derived proof in a proof value (section 3.5.7). Raises Malformed."""
    if value.startswith(_BASE):
        raise Malformed("sd-base", "This is a base proof: its holder derives what is shown.")
    if not value.startswith(_DERIVED):
        raise Malformed("sd-proof", "The proof value is not that of a derived proof.")
    parts = cbor.decode(value[len(_DERIVED) :])
    if not isinstance(parts, list) or len(parts) != 5:
        raise Malformed("sd-proof", "A derived proof has five components.")
    base, key, signatures, labels, mandatory = parts
    if not _are_bytes([base], _SIGNATURE) or not isinstance(key, bytes):
        raise Malformed("sd-proof", "The base signature or the key is misshapen.")
    if not isinstance(signatures, list) or not _are_bytes(signatures, _SIGNATURE):
        raise Malformed("sd-proof", "The signatures are misshapen.")
    if not isinstance(labels, dict) or not _are_labels(labels):
        raise Malformed("sd-proof", "The labels are misshapen.")
    if not isinstance(mandatory, list) or not all(type(index) is int for index in mandatory):
        raise Malformed("sd-proof", "The mandatory indexes are misshapen.")
    if mandatory != sorted(set(mandatory)):
        raise Malformed("sd-proof", "The mandatory indexes do not rise.")
    return Disclosure(
        base_signature=base,
        proof_key=from_p256_multicodec(key),
        proof_key_bytes=key,
        signatures=tuple(signatures),
        labels={number: "u" + base64url_encode(label) for number, label in labels.items()},
        mandatory=frozenset(mandatory),
    )


def _are_bytes(values: list[Any], length: int) -> bool:
    return all(isinstance(value, bytes) and len(value) == length for value in values)


def _are_labels(labels: dict[Any, Any]) -> bool:
    named = all(type(number) is int for number in labels)
    return named and _are_bytes(list(labels.values()), _LABEL) and _differ(labels)


def _differ(labels: dict[Any, Any]) -> bool:
    # Two nodes under one label would become one.
    return len(set(labels.values())) == len(labels)
