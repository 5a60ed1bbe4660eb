"""The log of what an issuer signed: a watcher checks it with the public key and nothing else."""

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from village import NOW, Village

from issuer.tables.credentials import CredentialRow, LeafRow
from transparency.checkpoint import Checkpoint, read_checkpoint
from transparency.tree import check_consistency
from vc.documents import JsonObject, parse
from vc.errors import Malformed, Missing, Refused
from vc.logged import check_inclusion, document_leaf

COMMUNITY = "learnometer"


def checkpoint(village: Village, note: str) -> Checkpoint:
    """What a watcher reads who knows the log's name and key."""
    return read_checkpoint(
        note,
        expected_origin="localhost:8000/issuer/learnometer/log",
        public_key=village.signers[COMMUNITY].public_key,
    )


def nodes(proof: JsonObject) -> list[bytes]:
    return [b64decode(node) for node in proof["proof"]]


def check_entered(village: Village, document: dict[str, Any]) -> None:
    leaf = document_leaf(document)
    proof = village.office.log.inclusion(COMMUNITY, leaf.hex())
    state = checkpoint(village, proof["checkpoint"])
    check_inclusion(
        leaf,
        nodes(proof),
        index=proof["index"],
        expected_size=state.size,
        expected_root=state.root,
    )


def check_grown(village: Village, since: Checkpoint) -> Checkpoint:
    proof = village.office.log.growth(COMMUNITY, old_size=since.size)
    state = checkpoint(village, proof["checkpoint"])
    check_consistency(
        nodes(proof),
        old_size=since.size,
        old_root=since.root,
        expected_size=state.size,
        expected_root=state.root,
    )
    return state


def status_list(village: Village) -> dict[str, Any]:
    return parse(village.awarding.status_list(COMMUNITY, "learnometer-revocation-1", now=NOW))


def test_badges_and_every_state_of_their_status_lists_are_in_the_log(village: Village) -> None:
    badge = village.badge()
    before = status_list(village)
    village.awarding.revoke(badge, reason="Not the author's work.", now=NOW)
    after = status_list(village)
    assert before != after
    for document in (village.document(badge), before, after):
        check_entered(village, document)


def test_empty_log_has_a_checkpoint_and_what_comes_later_only_adds(village: Village) -> None:
    empty = checkpoint(village, village.office.log.checkpoint(COMMUNITY))
    assert empty.size == 0
    village.badge()
    first = checkpoint(village, village.office.log.checkpoint(COMMUNITY))
    status_list(village)
    assert check_grown(village, first).size == first.size + 1


def test_served_again_or_signed_again_nothing_enters_twice(village: Village) -> None:
    badge = village.badge()
    status_list(village)
    size = checkpoint(village, village.office.log.checkpoint(COMMUNITY)).size
    village.awarding.signed(badge, now=NOW)
    village.awarding.complete(now=NOW)
    status_list(village)
    assert checkpoint(village, village.office.log.checkpoint(COMMUNITY)).size == size


def test_credential_that_a_crash_left_unsigned_enters_when_it_is_signed(village: Village) -> None:
    badge = village.badge()
    with village.store.ledger() as ledger:
        ledger.get(CredentialRow, badge).signed = None
        ledger.get(LeafRow, COMMUNITY, 0).hash = bytes(32)
    assert village.awarding.complete(now=NOW) == 1
    check_entered(village, village.document(badge))


def test_log_that_was_rewritten_contradicts_the_checkpoint_that_a_watcher_kept(
    village: Village,
) -> None:
    village.badge()
    kept = checkpoint(village, village.office.log.checkpoint(COMMUNITY))
    with village.store.ledger() as ledger:
        ledger.get(LeafRow, COMMUNITY, 0).hash = bytes(32)
    status_list(village)
    with pytest.raises(Refused):
        check_grown(village, kept)


def test_document_that_was_never_signed_has_no_proof(village: Village) -> None:
    changed = village.document(village.badge()) | {"name": "Another badge"}
    for leaf in (document_leaf(changed).hex(), "not hex", ""):
        with pytest.raises(Missing):
            village.office.log.inclusion(COMMUNITY, leaf)


def test_size_that_the_log_never_had_and_unknown_issuer_are_refused(village: Village) -> None:
    with pytest.raises(Malformed):
        village.office.log.growth(COMMUNITY, old_size=1)
    with pytest.raises(Missing):
        village.office.log.checkpoint("nobody")


def test_each_issuer_has_a_log_of_its_own(village: Village) -> None:
    village.badge()
    note = village.office.log.checkpoint("university")
    assert note.startswith("localhost:8000/issuer/university/log\n0\n")


def test_many_signatures_at_once_leave_no_gap_and_no_entry_out(village: Village) -> None:
    def issued(number: int) -> JsonObject:
        if number % 3 == 0:
            status_list(village)
        unsigned = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": "did:web:localhost%3A8000:issuer:learnometer",
            "credentialSubject": {"id": f"did:example:holder-{number}"},
        }
        return village.awarding.issue(COMMUNITY, unsigned, now=NOW)

    first = issued(1)
    with ThreadPoolExecutor(4) as pool:
        documents = [first, *pool.map(issued, range(2, 10))]
    for document in documents:
        check_entered(village, document)
    with village.store.ledger() as ledger:
        size = ledger.log_size(COMMUNITY)
        assert size == len(ledger.log_leaves(COMMUNITY)) == len(documents) + 1
