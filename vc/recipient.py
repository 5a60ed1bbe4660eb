"""Is a credential about somebody who is known by a DID, an e-mail address or another identifier?

Source: Open Badges 3.0, sections 8.6 (recipient) and B.1.12 (IdentityObject, hashed or not).
"""

import hashlib
import hmac
from typing import Any, Final

from vc.documents import JsonObject
from vc.model import Credential, Outcome, Step, listed

_EMAIL: Final = "emailAddress"
_HASHES: Final = {"sha256": "sha256", "md5": "md5"}
LONGEST: Final = 320  # characters: an e-mail address has no more


def check(credential: Credential, known: str) -> Step:
    """The step recipient: whether `known` is the subject's id, or one of its identifiers.

    Unknown where an e-mail address is known and the credential names a DID alone, or the other way
    round, or where neither is known: the two may be one person.
    """
    named = known.strip().removeprefix("mailto:")
    if not named or len(named) > LONGEST:
        sentence = "Nobody was named whom it could be about."
        return Step("recipient", Outcome.UNKNOWN, sentence, "recipient")
    if credential.subject_id == named or (
        _one_domain(credential.subject_id) == _one_domain(f"mailto:{named}")
    ):
        return Step("recipient", Outcome.PASS, f"It is about {named}.")
    identities = [
        one for one in listed(credential.subject.get("identifier")) if isinstance(one, dict)
    ]
    if any(_is(one, named) for one in identities):
        return Step("recipient", Outcome.PASS, f"It is about {named}.")
    if not identities and not credential.subject_id:
        # Whoever carries it may be meant: a receipt, a voucher.
        sentence = "It names nobody whom it is about."
        return Step("recipient", Outcome.UNKNOWN, sentence, "recipient-kind")
    if not _comparable(credential.subject_id, identities, named):
        kind = "an e-mail address" if _is_email(named) else "a DID" if _is_uri(named) else "that"
        sentence = (
            f"It does not say by {kind} whom it is about, so nothing could be compared. "
            "Who holds it can show so from their wallet."
        )
        return Step("recipient", Outcome.UNKNOWN, sentence, "recipient-kind")
    # Receipts repeat it: without the name, they would stand against whoever it is about.
    sentence = f"It is about somebody else than {named}."
    return Step("recipient", Outcome.FAIL, sentence, "recipient")


def _comparable(subject_id: str, identities: list[JsonObject], named: str) -> bool:
    """Whether the credential names anybody in the way in which `named` does."""
    if subject_id and (
        _is_email(subject_id) if _is_email(named) else _is_uri(named) and _is_uri(subject_id)
    ):
        return True
    kinds = {str(one.get("identityType", "")) for one in identities}
    # What names no kind may be either.
    return "" in kinds or (_EMAIL in kinds if _is_email(named) else bool(kinds - {_EMAIL}))


def _is_email(named: str) -> bool:
    return named.startswith("mailto:") or ("@" in named and ":" not in named)


def _is_uri(named: str) -> bool:
    return ":" in named and not _is_email(named)


def _is(identity: JsonObject, named: str) -> bool:
    """Section 8.6: equal in plain text, or by its salted hash."""
    stated, salt = identity.get("identityHash"), identity.get("salt", "")
    if not isinstance(stated, str) or not isinstance(salt, str):
        return False
    if identity.get("hashed") is False:
        return _one_domain(stated) == _one_domain(named)
    alike = (_hashed_alike(stated, one + salt) for one in {named, _one_domain(named)})
    return identity.get("hashed") is True and any(alike)


def _one_domain(named: str) -> str:
    """An e-mail address with its domain in small letters, which mean the same there (RFC 1035)."""
    local, at, domain = named.rpartition("@")
    return f"{local}{at}{domain.lower()}" if at else named


def _hashed_alike(stated: str, content: str) -> bool:
    name, dollar, digest = stated.partition("$")
    if not dollar or name.lower() not in _HASHES:
        return False
    made: Any = hashlib.new(
        _HASHES[name.lower()], content.encode("utf-8", "replace"), usedforsecurity=False
    )
    return hmac.compare_digest(made.hexdigest().encode(), digest.lower().encode())
