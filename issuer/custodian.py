"""What happens to an issuer's keys, and to all that they signed.

The steps are ordered so that each can be the last before a crash: doing the same again does the
rest and changes nothing that was done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from issuer.log import Log
from issuer.publishing import Publishing
from issuer.renewal import Renewal
from issuer.store import Store
from issuer.tables.community import TenantRow
from keys.custody import Custody
from keys.records import KeyRecord
from transparency.tree import EMPTY_ROOT
from vc.errors import Conflict, Malformed, Missing, Unavailable
from vc.key_history import Compromise, KeyState
from vc.public_key import KeyKind


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A key that was taken back, and how many credentials were signed anew."""

    record: KeyRecord
    renewed: int


class Custodian:
    """Rotates keys and takes them back. Keys are named as in custody. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        custody: Custody,
        log: Log,
        publishing: Publishing,
        renewal: Renewal,
    ) -> None:
        self._store = store
        self._custody = custody
        self._log = log
        self._publishing = publishing
        self._renewal = renewal

    def rotate(
        self,
        owner: str,
        *,
        now: datetime,
        in_token: bool | None = None,
        kind: KeyKind = KeyKind.ED25519,
    ) -> KeyRecord:
        """Give the DID `owner` a new key of a kind; the one until now signs no more.

        What that one signed stays. The new one is made where that one lies, in the hardware token
        or not, unless `in_token` says otherwise. Raises Missing for an owner without such a key,
        Unavailable when the token does not make it, Conflict when somebody else just did it.
        """
        keys = [one for one in self._custody.list() if (one.owner, one.kind) == (owner, kind)]
        if not keys:
            raise Missing("issuer-key", f"{owner} has no {kind} key yet.")
        made = self._successor(keys[-1].name, now=now, in_token=in_token)
        self.publish(owner, now)
        return made

    def compromise(self, name: str, *, since: datetime, now: datetime) -> Withdrawn:
        """Record that a key fell into other hands at `since`, replace it, and sign anew.

        What the log held before `since` stays good with its signature. Raises Missing, Malformed
        for a date to come or before the key was made, Conflict for a later date than one recorded
        before, Unavailable when the key lies in a hardware token that does not make the next one.
        """
        self._expect_possible(name, since, now)
        record = self._replaced(name, now)
        tenant = self._tenant(record.owner)
        size, root = self._log.state_before(tenant, since) if tenant else (0, EMPTY_ROOT)
        marked = self._custody.compromise(name, Compromise(since, now, size, root))
        return self._withdrawn(marked, now)

    def affected(self, name: str, *, now: datetime, since: datetime | None = None) -> int:
        """How many credentials would be signed anew; `since` as for `compromise`, None to revoke.

        Raises Missing, and Malformed for a date at which a key cannot have been stolen.
        """
        if since is not None:
            self._expect_possible(name, since, now)
        record = self._custody.record(name)
        tenant = self._tenant(record.owner)
        if tenant is None:
            return 0
        size = 0
        if since is not None and not record.key.revoked:
            size = self._log.state_before(tenant, since)[0]
        return self._renewal.count(tenant, method_id=record.key.id, log_size=size)

    def revoke(self, name: str, *, now: datetime) -> Withdrawn:
        """Take back all that a key signed, whenever that was, and sign it anew.

        Raises Missing, Unavailable when a hardware token does not make the next key.
        """
        self._replaced(name, now)
        return self._withdrawn(self._custody.revoke(name, now=now), now)

    def _expect_possible(self, name: str, since: datetime, now: datetime) -> None:
        if since > now:
            raise Malformed("since", "That is still to come.", place="since")
        made = self._custody.record(name).key.created
        # A day without an hour begins before whatever happened on it.
        if since <= made - timedelta(days=1):
            sentence = (
                f"{name} was made on {made:%Y-%m-%d}: nothing was signed with it before. "
                "To take back all that it signed, give that day."
            )
            raise Malformed("since", sentence, place="since")

    def _replaced(self, name: str, now: datetime) -> KeyRecord:
        """The key, after another one signs in its place: who signs must never be in doubt."""
        if self._custody.record(name).state is KeyState.ACTIVE:
            try:
                self._successor(name, now=now)
            except Conflict as refusal:
                if refusal.code != "key-rotated":  # by somebody else who was faster: it is done
                    raise
        return self._custody.record(name)

    def _successor(self, name: str, *, now: datetime, in_token: bool | None = None) -> KeyRecord:
        """A key that nobody could copy gets no successor that somebody can, unless asked for."""
        try:
            return self._custody.rotate(name, now=now, in_token=in_token)
        except Unavailable as refusal:
            if refusal.code != "token" or in_token is not None:
                raise
            sentence = (
                f"{name} lies in a hardware token, which does not make its successor: "
                f"{refusal.sentence} If it has to be outside the token, do that first: "
                "keys rotate ISSUER --no-token."
            )
            raise Unavailable("token", sentence, place=refusal.place) from refusal

    def _withdrawn(self, record: KeyRecord, now: datetime) -> Withdrawn:
        tenant, key = self._tenant(record.owner), record.key
        if tenant is None:
            return Withdrawn(record, 0)
        sound = 0 if key.revoked or not key.compromise else key.compromise.log_size
        renewed = self._renewal.renew(tenant, method_id=key.id, log_size=sound, now=now)
        self.publish(record.owner, now)
        return Withdrawn(record, renewed)

    def publish(self, owner: str, now: datetime) -> None:
        """Enter the new history in the log at once, whoever may ask for it when."""
        tenant = self._tenant(owner)
        if tenant is not None:
            self._publishing.key_history(tenant, now=now)

    def _tenant(self, owner: str) -> str | None:
        """The tenant with this DID; the degree office has keys and is none."""
        with self._store.ledger() as ledger:
            tenants = [row.id for row in ledger.every(TenantRow) if row.did == owner]
        return tenants[0] if tenants else None
