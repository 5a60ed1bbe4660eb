"""The cryptosuite ecdsa-sd-2023 (W3C VC-DI-ECDSA 1.0, sections 3.4 to 3.6).

The issuer signs what is mandatory with its key, and each other statement with a key made for this
one credential (`sign`: a base proof); the holder shows some of the statements with their
signatures (`derive`: a derived proof), which is what anyone verifies.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from vc import ecdsa
from vc.canonical import canonical, canonical_digest
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.errors import Malformed
from vc.proofs import configuration as di
from vc.proofs.ecdsa_sd_values import HMAC_KEY, Base, Disclosure, read_base, read_disclosure
from vc.public_key import KeyKind, PublicKey, from_p256_multicodec, p256_multicodec
from vc.selective import MOST_STATEMENTS, Label, Labelled, labelled, select

NAME: Final = "ecdsa-sd-2023"
_BLANK: Final = re.compile(r"_:c14n([0-9]+)")


def sign(
    document: JsonObject,
    *,
    signer: ecdsa.Signer,
    created: datetime,
    mandatory: Sequence[str],
    hmac_key: bytes,
    proof_key: ecdsa.Signer,
) -> JsonObject:
    """`document` with a base proof, for its holder alone (section 3.5.8, 3.6.1).

    `mandatory` are JSON pointers to what the holder always shows. `hmac_key`, 32 secret bytes, and
    `proof_key`, on P-256, are made for this one credential. Raises Malformed for a pointer that
    leads nowhere.
    """
    if signer.public_key.kind is not KeyKind.P256 or proof_key.public_key.kind is not KeyKind.P256:
        raise Malformed("key-kind", "An ecdsa-sd-2023 proof needs P-256 keys.")
    if len(hmac_key) != HMAC_KEY:
        raise Malformed("sd-key", f"The key of the labels has {HMAC_KEY} bytes.")
    proof = di.options(cryptosuite=NAME, method=signer.verification_method, created=created)
    whole = labelled(document, label=by_hmac(hmac_key))
    shown = whole.indexes(mandatory)
    always = [text for index, text in enumerate(whole.statements) if index in shown]
    others = [text for index, text in enumerate(whole.statements) if index not in shown]
    key = p256_multicodec(proof_key.public_key)
    value = Base(
        base_signature=signer.sign(_to_sign(document, proof, key, always)),
        proof_key_bytes=key,
        hmac_key=hmac_key,
        signatures=tuple(proof_key.sign(text.encode()) for text in others),
        mandatory=tuple(mandatory),
    )
    return di.secured(document, proof, value.written())


def derive(document: JsonObject, *, pointers: Sequence[str]) -> JsonObject:
    """What a holder shows of a credential with one base proof (section 3.5.5, 3.6.6).

    What the issuer made mandatory, and what is at `pointers`. Raises Malformed for a credential
    that carries another proof or was changed where it is shown, for a pointer that leads nowhere,
    and for pointers that leave nothing of its subject.
    """
    if not isinstance(document.get("proof"), dict | list) or "@context" not in document:
        raise Malformed("sd-proof", "The credential carries no proof.", place="/proof")
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    if len(proofs) != 1 or not isinstance(proofs[0], dict):
        raise Malformed("sd-proof", "A part is shown of a credential with one proof.")
    if proofs[0].get("cryptosuite") != NAME:
        raise Malformed("sd-proof", f"Parts are shown of credentials signed with {NAME}.")
    base = read_base(di.read_proof(document, proofs[0], suite=NAME).value)
    unsecured = di.unsecured(document)
    whole = labelled(unsecured, label=by_hmac(base.hmac_key))
    always, chosen = whole.indexes(base.mandatory), whole.indexes(pointers)
    shown = select(unsecured, [*base.mandatory, *pointers])
    if not shown:
        raise Malformed("pointer", "Nothing was chosen to be shown.")
    if "credentialSubject" not in shown:
        sentence = "A credential shows something of its subject: choose within /credentialSubject."
        raise Malformed("pointer", sentence)
    combined = sorted(always | chosen)
    value = Disclosure(
        base_signature=base.base_signature,
        proof_key=from_p256_multicodec(base.proof_key_bytes),
        proof_key_bytes=base.proof_key_bytes,
        signatures=_signatures_of(base, whole, always, chosen),
        labels=whole.numbered([*base.mandatory, *pointers]),
        mandatory=frozenset(place for place, index in enumerate(combined) if index in always),
    )
    options = {key: item for key, item in proofs[0].items() if key != "proofValue"}
    return di.secured(shown, options, value.written())


def verifies(document: JsonObject, proof: di.Proof, *, public_key: PublicKey) -> bool:
    """Whether each statement of `document` was signed for by that P-256 key.

    Raises Malformed for a base proof, which is for the holder alone, and for one misshapen.
    """
    if public_key.kind is not KeyKind.P256:
        raise Malformed("key-kind", "An ecdsa-sd-2023 proof needs a P-256 key.")
    shown = read_disclosure(proof.value)
    if len(shown.signatures) > MOST_STATEMENTS:
        raise Malformed("selective", f"It signs more than {MOST_STATEMENTS:,} statements.")
    statements = relabelled(canonical(document), shown.labels)
    mandatory = [text for index, text in enumerate(statements) if index in shown.mandatory]
    others = [text for index, text in enumerate(statements) if index not in shown.mandatory]
    if len(mandatory) != len(shown.mandatory) or len(others) != len(shown.signatures):
        return False
    signed = _to_sign(document, proof.options, shown.proof_key_bytes, mandatory)
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

    # At line feeds alone: literals hold other ends of lines as they are (U+0085, U+2028).
    statements = (line + "\n" for line in text.split("\n") if line)
    lines = sorted(_relabelled_line(line, label) for line in statements)
    if met != set(labels):
        raise Malformed("sd-labels", "The proof labels a node that the document does not have.")
    return lines


def _relabelled_line(line: str, label: Any) -> str:
    """Blank nodes stand first, last but one, or as the graph: never inside a literal or an IRI."""
    return _TERMS.sub(lambda term: _BLANK.sub(label, term[0]) if term[1] else term[0], line)


# A blank node, or a whole IRI or literal to be passed over.
_TERMS: Final = re.compile(r'(_:c14n[0-9]+)|<[^>]*>|"(?:[^"\\]|\\.)*"')


def _to_sign(
    document: JsonObject, options: JsonObject, proof_key: bytes, mandatory: Iterable[str]
) -> bytes:
    """Section 3.5.1: proof hash, the key of the other statements, hash of the mandatory ones."""
    configuration = {**options, "@context": document["@context"]}
    hashed = hashlib.sha256("".join(mandatory).encode()).digest()
    return canonical_digest(configuration) + proof_key + hashed


def by_hmac(key: bytes) -> Label:
    """Labels that say nothing of what was left out (section 3.4.4)."""
    return lambda label: "u" + base64url_encode(hmac.digest(key, label.encode(), "sha256"))


def _signatures_of(
    base: Base, whole: Labelled, always: frozenset[int], chosen: frozenset[int]
) -> tuple[bytes, ...]:
    """The signatures of the chosen statements that are not mandatory."""
    others = [index for index in range(len(whole.statements)) if index not in always]
    if len(others) != len(base.signatures):
        raise Malformed("sd-proof", "The base proof has not one signature for each statement.")
    by_index = dict(zip(others, base.signatures, strict=True))
    shown, key = sorted(chosen - always), from_p256_multicodec(base.proof_key_bytes)
    for index in shown:
        text = whole.statements[index].encode()
        if not ecdsa.verifies(text, signature=by_index[index], public_key=key):
            raise Malformed("sd-proof", "The credential was changed after it was signed.")
    return tuple(by_index[index] for index in shown)
