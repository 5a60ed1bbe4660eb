"""What openbadgeslib, an independent implementation, says of a badge. Runs in its own environment.

Arguments: the badge, and a JSON file of the documents that it may fetch (URL to text).
Prints one word: valid, revoked or invalid.
"""

import json
import sys
from pathlib import Path

from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.status import check_credential_status
from openbadgeslib.ob3.verifier import OB3VerificationError


def says(badge: str, documents: dict[str, str]) -> str:
    """The one word."""

    def download(url: str) -> bytes:
        return documents[url].encode()

    try:
        credential = OB3LdpVerifier().verify(badge, download=download)
    except OB3VerificationError as error:
        sys.stderr.write(f"{error}\n")
        return "invalid"
    try:
        # It can verify a list's own proof only where the list is a JWT; ours is checked by us.
        check_credential_status(credential, download=download)
    except OB3VerificationError as error:
        sys.stderr.write(f"{error}\n")
        return "revoked" if "'revocation' is set" in str(error) else "invalid"
    return "valid"


if __name__ == "__main__":
    sys.stdout.write(says(Path(sys.argv[1]).read_text(), json.loads(Path(sys.argv[2]).read_text())))
