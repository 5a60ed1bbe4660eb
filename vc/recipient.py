"""Is a credential about somebody who is known by a DID, an e-mail address or another identifier?

Source: Open Badges 3.0, sections 8.6 (recipient) and B.1.12 (IdentityObject, hashed or not).
"""

import hashlib
import hmac
from typing import Any, Final

from vc.documents import JsonObject
from vc.model import Credential, Outcome, Step, listed

_HASHES: Final = {"sha256": "sha256", "md5": "md5"}
LONGEST: Final = 320  # characters: an e-mail address has no more


def check(credential: Credential, known: str) -> Step:
    """The step recipient: whether `known` is the subject's id, or one of its identifiers."""
    named = known.strip()
    if not named or len(named) > LONGEST:
        sentence = "Nobody was named whom it could be about."
        return Step("recipient", Outcome.UNKNOWN, sentence, "recipient")
    if named == credential.subject_id:
        return Step("recipient", Outcome.PASS, f"It is about {named}.")
    identities = [
        one for one in listed(credential.subject.get("identifier")) if isinstance(one, dict)
    ]
    if any(_is(one, named) for one in identities):
        return Step("recipient", Outcome.PASS, f"It is about {named}.")
    if not identities and not credential.subject_id:
        return Step("recipient", Outcome.FAIL, "It names nobody whom it is about.", "recipient")
    return Step("recipient", Outcome.FAIL, "It is about somebody else.", "recipient")


def _is(identity: JsonObject, named: str) -> bool:
    """Section 8.6: equal in plain text, or by its salted hash."""
    stated, salt = identity.get("identityHash"), identity.get("salt", "")
    if not isinstance(stated, str) or not isinstance(salt, str):
        return False
    if identity.get("hashed") is False:
        return stated == named
    return identity.get("hashed") is True and _hashed_alike(stated, named + salt)


def _hashed_alike(stated: str, content: str) -> bool:
    name, dollar, digest = stated.partition("$")
    if not dollar or name.lower() not in _HASHES:
        return False
    made: Any = hashlib.new(_HASHES[name.lower()], content.encode(), usedforsecurity=False)
    return hmac.compare_digest(made.hexdigest().encode(), digest.lower().encode())
