"""Programs that may issue in an issuer's name (VC-API), each by a token of its own."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from issuer.chance import Secrets
from issuer.store import Store
from issuer.tables.clients import ClientRow
from issuer.tables.community import TenantRow
from vc.errors import Conflict, Forbidden, Malformed, Missing, NotAuthenticated

LONGEST_NAME: Final = 80  # characters


@dataclass(frozen=True, slots=True)
class Clients:
    """Lets programs in by their tokens.

    `of_the_house` are our own services, which are kept nowhere: for each issuer a name, and the
    SHA-256 (hex) of the token. In the name of the issuer `members_decide` nobody issues on
    request: its badges come from decisions alone.
    """

    store: Store
    secrets: Secrets
    of_the_house: Mapping[str, tuple[str, str]]
    members_decide: str

    def open(self, tenant: str, name: str, *, now: datetime) -> str:
        """Let a program issue; returns its token, which is kept nowhere.

        Raises Malformed for a name that cannot be, Missing for an unknown issuer, Forbidden,
        Conflict for a name that was ever taken, so that the record never means two programs.
        """
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
            sentence = f"A client's name has 1 to {LONGEST_NAME} characters that can be seen."
            raise Malformed("name", sentence, place="name")
        if tenant == self.members_decide:
            sentence = f"What {tenant} issues, its members decide: no program may."
            raise Forbidden("members-decide", sentence)
        token = self.secrets.token()
        with self.store.ledger() as ledger:
            ledger.hold(TenantRow, tenant)
            if name == self.of_the_house.get(tenant, ("", ""))[0] or ledger.client(tenant, name):
                raise Conflict("name", f"{tenant} has or had a client named {name}.", place="name")
            ledger.add(
                ClientRow(token_digest=_digest(token), tenant_id=tenant, name=name, opened_at=now)
            )
            ledger.log("client-opened", about=tenant, at=now, client=name)
        return token

    def close(self, tenant: str, name: str, *, now: datetime) -> None:
        """Let a program issue no more; what it issued stays. Raises Missing, Conflict."""
        with self.store.ledger() as ledger:
            ledger.hold(TenantRow, tenant)
            row = ledger.client(tenant, name)
            if row is None:
                raise Missing("client", f"{tenant} has no client named {name}.")
            if row.closed_at is not None:
                raise Conflict("closed", f"{name} was closed on {row.closed_at:%-d %B %Y}.")
            row.closed_at = now
            ledger.log("client-closed", about=tenant, at=now, client=name)

    def listed(self) -> list[ClientRow]:
        """All that were ever opened, by issuer and name."""
        with self.store.ledger() as ledger:
            return list(ledger.clients())

    def let_in(self, tenant: str, token: str) -> str:
        """The name of the program with this token. Raises NotAuthenticated."""
        given = _digest(token)
        name, digest = self.of_the_house.get(tenant, ("", ""))
        if hmac.compare_digest(given, digest):
            return name
        with self.store.ledger() as ledger:
            row = ledger.find(ClientRow, given)
            if row is not None and row.tenant_id == tenant and row.closed_at is None:
                return row.name
        raise NotAuthenticated("invalid_token", "This token may not issue here.")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
