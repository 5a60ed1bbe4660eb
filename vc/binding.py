"""Who holds the key that a proof names, and may that key make this kind of proof for the issuer?"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from vc import did, key_standing
from vc.documents import LARGEST, JsonObject
from vc.errors import Malformed, Refused, Unavailable
from vc.fetch import Fetcher, document_in
from vc.model import Outcome, Step, instant
from vc.public_key import PublicKey, from_multikey

_HTTPS: Final = re.compile(r"https://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)(?:[/?#]|$)")
_UNCHANGED: Final = Step("signature", Outcome.PASS, "Nothing was changed since it was signed.")
_KEY_DOCUMENT: Final = "application/cid, application/did+json, application/json"


@dataclass(frozen=True, slots=True)
class Binding:
    """The public key to check the signature with, if it was found, and what is proven about it.

    `document` and `method` are where the key stands, when it stands in a document.
    """

    steps: tuple[Step, ...]
    public_key: PublicKey | None = None
    document: did.DidDocument | None = None
    method: did.VerificationMethod | None = None

    def signature(self, document: JsonObject, proof: JsonObject, fetcher: Fetcher) -> list[Step]:
        """The step signature for a proof that was found good, once its key could be believed then.

        Where it could not, the signature is not called good: a thief's is as sound as the issuer's.
        """
        try:
            created = proof.get("created")
            claimed = None if created is None else instant(created, place="/proof/created")
        except Malformed as error:
            return [Step("signature", Outcome.FAIL, str(error), error.code)]
        standing = self.standing(document, claimed=claimed, fetcher=fetcher)
        if standing is None:
            return [_UNCHANGED]
        return [_UNCHANGED, standing] if standing.outcome is Outcome.PASS else [standing]

    def standing(
        self, signed: JsonObject | None, *, claimed: datetime | None, fetcher: Fetcher
    ) -> Step | None:
        """Whether the key could be believed at the time; for signatures that were found good."""
        if self.document is None or self.method is None:
            return None
        return key_standing.check(
            signed,
            document=self.document,
            method=self.method,
            claimed=claimed,
            fetcher=fetcher,
        )


def bind(*, method_id: str, controller: str, purpose: str, fetcher: Fetcher) -> Binding:
    """The key named by `method_id`, bound as far as can be to `controller`.

    `controller` is the issuer of a credential or the holder of a presentation; `purpose` is the
    verification relationship: assertionMethod or authentication.
    """
    base, _, fragment = method_id.partition("#")
    if base.startswith("https://") and not fragment.startswith("z"):
        return _published(method_id, controller, purpose, fetcher)
    if not base.startswith(("did:", "https://")):
        sentence = f"The proof names its key in a way not read here: {method_id[:64]}."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "key-scheme"),))
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
    return _from_document(document, method_id, controller, purpose)


def _published(method_id: str, controller: str, purpose: str, fetcher: Fetcher) -> Binding:
    """A key that stands at an https address, in its controller's document or by itself (CID 1.0).

    The controller's document decides in either case: on a shared site, whoever may publish a
    file could publish a key in another's name.
    """
    base = method_id.partition("#")[0]
    if not _site(base) or _site(base) != _site(controller):
        sentence = f"The key is published at {base}, not where the issuer {controller} publishes."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "issuer-mismatch"),))
    try:
        source = document_in(fetcher.get(controller, accept=_KEY_DOCUMENT), largest=LARGEST)
        document = did.read_document(source, expected_id=controller)
        if method_id in document.assertion_method | document.authentication and (
            document.method(method_id) is None
        ):
            document = _with_key(document, method_id, fetcher)
    except Unavailable as error:
        sentence = f"The issuer's keys could not be looked up: {error.sentence}"
        return Binding((Step("issuer", Outcome.UNKNOWN, sentence, "issuer-unreachable"),))
    except Malformed as error:
        return Binding((Step("issuer", Outcome.FAIL, error.sentence, error.code),))
    return _from_document(document, method_id, controller, purpose)


def _with_key(document: did.DidDocument, method_id: str, fetcher: Fetcher) -> did.DidDocument:
    """The document with a key that it refers to, read from the key's own address."""
    fetched = fetcher.get(method_id.partition("#")[0], accept=_KEY_DOCUMENT)
    source = document_in(fetched, largest=LARGEST)
    if source.get("id", method_id) != method_id or source.get("controller") != document.id:
        raise Malformed("key-document", "What is published there is not a key of the issuer.")
    public_key = did.read_key(source)
    if public_key is None:
        raise Malformed("key-document", "What is published there is no key that is read here.")
    method = did.VerificationMethod(method_id, document.id, public_key)
    return replace(document, methods=(*document.methods, method))


def _site(url: str) -> str:
    """The authority of an https address; nothing for anything else."""
    found = _HTTPS.match(url)
    return found[1].lower() if found else ""


def _from_document(
    document: did.DidDocument, method_id: str, controller: str, purpose: str
) -> Binding:
    method = document.method(method_id)
    if method is None or method.controller != document.id:
        sentence = "The issuer's DID document does not hold the key that the proof names."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "key-unknown"),))
    steps = _bound(document.id, controller), _authorised(document, method, purpose)
    return Binding(steps, method.public_key, document, method)


def _bound(base: str, controller: str) -> Step:
    if controller == base:
        return Step("issuer", Outcome.PASS, f"The key belongs to {controller}.")
    sentence = (
        f"The key belongs to {base}; nothing shows that {controller} and {base} are the same."
    )
    return Step("issuer", Outcome.UNKNOWN, sentence, "issuer-not-bound")


def _authorised(document: did.DidDocument, method: did.VerificationMethod, purpose: str) -> Step:
    allowed = document.assertion_method if purpose == "assertionMethod" else document.authentication
    if method.id in allowed:
        return Step("key", Outcome.PASS, "The issuer authorised the key for this use.")
    if method.revoked and document.key_history and purpose == "assertionMethod":
        # Taken back, and nobody who reads no history may use it: the history decides on the rest.
        sentence = (
            f"The issuer had authorised the key, and took it back on {method.revoked:%-d %B %Y}."
        )
        return Step("key", Outcome.PASS, sentence)
    sentence = f"The issuer did not authorise this key for the purpose {purpose}."
    return Step("key", Outcome.FAIL, sentence, "key-not-authorised")


def _self_asserted(base: str, fragment: str, controller: str) -> Binding:
    """A key spelled out in a URL's fragment: it checks bytes, and proves no writer."""
    if base != controller:
        sentence = f"The proof names a key of {base or 'nobody'}, not of the issuer {controller}."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "issuer-mismatch"),))
    try:
        public_key = from_multikey(fragment)
    except Refused:
        sentence = f"The key {base}#{fragment[:64]} is of a kind that is not read here."
        return Binding((Step("issuer", Outcome.UNKNOWN, sentence, "key-kind"),))
    sentence = f"The key stands only in the proof itself; nothing shows that it is {controller}'s."
    return Binding((Step("issuer", Outcome.UNKNOWN, sentence, "issuer-not-bound"),), public_key)
