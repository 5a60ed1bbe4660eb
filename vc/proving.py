"""The proofs of a document: by whose key each was made, and whether it holds."""

from collections.abc import Callable
from typing import Final

from vc import legacy
from vc.binding import Binding, bind
from vc.documents import JsonObject
from vc.errors import Malformed, Unavailable
from vc.fetch import Fetcher
from vc.model import Outcome, Step, listed
from vc.proofs import configuration as di
from vc.proofs.suites import SUITES, suite_of
from vc.public_key import PublicKey

MOST_PROOFS: Final = 16  # of one document, each of which costs a millisecond or more
_CHANGED: Final = Step(
    "signature",
    Outcome.FAIL,
    "The signature does not match: the content was changed after it was signed.",
    "signature",
)
UNSIGNED: Final = Step(
    "signature", Outcome.FAIL, "It carries no proof: anybody could have written it.", "no-proof"
)


def check_proofs(
    document: JsonObject, *, controller: str, purpose: str, fetcher: Fetcher
) -> list[Step]:
    """The steps issuer, key and signature for a document's proofs.

    Every proof of a known cryptosuite must hold; others neither help nor harm beside one that does.
    """
    proofs = listed(document.get("proof"))
    if not proofs or not all(isinstance(proof, dict) for proof in proofs):
        return [UNSIGNED]
    if len(proofs) > MOST_PROOFS:
        sentence = f"It carries more than {MOST_PROOFS} proofs."
        return [Step("signature", Outcome.FAIL, sentence, "too-many-proofs")]
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
        if any(step.outcome is not Outcome.PASS for step in steps):
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

    def good(public_key: PublicKey) -> bool:
        return SUITES[proof.suite](di.subject_of(document, proof), proof, public_key=public_key)

    return _bound(binding, good, document, proof.options, fetcher)


def _check_legacy(
    document: JsonObject, proof: JsonObject, controller: str, purpose: str, fetcher: Fetcher
) -> list[Step]:
    method = proof["verificationMethod"]
    binding = bind(method_id=method, controller=controller, purpose=purpose, fetcher=fetcher)
    return _bound(binding, lambda _: legacy.verifies(document), document, proof, fetcher)


def _bound(
    binding: Binding,
    good: Callable[[PublicKey], bool],
    document: JsonObject,
    options: JsonObject,
    fetcher: Fetcher,
) -> list[Step]:
    """The steps about a key, and where there is one, whether the signature is `good` with it."""
    steps = list(binding.steps)
    if binding.public_key is None:
        return steps
    try:
        holds = good(binding.public_key)
    except Unavailable as error:
        return [*steps, Step("signature", Outcome.UNKNOWN, error.sentence, error.code)]
    except Malformed as error:
        return [*steps, Step("signature", Outcome.FAIL, str(error), error.code)]
    return steps + (binding.signature(document, options, fetcher) if holds else [_CHANGED])


def _kind(proof: JsonObject) -> str:
    return suite_of(proof)[:64] or "an unnamed kind of proof"
