"""Verification receipts: what was checked, when, by which versions, signed by the verifier's key.

A receipt is itself a credential (VCDM 2.0) with an eddsa-jcs-2022 proof. It names what was checked
by its digest and never holds it; where the signature did not hold, it repeats nothing of it.
Nothing is kept here: whoever wants a receipt takes it along.
"""

import uuid
from dataclasses import dataclass
from typing import Final

import contexts
from contexts import UnknownContext
from vc.documents import JsonObject, parse
from vc.ed25519 import Signer
from vc.encoding import base64url_decode, digest_multibase
from vc.errors import Malformed
from vc.jcs import canonical_json
from vc.model import Credential, listed, timestamp
from vc.proofs import eddsa_jcs_2022
from vc.proofs.suites import suite_of
from vc.received import Received, receive, sd_jwt_in
from vc.structure import CREDENTIALS_V2
from verifier.checked import Checked, step_as_json
from verifier.receipt import MOST_STEPS, TYPE, is_receipt
from verifier.trust import TrustFinding

CONTEXT: Final = "urn:learnometer:receipt:v1"
MOST_SUITES: Final = 8
LONGEST_TEXT: Final = 500  # characters of a text that somebody else wrote
_NAMESPACE: Final = uuid.UUID("6f1c2a52-4f9d-5a51-9f0e-1c1b8f2c9a10")  # of receipts' ids


@dataclass(frozen=True, slots=True)
class Receipts:
    """Makes receipts in the name of one verifier; `software` names the program and its version."""

    signer: Signer
    did: str
    software: str

    def issue(self, checked: Checked) -> JsonObject:
        """The signed receipt of a check. The same check gives the same bytes."""
        subject = _subject(checked) | {"software": self.software}
        when = timestamp(checked.report.checked_at)
        unsigned: JsonObject = {
            "@context": [CREDENTIALS_V2, CONTEXT],
            "id": f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{when} {canonical_json(subject).hex()}')}",
            "type": ["VerifiableCredential", TYPE],
            "issuer": self.did,
            "validFrom": when,
            "credentialSubject": subject,
        }
        return eddsa_jcs_2022.sign(unsigned, signer=self.signer, created=checked.report.checked_at)


def _subject(checked: Checked) -> JsonObject:
    subject: JsonObject = {
        "verdict": checked.report.verdict.value if checked.readable else "could not be read",
        "headline": checked.headline,
        "check": [_step(step_as_json(step)) for step in checked.steps[:MOST_STEPS]],
        "checked": _matter(checked),
    }
    if checked.trust is not None and checked.says_who:
        subject["trust"] = _trust(checked.trust)
    return subject


def _step(step: dict[str, str]) -> JsonObject:
    named = {"step": step["name"], **{key: step[key] for key in ("outcome", "sentence", "code")}}
    return {key: value[:LONGEST_TEXT] for key, value in named.items() if value}


def _trust(trust: TrustFinding) -> JsonObject:
    found = {
        "standing": trust.standing.value,
        "registeredName": trust.entry.name if trust.entry else "",
        "registry": trust.version,
        "sentence": trust.sentence,
    }
    return {key: value for key, value in found.items() if value}


def _matter(checked: Checked) -> JsonObject:
    """What was checked, by its digest; what it says only where its signature is proven."""
    credential = checked.report.credential
    if credential is None:
        raw = checked.content if isinstance(checked.content, bytes | str) else ""
        content = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
        return {"digestMultibase": digest_multibase(content)} if content else {"title": "nothing"}
    received = _received(checked, credential)
    matter: JsonObject = {"digestMultibase": _digest(received)}
    if suites := _suites(received):
        matter["suite"] = suites
    if digests := _contexts(received.document):
        matter["contextDigest"] = digests
    if checked.says_who:
        matter |= _said(credential, checked.title)
    return matter


def _received(checked: Checked, credential: Credential) -> Received:
    """What was judged, as it stands; an SD-JWT is its whole text, with all that it discloses."""
    if text := sd_jwt_in(checked.content):
        return Received(credential.document, token=text)
    return receive(checked.content) if checked.content else Received(credential.document)


def _said(credential: Credential, title: str) -> JsonObject:
    named = {
        "id": credential.id,
        "title": title,
        "issuedBy": credential.issuer_id,
        "issuedTo": credential.subject_id,
    }
    kinds = sorted(credential.types - {"VerifiableCredential"})
    texts = {key: value[:LONGEST_TEXT] for key, value in named.items() if value}
    return texts | ({"kind": [kind[:LONGEST_TEXT] for kind in kinds]} if kinds else {})


def _digest(received: Received) -> str:
    """Of the token as it stands, or of the canonical JSON (RFC 8785) with its proof."""
    if received.token:
        return digest_multibase(received.token.encode("utf-8"))
    return digest_multibase(canonical_json(received.document))


def _suites(received: Received) -> list[str]:
    if received.token:
        try:
            header = parse(base64url_decode(received.token.partition(".")[0]))
        except Malformed:
            return []  # the signature's check has said what is wrong with it
        return [f"JWS {str(header.get('alg'))[:16]}"]
    proofs = [proof for proof in listed(received.document.get("proof")) if isinstance(proof, dict)]
    return sorted({suite_of(proof)[:64] for proof in proofs} - {""})[:MOST_SUITES]


def _contexts(document: JsonObject) -> list[JsonObject]:
    found = []
    for url in listed(document.get("@context")):
        try:
            found.append({"url": url, "digestMultibase": digest_multibase(contexts.raw(url))})
        except (UnknownContext, TypeError):
            continue  # a context in the document itself is covered by the document's digest
    return found


def own_receipt(checked: Checked, *, did: str) -> JsonObject:
    """The document, when the check says that it is a genuine receipt of this verifier.

    Raises Malformed for anything else.
    """
    credential = checked.report.credential
    genuine = checked.is_bound and credential is not None and credential.issuer_id == did
    if not genuine or credential is None or not is_receipt(credential):
        raise Malformed("receipt", "This is no receipt of this verifier.", place="receipt")
    return credential.document
