"""Could the key be believed when it signed this? What the issuer's key history says of a proof.

The history is fetched after the signature was found good, and the log is asked only about keys
that are known to be in other hands.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from vc.dates import CLOCK_SKEW
from vc.did import DidDocument, VerificationMethod, did_web_url
from vc.documents import JsonObject
from vc.errors import Malformed, Refused
from vc.fetch import Fetcher, document_in
from vc.key_history import Compromise, HistoricKey, KeyHistory, KeyState, read
from vc.logged import check_inclusion, document_leaf
from vc.model import Outcome, Step

_JSON: Final = "application/json"
_NAME: Final = "key-history"
_LONGEST_PROOF: Final = 64  # hashes; a log of so high a tree has more entries than atoms
_REVOKED: Final = Step(
    _NAME,
    Outcome.FAIL,
    "The issuer revoked this key: nothing that it signed counts.",
    "key-revoked",
)


def check(
    signed: JsonObject | None,
    *,
    document: DidDocument,
    method: VerificationMethod,
    claimed: datetime | None,
    fetcher: Fetcher,
) -> Step | None:
    """The step key-history for a good signature by `method`; None where no history says anything.

    `signed` is the document with its proofs, or None for a token, which no log holds; `claimed`
    is when the signer says that it was signed.
    """
    if not document.key_history:
        return _without_history(method, claimed)
    try:
        history = _published(document, fetcher)
        key = history.key(method.id)
        if key is None or key.public_key != method.public_key:
            sentence = "The issuer's own history of its keys does not know this key."
            return Step(_NAME, Outcome.FAIL, sentence, "key-not-in-history")
        return _by_state(signed, key, history, claimed, fetcher)
    except Refused as error:
        sentence = f"Whether the key could be believed then was not to be found out: {error}"
        return Step(_NAME, Outcome.UNKNOWN, sentence[:300], "key-history-unreadable")


def _published(document: DidDocument, fetcher: Fetcher) -> KeyHistory:
    _expect_site(document.key_history, document.id)
    fetched = fetcher.get(document.key_history, accept=_JSON)
    history = read(document_in(fetched), document=document)
    _expect_site(history.log, document.id)
    return history


def _expect_site(url: str, issuer: str) -> None:
    """Only the issuer's own site says what its keys were good for."""
    site = urlsplit(did_web_url(issuer) if issuer.startswith("did:web:") else issuer).netloc
    if not url.startswith(f"https://{site}/"):
        raise Malformed("key-history", f"What {issuer} publishes of its keys is not on {site}.")


def _by_state(
    signed: JsonObject | None,
    key: HistoricKey,
    history: KeyHistory,
    claimed: datetime | None,
    fetcher: Fetcher,
) -> Step:
    if key.state is KeyState.REVOKED:
        return _REVOKED
    if key.compromise is not None:
        return _compromised(signed, key.compromise, history, fetcher)
    if key.rotated is None:
        return Step(_NAME, Outcome.PASS, "The issuer signs with this key.")
    return _until(key.rotated, claimed)


def _until(end: datetime, claimed: datetime | None) -> Step:
    """A key that was laid down is in nobody else's hands: what it says of the time is believed."""
    if claimed is None:
        sentence = f"The key was in use until {end:%-d %B %Y}; when it signed this is not said."
        return Step(_NAME, Outcome.UNKNOWN, sentence, "key-time-unknown")
    if claimed > end + CLOCK_SKEW:
        sentence = f"The key was in use until {end:%-d %B %Y}, and this was signed after it."
        return Step(_NAME, Outcome.FAIL, sentence, "key-rotated")
    sentence = f"Signed while the key was in use, which was until {end:%-d %B %Y}."
    return Step(_NAME, Outcome.PASS, sentence)


def _compromised(
    signed: JsonObject | None, compromise: Compromise, history: KeyHistory, fetcher: Fetcher
) -> Step:
    """A thief dates as they please: only what the log held before the theft was signed before it.

    Raises Refused where the log could not be asked or its answer proves nothing.
    """
    when = f"{compromise.since:%-d %B %Y}"
    if signed is None or not _was_logged(signed, compromise, history, fetcher):
        sentence = (
            f"The key was in other hands from {when} on, and nothing but this document's own "
            "dates says that it was signed before. The issuer signs a genuine one anew."
        )
        return Step(_NAME, Outcome.FAIL, sentence, "key-compromised")
    sentence = f"The key was in other hands from {when} on; the log shows that this is older."
    return Step(_NAME, Outcome.PASS, sentence)


def _was_logged(
    signed: JsonObject, compromise: Compromise, history: KeyHistory, fetcher: Fetcher
) -> bool:
    if compromise.log_size == 0:
        return False
    leaf = document_leaf(signed)
    url = f"{history.log}/before/{compromise.log_size}/{leaf.hex()}"
    answer = document_in(fetcher.get(url, accept=_JSON))
    index = answer.get("index")
    if index is None and "index" in answer:
        return False
    if type(index) is not int:
        raise Malformed("log-answer", "The log's answer cannot be read.", place="/index")
    check_inclusion(
        leaf,
        _hashes(answer.get("proof")),
        index=index,
        expected_size=compromise.log_size,
        expected_root=compromise.log_root,
    )
    return True


def _hashes(proof: Any) -> list[bytes]:
    if not isinstance(proof, list) or len(proof) > _LONGEST_PROOF:
        raise Malformed("log-answer", "The log's answer cannot be read.", place="/proof")
    try:
        return [b64decode(str(node), validate=True) for node in proof]
    except (Base64Error, ValueError) as error:
        raise Malformed("log-answer", "A hash is not in base64.", place="/proof") from error


def _without_history(method: VerificationMethod, claimed: datetime | None) -> Step | None:
    """An issuer that only marks its keys: an end is believed, and after a theft nothing is."""
    if method.revoked is not None:
        if claimed is not None and claimed < method.revoked:
            sentence = (
                f"The issuer revoked the key on {method.revoked:%-d %B %Y}. That this was signed "
                "before is its own claim, and whoever has the key can make it."
            )
            return Step(_NAME, Outcome.UNKNOWN, sentence, "key-revoked-later")
        return _REVOKED
    return None if method.expires is None else _until(method.expires, claimed)
