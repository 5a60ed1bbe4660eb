"""The ballot box of an activity: signed ballots go in sealed, and come out at the close.

Anyone who can write to the database could drop a sealed ballot in, so each is verified again
when the box is opened: it must be signed by the judge in whose row it lies.
"""

from dataclasses import dataclass
from datetime import datetime

from issuer.peers.ballots import JWS_TYPE
from issuer.store import Ledger
from issuer.tables.community import MemberRow
from issuer.tables.judging import ActivityRow, BallotRow
from keys.sealing import BallotBox, Seal
from vc.errors import Conflict, Forbidden, Refused
from vc.jose import Verified, by_did_key, verify_compact


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A ballot as it was cast, its payload, and the member with whose key it was signed."""

    judge: MemberRow
    payload: bytes
    jws: str


def level_poll(activity_id: str) -> str:
    """The name of the ballot on an activity's level."""
    return f"level:{activity_id}"


def panel_poll(contribution_id: str, revision: int) -> str:
    """The name of the ballot on one revision of a contribution."""
    return f"panel:{contribution_id}:{revision}"


def verified(ledger: Ledger, jws: str) -> Signed:
    """A ballot whose signature is that of a member's wallet.

    Raises Malformed or Refused for the token, Forbidden when the key is no member's.
    """
    token = _verified(jws)
    judge = ledger.member_by_did(_signer(token))
    if judge is None:
        raise Forbidden("no-wallet", "This ballot is signed with a key that is no member's.")
    return Signed(judge=judge, payload=token.payload, jws=jws)


def drop(
    ledger: Ledger, activity: ActivityRow, *, poll: str, signed: Signed, now: datetime
) -> None:
    """Seal a verified ballot into the box; the judge's earlier one is replaced."""
    if activity.ballot_public_key is None:
        raise Conflict("activity-state", "The activity has no ballot box: it is not open.")
    sealed = BallotBox.drop(activity.ballot_public_key, signed.jws.encode())
    held = ledger.ballot(poll, judge_id=signed.judge.person_id)
    if held is not None:
        held.sealed, held.cast_at = sealed, now
        return
    ledger.add(BallotRow(poll=poll, judge_id=signed.judge.person_id, sealed=sealed, cast_at=now))


def opened(ledger: Ledger, activity: ActivityRow, *, poll: str, seal: Seal) -> tuple[Signed, ...]:
    """The ballots of a poll, in the order of judges. Raises Conflict when one was altered."""
    if activity.sealed_ballot_key is None:
        return ()
    key = seal.open(activity.sealed_ballot_key, purpose=f"ballot box {activity.id}")
    rows = ledger.ballots(poll)
    judges = {judge.person_id: judge for judge in ledger.members([row.judge_id for row in rows])}
    return tuple(_opened(row, judges[row.judge_id], key) for row in rows)


def _opened(row: BallotRow, judge: MemberRow, key: bytes) -> Signed:
    try:
        jws = BallotBox.open(key, row.sealed).decode()
        token = _verified(jws)
    except (Refused, UnicodeDecodeError) as error:
        raise Conflict("ballot-altered", "A ballot in the box is not what was cast.") from error
    if _signer(token) != judge.did:
        raise Conflict("ballot-altered", "A ballot in the box lies under another judge's name.")
    return Signed(judge=judge, payload=token.payload, jws=jws)


def _verified(jws: str) -> Verified:
    return verify_compact(
        jws, allowed_algorithms={"EdDSA"}, public_key=by_did_key, expected_type=JWS_TYPE
    )


def _signer(token: Verified) -> str:
    """The DID whose key signed."""
    return str(token.header["kid"]).partition("#")[0]
