"""Who holds the key that a proof names, and may that key make this kind of proof for the issuer?"""

from dataclasses import dataclass

from vc import did
from vc.encoding import ed25519_from_multikey
from vc.errors import Malformed, Refused, Unavailable
from vc.fetch import Fetcher
from vc.model import Outcome, Step


@dataclass(frozen=True, slots=True)
class Binding:
    """The public key to check the signature with, if it was found, and what is proven about it."""

    steps: tuple[Step, ...]
    public_key: bytes | None = None


def bind(*, method_id: str, controller: str, purpose: str, fetcher: Fetcher) -> Binding:
    """The key named by `method_id`, bound as far as can be to `controller`.

    `controller` is the issuer of a credential or the holder of a presentation; `purpose` is the
    verification relationship: assertionMethod or authentication.
    """
    base, _, fragment = method_id.partition("#")
    if not base.startswith("did:"):
        return _self_asserted(base, fragment, controller)
    if controller.startswith("did:") and controller != base:
        sentence = f"The proof was made with a key of {base}, not of the issuer {controller}."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "issuer-mismatch"),))
    try:
        document = did.resolve(base, fetcher=fetcher)
    except Unavailable as error:
        sentence = f"The issuer's keys could not be looked up: {error.sentence}"
        return Binding((Step("issuer", Outcome.UNKNOWN, sentence, "issuer-unreachable"),))
    except Malformed as error:
        return Binding((Step("issuer", Outcome.FAIL, error.sentence, error.code),))
    method = document.method(method_id)
    if method is None or method.controller != base:
        sentence = "The issuer's DID document does not hold the key that the proof names."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "key-unknown"),))
    return Binding(
        (_bound(base, controller), _authorised(document, method_id, purpose)), method.public_key
    )


def _bound(base: str, controller: str) -> Step:
    if controller == base:
        return Step("issuer", Outcome.PASS, f"The key belongs to {controller}.")
    sentence = (
        f"The key belongs to {base}; nothing shows that {controller} and {base} are the same."
    )
    return Step("issuer", Outcome.UNKNOWN, sentence, "issuer-not-bound")


def _authorised(document: did.DidDocument, method_id: str, purpose: str) -> Step:
    allowed = document.assertion_method if purpose == "assertionMethod" else document.authentication
    if method_id in allowed:
        return Step("key", Outcome.PASS, "The issuer authorised the key for this use.")
    sentence = f"The issuer did not authorise this key for the purpose {purpose}."
    return Step("key", Outcome.FAIL, sentence, "key-not-authorised")


def _self_asserted(base: str, fragment: str, controller: str) -> Binding:
    """A key spelled out in a URL's fragment: it checks bytes, and proves no writer."""
    if base != controller:
        sentence = f"The proof names a key of {base or 'nobody'}, not of the issuer {controller}."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "issuer-mismatch"),))
    try:
        public_key = ed25519_from_multikey(fragment)
    except Refused:
        sentence = f"The key {base}#{fragment[:64]} is of a kind that is not read here."
        return Binding((Step("issuer", Outcome.UNKNOWN, sentence, "key-kind"),))
    sentence = f"The key stands only in the proof itself; nothing shows that it is {controller}'s."
    return Binding((Step("issuer", Outcome.UNKNOWN, sentence, "issuer-not-bound"),), public_key)
