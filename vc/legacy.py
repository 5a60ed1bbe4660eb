"""Credentials of VC Data Model 1.1 by did:key issuers, checked with didkit. Its only user.

didkit resolves did:web by itself, also to addresses within, and may crash as its interpreter
ends. So it sees nothing but did:key issuers, in a child process that answers one question.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from vc.canonical import canonical
from vc.documents import JsonObject, written
from vc.effort import spend
from vc.errors import Unavailable
from vc.model import listed
from vc.proofs.configuration import unsecured
from vc.structure import CREDENTIALS_V1

KINDS: Final = frozenset({"Ed25519Signature2018"})

_CHILD: Final = Path(__file__).with_name("legacy_child.py")
_PATIENCE: Final = 20  # seconds; a start takes about half of one


def reads(document: JsonObject) -> bool:
    """Whether this is the kind of credential that is checked here, with one proof of that kind."""
    proofs = listed(document.get("proof"))
    return (
        document["@context"][0] == CREDENTIALS_V1
        and len(proofs) == 1
        and str(proofs[0].get("type")) in KINDS
        and str(proofs[0].get("verificationMethod")).startswith("did:key:")
    )


def verifies(document: JsonObject) -> bool:
    """Whether the proof of `document` was made by the did:key that it names, for assertion.

    Raises Malformed where a term has no certain meaning, whatever didkit thinks of it, and
    Unavailable where didkit cannot be run.
    """
    canonical(unsecured(document))
    spend(processes=1)
    child = [sys.executable, "-I", str(_CHILD)]
    try:
        answer = subprocess.run(  # noqa: S603 - our own file, and nothing of the input
            child, input=written(document), capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable("didkit", "The check for older credentials did not answer.") from error
    if answer.stdout not in (b"good", b"bad"):
        raise Unavailable("didkit", "The check for older credentials is not installed here.")
    return answer.stdout == b"good"
