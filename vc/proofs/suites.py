"""The cryptosuites that are read: by name, or by type where the type is the suite."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from vc.documents import JsonObject
from vc.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from vc.proofs.configuration import Proof
from vc.public_key import PublicKey


class Verifies(Protocol):
    """A suite's check. Raises Malformed for a key or document that it cannot work with."""

    def __call__(self, document: JsonObject, proof: Proof, *, public_key: PublicKey) -> bool:
        """Whether `proof` over `document`, given without it, was made by that key."""
        ...


SUITES: Final[Mapping[str, Verifies]] = {
    eddsa_rdfc_2022.NAME: eddsa_rdfc_2022.verifies,
    eddsa_jcs_2022.NAME: eddsa_jcs_2022.verifies,
    ecdsa_rdfc_2019.NAME: ecdsa_rdfc_2019.verifies,
    ecdsa_jcs_2019.NAME: ecdsa_jcs_2019.verifies,
    ecdsa_sd_2023.NAME: ecdsa_sd_2023.verifies,
    ed25519_signature_2020.TYPE: ed25519_signature_2020.verifies,
}


def suite_of(proof: JsonObject) -> str:
    """What a proof says that it is made by; empty where it says nothing sensible."""
    kind: Any = proof.get("type")
    if kind == "DataIntegrityProof":
        suite: Any = proof.get("cryptosuite")
        return suite if isinstance(suite, str) else ""
    if not isinstance(kind, str):
        return ""
    # A cryptosuite's name is no type.
    return kind if kind == ed25519_signature_2020.TYPE or kind not in SUITES else ""
