"""Issuers that live as long as the process: one for each way of securing a credential.

Suites find each under its own address, because they cannot all be told to send options.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keys.passing import passing_ec, passing_ed25519, passing_rsa
from vc.issue import Form
from vc.public_key import KeyKind
from vc.signing import AnySigner


@dataclass(frozen=True, slots=True)
class Instance:
    """One issuer: its key, the form in which it secures, and whether its credentials have a status.

    The DID is the controller of the key.
    """

    name: str
    signer: AnySigner
    form: Form
    with_status: bool = False

    @property
    def did(self) -> str:
        """What the issuer is called in a credential."""
        return self.signer.verification_method.partition("#")[0]


def made(entropy: Callable[[int], bytes]) -> Mapping[str, Instance]:
    """All instances by name, with new keys. The first signs as an issuer who is not asked."""
    ed25519 = passing_ed25519(entropy)
    p256, p384 = passing_ec(KeyKind.P256), passing_ec(KeyKind.P384)
    every = (
        Instance("eddsa-rdfc-2022", ed25519, Form.EDDSA_RDFC),
        Instance("eddsa-jcs-2022", ed25519, Form.EDDSA_JCS),
        Instance("ecdsa-rdfc-2019", p256, Form.ECDSA_RDFC),
        Instance("ecdsa-rdfc-2019-p384", p384, Form.ECDSA_RDFC),
        Instance("ecdsa-jcs-2019", p256, Form.ECDSA_JCS),
        Instance("ecdsa-jcs-2019-p384", p384, Form.ECDSA_JCS),
        Instance("ecdsa-sd-2023", p256, Form.ECDSA_SD),
        Instance("bitstring-status-list", ed25519, Form.EDDSA_RDFC, with_status=True),
        Instance("vc-jwt-eddsa", ed25519, Form.VC_JWT),
        Instance("vc-jwt-es256", p256, Form.VC_JWT),
        Instance("vc-jwt-es384", p384, Form.VC_JWT),
        Instance("ob-jwt-es256", p256, Form.JWT),
        Instance("ob-jwt-rs256", passing_rsa(), Form.JWT),
    )
    return {instance.name: instance for instance in every}
