"""The older proof type Ed25519Signature2020: read, and no longer made.

It is eddsa-rdfc-2022 under a type of its own, whose terms come from the context
https://w3id.org/security/suites/ed25519-2020/v1.
"""

from typing import Final

from vc.proofs import eddsa_rdfc_2022

TYPE: Final = "Ed25519Signature2020"
verifies = eddsa_rdfc_2022.verifies
