"""Verification of a credential: one numbered path, a report of named steps."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from vc import legacy, withdrawal
from vc.binding import bind
from vc.documents import JsonObject
from vc.errors import Malformed, Unavailable
from vc.fetch import Bounded, Fetcher
from vc.model import Credential, Outcome, Report, Step, instant, listed
from vc.proofs import configuration as di
from vc.proofs import vc_jwt
from vc.proofs.suites import SUITES, suite_of
from vc.received import Received, receive
from vc.structure import read_credential

CLOCK_SKEW: Final = timedelta(seconds=300)

_UNCHANGED: Final = Step("signature", Outcome.PASS, "Nothing was changed since it was signed.")
_CHANGED: Final = Step(
    "signature",
    Outcome.FAIL,
    "The signature does not match: the content was changed after it was signed.",
    "signature",
)
# Fetched for one credential; a badge with thirty judges, all of whom have a did:key, needs three.
MOST_DOCUMENTS: Final = 48
_DEEPEST_NESTING: Final = 2  # endorsements of endorsements end here


def verify(source: bytes | str | JsonObject, *, now: datetime, fetcher: Fetcher) -> Report:
    """Check a credential at the time `now`; what was found, never an exception about it.

    `source` is what was handed over: JSON, a compact JWS, or a PNG or SVG with either baked in.

    Not part of it, and left to the caller: whether the issuer is one to trust, whether the
    subject is the person in front of you, and what the credential is good for.
    """
    bounded = Bounded(fetcher, most=MOST_DOCUMENTS)
    return _verify(source, now=now, fetcher=bounded, nesting=0)


def _verify(
    source: bytes | str | JsonObject, *, now: datetime, fetcher: Fetcher, nesting: int
) -> Report:
    # (0) Opened: JSON, a JWS, or an image that carries either.
    # (1) Structure: strict JSON, known contexts in their order, the members that VCDM demands.
    try:
        received = receive(source)
        credential = read_credential(received.document)
    except Malformed as error:
        step = Step("structure", Outcome.FAIL, str(error), error.code)
        return Report((step,), None, now)
    steps = [Step("structure", Outcome.PASS, "It has the form of a verifiable credential.")]

    # (2) The issuer's key: is it the issuer's, (3) may it sign credentials, (4) did it sign this?
    # Nothing but the issuer's DID document is fetched before the signature is known to be good.
    steps += _check_signature(received, credential, fetcher)
    if any(step.name == "signature" and step.outcome is Outcome.PASS for step in steps):
        # (5) Dates. (6) Status, from a list that the same issuer signed. (7) Endorsements.
        steps.append(_check_dates(credential, now))
        if nesting < _DEEPEST_NESTING:
            verify_list = partial(_verify, now=now, fetcher=fetcher, nesting=_DEEPEST_NESTING)
            steps.append(withdrawal.check(credential, fetcher=fetcher, verify_list=verify_list))
            steps += _check_endorsements(credential, now, fetcher, nesting)
    return Report(tuple(steps), credential, now)


def _check_signature(received: Received, credential: Credential, fetcher: Fetcher) -> list[Step]:
    if received.token:
        return vc_jwt.check_token(received.token, controller=credential.issuer_id, fetcher=fetcher)
    return check_proofs(
        received.document,
        controller=credential.issuer_id,
        purpose="assertionMethod",
        fetcher=fetcher,
    )


def check_proofs(
    document: JsonObject, *, controller: str, purpose: str, fetcher: Fetcher
) -> list[Step]:
    """The steps issuer, key and signature for a document's proofs.

    Every proof of a known cryptosuite must hold; others neither help nor harm beside one that does.
    """
    proofs = listed(document.get("proof"))
    if not proofs or not all(isinstance(proof, dict) for proof in proofs):
        sentence = "It carries no proof: anybody could have written it."
        return [Step("signature", Outcome.FAIL, sentence, "no-proof")]
    try:
        known = [
            di.read_proof(document, proof, suite=suite_of(proof))
            for proof in proofs
            if suite_of(proof) in SUITES
        ]
    except Malformed as error:
        return [Step("signature", Outcome.FAIL, error.sentence, error.code)]
    if not known and legacy.reads(document):
        return _check_legacy(document, proofs[0], controller, purpose, fetcher)
    if not known:
        kinds = ", ".join(sorted({_kind(proof) for proof in proofs}))
        sentence = f"It is signed with {kinds}, which is not checked here."
        return [Step("signature", Outcome.UNKNOWN, sentence, "suite-unknown")]
    steps: list[Step] = []
    for proof in known:
        steps = _check_proof(document, proof, controller, purpose, fetcher)
        if steps[-1].outcome is not Outcome.PASS:
            break
    return steps


def _check_proof(
    document: JsonObject, proof: di.Proof, controller: str, purpose: str, fetcher: Fetcher
) -> list[Step]:
    if proof.purpose != purpose:
        sentence = f"The proof was made for the purpose {proof.purpose[:64]}, not {purpose}."
        return [Step("signature", Outcome.FAIL, sentence, "proof-purpose")]
    binding = bind(
        method_id=proof.verification_method,
        controller=controller,
        purpose=purpose,
        fetcher=fetcher,
    )
    steps = list(binding.steps)
    if binding.public_key is None:
        return steps
    try:
        subject = di.subject_of(document, proof)
        good = SUITES[proof.suite](subject, proof, public_key=binding.public_key)
    except Malformed as error:
        return [*steps, Step("signature", Outcome.FAIL, str(error), error.code)]
    return [*steps, _UNCHANGED if good else _CHANGED]


def _check_legacy(
    document: JsonObject, proof: JsonObject, controller: str, purpose: str, fetcher: Fetcher
) -> list[Step]:
    binding = bind(
        method_id=proof["verificationMethod"],
        controller=controller,
        purpose=purpose,
        fetcher=fetcher,
    )
    steps = list(binding.steps)
    if binding.public_key is None:
        return steps
    try:
        good = legacy.verifies(document)
    except Unavailable as error:
        return [*steps, Step("signature", Outcome.UNKNOWN, error.sentence, error.code)]
    except Malformed as error:
        return [*steps, Step("signature", Outcome.FAIL, str(error), error.code)]
    return [*steps, _UNCHANGED if good else _CHANGED]


def _kind(proof: JsonObject) -> str:
    return suite_of(proof)[:64] or "an unnamed kind of proof"


def _check_dates(credential: Credential, now: datetime) -> Step:
    valid_from, valid_until = credential.valid_from, credential.valid_until
    try:
        expiries = [
            instant(proof["expires"], place="/proof/expires")
            for proof in listed(credential.document.get("proof"))
            if isinstance(proof, dict) and "expires" in proof
        ]
    except Malformed as error:
        return Step("dates", Outcome.FAIL, str(error), error.code)
    if valid_from is not None and now + CLOCK_SKEW < valid_from:
        sentence = f"It is not valid before {valid_from:%d %B %Y}."
        return Step("dates", Outcome.FAIL, sentence, "not-yet-valid")
    if valid_until is not None:
        expiries.append(valid_until)
    if expiries and now - CLOCK_SKEW > min(expiries):
        return Step("dates", Outcome.FAIL, f"It expired on {min(expiries):%d %B %Y}.", "expired")
    if not expiries:
        return Step("dates", Outcome.PASS, "It is in force and has no expiry date.")
    return Step("dates", Outcome.PASS, f"It is in force until {min(expiries):%d %B %Y}.")


def _check_endorsements(
    credential: Credential, now: datetime, fetcher: Fetcher, nesting: int
) -> list[Step]:
    """Each embedded endorsement verified, and counted as a judge when it is about this badge."""
    judges: list[str] = []
    for endorsement in credential.endorsements:
        report = _verify(endorsement, now=now, fetcher=fetcher, nesting=nesting + 1)
        against = next((step for step in report.steps if step.outcome is not Outcome.PASS), None)
        if against is not None:
            sentence = f"An endorsement in it does not hold: {against.sentence}"
            return [Step("endorsements", against.outcome, sentence, against.code)]
        signed = report.verified().credential
        if (
            "EndorsementCredential" not in signed.types
            or signed.subject_id not in credential.endorsable
        ):
            sentence = "An endorsement in it is about something else."
            return [Step("endorsements", Outcome.FAIL, sentence, "endorsement-subject")]
        judges.append(signed.issuer_id)
    if not judges:
        return []
    return [_count(judges, holder=credential.subject_id, issuer=credential.issuer_id)]


def _count(judges: list[str], *, holder: str, issuer: str) -> Step:
    if holder in judges:
        sentence = "The holder is among those who endorse it."
        return Step("endorsements", Outcome.FAIL, sentence, "endorsed-by-holder")
    if len(set(judges)) != len(judges):
        sentence = "One person's endorsement is counted twice."
        return Step("endorsements", Outcome.FAIL, sentence, "endorsed-twice")
    peers = [judge for judge in judges if judge != issuer]
    sentence = (
        f"{len(peers)} people signed for it, each with their own key; none of them is the holder."
    )
    if not peers:
        sentence = "Only its own issuer endorses it."
    elif len(peers) == 1:
        sentence = "1 person, who is not the holder, signed for it with their own key."
    return Step("endorsements", Outcome.PASS, sentence)
