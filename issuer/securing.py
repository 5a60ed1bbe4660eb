"""In which form a credential is secured, and with which of its issuer's keys."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keys.sealing import Seal
from vc.documents import JsonObject, parse
from vc.encoding import base64url_decode
from vc.errors import Malformed
from vc.issue import ENVELOPED, TOKENS, Entropy, Form, Selective, issue_as
from vc.model import listed
from vc.public_key import KeyKind
from vc.received import ENVELOPE
from vc.signing import AnySigner
from vc.structure import CREDENTIALS_V2

# The signer with a tenant's active key of a kind.
SignerWith = Callable[[str, KeyKind], AnySigner]

_KINDS: Final = {
    Form.EDDSA_RDFC: (KeyKind.ED25519,),
    Form.EDDSA_JCS: (KeyKind.ED25519,),
    Form.ECDSA_RDFC: (KeyKind.P256, KeyKind.P384),
    Form.ECDSA_JCS: (KeyKind.P256, KeyKind.P384),
    Form.ECDSA_SD: (KeyKind.P256,),
    Form.JWT: (KeyKind.P256, KeyKind.RSA, KeyKind.P384, KeyKind.ED25519),
    Form.VC_JWT: (KeyKind.P256, KeyKind.RSA, KeyKind.P384, KeyKind.ED25519),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How a credential is to be secured: the form, the kind of key, what is always shown."""

    form: Form = Form.EDDSA_RDFC
    kind: KeyKind = KeyKind.ED25519
    mandatory: tuple[str, ...] = ()

    def written(self) -> str:
        """The wish as it is kept beside the credential."""
        return json.dumps({"form": self.form, "kind": self.kind, "mandatory": self.mandatory})

    @property
    def is_for_wallets(self) -> bool:
        """Whether our wallet takes it as it is: whole, and with its proof inside."""
        return self.form not in TOKENS and self.form is not Form.ECDSA_SD


DEFAULT: Final = Wish()


def wish(form: Form, kind: KeyKind | None = None, mandatory: tuple[str, ...] = ()) -> Wish:
    """The wish for a form, with the first of its kinds of keys unless one is named.

    Raises Malformed for a kind that the form cannot use.
    """
    kinds = _KINDS[form]
    if kind is not None and kind not in kinds:
        sentence = f"{form} is not made with a {kind} key."
        raise Malformed("key-kind", sentence, place="/options")
    return Wish(form, kind or kinds[0], mandatory)


def read(text: str | None) -> Wish:
    """A wish that was kept; nothing kept is the default."""
    if text is None:
        return DEFAULT
    kept = json.loads(text)
    return Wish(Form(kept["form"]), KeyKind(kept["kind"]), tuple(kept["mandatory"]))


class Securing:
    """Secures credentials as they were wished. The same credential gives the same bytes again."""

    def __init__(self, *, signer_with: SignerWith, seal: Seal) -> None:
        self._signer_with = signer_with
        self._seal = seal

    def secure(
        self, unsigned: JsonObject, *, tenant: str, credential_id: str, wished: Wish, now: datetime
    ) -> JsonObject:
        """The credential with its proof, or the envelope around its token.

        Raises Malformed as issuing does, Missing for a kind of key that the tenant has not.
        """
        try:
            secured = issue_as(
                wished.form,
                unsigned,
                signer=self._signer_with(tenant, wished.kind),
                created=now,
                selective=Selective(self._entropy(credential_id), wished.mandatory),
            )
        except Malformed as error:
            if error.code != "json-ld":
                raise
            # As with badges whose context has keywords that are none.
            sentence = (
                f"{error.sentence} It can be signed as JSON: with eddsa-jcs-2022, or as a token."
            )
            raise Malformed(error.code, sentence, place=error.place) from error
        if isinstance(secured, dict):
            return secured
        content = f"data:{ENVELOPED[wished.form]},{secured}"
        return {"@context": CREDENTIALS_V2, "type": ENVELOPE, "id": content}

    def _entropy(self, credential_id: str) -> Entropy:
        """Secrets of one credential, which nobody without the master secret can work out."""
        secret = self._seal.token(purpose=f"selective disclosure of {credential_id}").encode()
        count = 0

        def entropy(size: int) -> bytes:
            nonlocal count
            count += 1
            return hashlib.shake_256(secret + count.to_bytes(4, "big")).digest(size)

        return entropy


def methods_of(secured: JsonObject) -> frozenset[str]:
    """The DID URLs of the keys that a secured credential names."""
    if secured.get("type") == ENVELOPE:
        token = str(secured["id"]).partition(",")[2]
        header = parse(base64url_decode(token.partition(".")[0]))
        return frozenset({str(header.get("kid"))})
    proofs = [one for one in listed(secured.get("proof")) if isinstance(one, dict)]
    return frozenset(str(one.get("verificationMethod")) for one in proofs)
