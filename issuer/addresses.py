"""Where an issuer's documents lie: one spelling of every URL, for makers and for readers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from vc.did import did_web, did_web_url


@dataclass(frozen=True, slots=True)
class Addresses:
    """The URLs of one tenant under `origin` (scheme and authority, without a final slash)."""

    origin: str
    tenant: str

    @property
    def credential_issuer(self) -> str:
        """The OpenID4VCI credential issuer identifier, to which all below belongs."""
        return f"{self.origin}/issuer/{self.tenant}"

    @property
    def did(self) -> str:
        """The tenant's did:web."""
        return did_web(urlsplit(self.origin).netloc, "issuer", self.tenant)

    def credential(self, credential_id: str) -> str:
        """A credential, and its id."""
        return f"{self.credential_issuer}/credentials/{credential_id}"

    def achievement(self, achievement_id: str) -> str:
        """A badge of the menu."""
        return f"{self.credential_issuer}/achievements/{achievement_id}"

    def circle(self, circle_id: str) -> str:
        """A learning circle."""
        return f"{self.credential_issuer}/circles/{circle_id}"

    def context(self, context_id: str) -> str:
        """A context from which members come."""
        return f"{self.credential_issuer}/contexts/{context_id}"

    def activity(self, activity_id: str) -> str:
        """An activity, with its ballots' result."""
        return f"{self.credential_issuer}/activities/{activity_id}"

    def evidence(self, digest: str) -> str:
        """Evidence by its digest."""
        return f"{self.credential_issuer}/evidence/{digest}"

    def rule(self, digest: str) -> str:
        """A policy or rubric by its digest."""
        return f"{self.credential_issuer}/rules/{digest}"

    @property
    def key_history(self) -> str:
        """The history of the tenant's keys, beside its DID document and by https as that one."""
        return did_web_url(self.did).removesuffix("did.json") + "keys.json"

    @property
    def quality(self) -> str:
        """Where anybody asks what audits found of a badge, by https as for the keys."""
        return did_web_url(self.did).removesuffix("did.json") + "quality"

    @property
    def asked_log(self) -> str:
        """Where verifiers ask the log, by https as for the keys."""
        return did_web_url(self.did).removesuffix("did.json") + "log"

    @property
    def log(self) -> str:
        """The log of what the tenant signed; its name is this without the scheme."""
        return f"{self.credential_issuer}/log"

    def status_list(self, list_id: str) -> str:
        """A status list credential, and its id."""
        return f"{self.credential_issuer}/status/{list_id}"
