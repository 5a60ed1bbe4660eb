"""Keys that were laid down or stolen: what they signed in time counts, and nothing else does."""

from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from bending import bent, paths
from campus import BADGE_ID, NOW, Campus
from ed25519_keys import KnownSigner, signer

from transparency.tree import inclusion_proof, root_hash
from vc import did, key_history
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.issue import issue
from vc.key_history import Compromise, HistoricKey, KeyHistory, KeyState
from vc.logged import document_leaf
from vc.model import Outcome, Report, Verdict
from vc.public_key import ed25519

DID = "did:web:issuer.example"
KEYS = "https://issuer.example/.well-known/keys.json"
LOG = "https://issuer.example/.well-known/log"
LATER = NOW + timedelta(days=30)
NEW = signer(3, f"{DID}#key-2")


class Issuer(Campus):
    """The campus' issuer with a key history and a log; its first key was replaced at NOW."""

    def __init__(self) -> None:
        self.logged: list[bytes] = []
        self.keys = [
            _key(signer(1, f"{DID}#key-1"), created=NOW - timedelta(days=90), rotated=NOW),
            _key(NEW, created=NOW),
        ]
        super().__init__()
        self.old = self.issuer
        self.settle()

    def settle(self, *, by: KnownSigner = NEW, **changes: Any) -> None:
        """Publish the DID document, the history and the status list anew."""
        self.publish_did()
        history = KeyHistory(DID, LOG, self.keys)
        self.library.publish(KEYS, key_history.sign(history, signer=by) | changes)
        self.issuer = NEW
        self.publish_status()
        self.issuer = self.old

    def publish_did(self, **changes: Any) -> None:
        document = did.document(
            DID,
            [(key.fragment, key.public_key.content) for key in self.keys],
            expires={key.fragment: key.rotated for key in self.keys if key.rotated},
            revoked={key.fragment: key.withdrawn for key in self.keys if key.withdrawn},
            key_history=KEYS,
        )
        self.library.publish("https://issuer.example/.well-known/did.json", document | changes)

    def signed(self, *, created: datetime = NOW, by: KnownSigner | None = None) -> JsonObject:
        return issue(self.unsigned_badge(), signer=by or self.old, created=created)

    def log(self, *documents: JsonObject) -> None:
        self.logged += [document_leaf(document) for document in documents]

    def compromise(self, *, since: datetime = NOW, size: int | None = None) -> None:
        """The first key was stolen, when the log had `size` entries."""
        size = len(self.logged) if size is None else size
        found = Compromise(since, LATER, size, root_hash(self.logged[:size]))
        self.keys[0] = replace(self.keys[0], compromise=found)
        for leaf in self.logged:
            known = leaf in self.logged[:size]
            proof = (
                inclusion_proof(self.logged[:size], index=self.logged.index(leaf)) if known else ()
            )
            self.answer(leaf, index=self.logged.index(leaf) if known else None, proof=proof)
        self.settle()

    def answer(self, leaf: bytes, *, index: Any, proof: Any = ()) -> None:
        compromise = self.keys[0].compromise
        assert compromise
        url = f"{LOG}/before/{compromise.log_size}/{leaf.hex()}"
        nodes = [b64encode(node).decode() for node in proof]
        self.library.publish(url, {"index": index, "proof": nodes})

    def check(self, source: JsonObject) -> Report:
        return self.verify(source, now=LATER - timedelta(days=29, hours=12))


def _key(key: KnownSigner, **dates: Any) -> HistoricKey:
    public_key = ed25519(key.public_key)
    return HistoricKey(id=key.verification_method, public_key=public_key, **dates)


def against(report: Report) -> tuple[str, Outcome, str]:
    """The first step that does not pass."""
    step = next(step for step in report.steps if step.outcome is not Outcome.PASS)
    return step.name, step.outcome, step.code


@pytest.fixture
def rotated() -> Issuer:
    return Issuer()


def test_badge_of_a_rotated_key_stays_valid_and_the_new_one_signs(rotated: Issuer) -> None:
    for key in (rotated.old, NEW):
        report = rotated.check(rotated.signed(by=key))
        assert report.verdict is Verdict.VALID
        assert [step.name for step in report.steps][3:5] == ["signature", "key-history"]
    step = rotated.check(rotated.signed()).step("key-history")
    assert step
    assert "until 22 November 2026" in step.sentence


def test_did_document_holds_both_keys_and_only_the_new_one_authenticates(rotated: Issuer) -> None:
    document = did.resolve(DID, fetcher=rotated.library)
    ids = [f"{DID}#key-1", f"{DID}#key-2"]
    assert [method.id for method in document.methods] == ids
    assert document.assertion_method == set(ids)
    assert document.authentication == {ids[1]}
    assert [method.expires for method in document.methods] == [NOW, None]


def test_badge_dated_after_its_key_was_laid_down_is_refused(rotated: Issuer) -> None:
    late = rotated.signed(created=NOW + timedelta(seconds=301))
    assert against(rotated.check(late)) == ("key-history", Outcome.FAIL, "key-rotated")
    in_time = rotated.signed(created=NOW + timedelta(seconds=300))
    assert rotated.check(in_time).verdict is Verdict.VALID


def test_badge_back_dated_with_a_stolen_key_is_refused_and_not_called_genuine(
    rotated: Issuer,
) -> None:
    genuine, forged = rotated.signed(), rotated.signed(created=NOW - timedelta(days=60))
    rotated.log(genuine)
    rotated.compromise(since=NOW + timedelta(hours=1))
    rotated.answer(document_leaf(forged), index=None)
    report = rotated.check(forged)
    assert against(report) == ("key-history", Outcome.FAIL, "key-compromised")
    assert report.step("signature") is None
    assert report.verdict is Verdict.INVALID
    assert rotated.check(genuine).verdict is Verdict.VALID


def test_badge_that_the_log_had_only_after_the_theft_is_refused(rotated: Issuer) -> None:
    before, after = rotated.signed(), rotated.signed(created=NOW - timedelta(days=1))
    rotated.log(before, after)
    rotated.compromise(since=NOW, size=1)
    assert rotated.check(before).verdict is Verdict.VALID
    assert against(rotated.check(after)) == ("key-history", Outcome.FAIL, "key-compromised")


def test_stolen_key_is_taken_back_from_all_who_read_no_history(rotated: Issuer) -> None:
    rotated.compromise()
    document = did.resolve(DID, fetcher=rotated.library)
    assert document.assertion_method == document.authentication == {f"{DID}#key-2"}
    assert document.methods[0].revoked == LATER


def test_log_that_cannot_be_asked_leaves_open_what_a_stolen_key_signed(rotated: Issuer) -> None:
    rotated.log(rotated.signed())
    rotated.compromise()
    badge = rotated.signed(created=NOW - timedelta(days=2))
    assert against(rotated.check(badge)) == (
        "key-history", Outcome.UNKNOWN, "key-history-unreadable",
    )  # fmt: skip


@pytest.mark.parametrize("index", [0, 1, -1, True, "0", 1.0, 2**40], ids=repr)
@pytest.mark.parametrize("nodes", [0, 1, 70])
def test_log_answer_that_proves_nothing_makes_no_forgery_valid(
    rotated: Issuer, index: Any, nodes: int
) -> None:
    rotated.log(rotated.signed(), rotated.signed(by=NEW))
    rotated.compromise()
    forged = rotated.signed(created=NOW - timedelta(days=2))
    rotated.answer(document_leaf(forged), index=index, proof=[bytes(32)] * nodes)
    assert rotated.check(forged).verdict is not Verdict.VALID


def test_nothing_that_a_revoked_key_signed_counts(rotated: Issuer) -> None:
    badge = rotated.signed()
    rotated.log(badge)
    rotated.compromise()
    rotated.keys[0] = replace(rotated.keys[0], revoked=LATER)
    rotated.settle()
    assert against(rotated.check(badge)) == ("key-history", Outcome.FAIL, "key-revoked")


def test_key_that_only_the_did_document_knows_signs_nothing(rotated: Issuer) -> None:
    """Somebody who can change one file of a site does not become the issuer."""
    stranger = signer(9, f"{DID}#key-9")
    rotated.keys.append(_key(stranger, created=NOW))
    rotated.publish_did()
    report = rotated.check(rotated.signed(by=stranger))
    assert against(report) == ("key-history", Outcome.FAIL, "key-not-in-history")


def test_another_key_under_a_known_name_signs_nothing(rotated: Issuer) -> None:
    swapped = signer(9, f"{DID}#key-1")
    rotated.keys[0] = replace(rotated.keys[0], public_key=ed25519(swapped.public_key))
    rotated.publish_did()
    report = rotated.check(rotated.signed(by=swapped))
    assert against(report) == ("key-history", Outcome.FAIL, "key-not-in-history")


def test_history_that_the_stolen_key_signed_clears_nobody(rotated: Issuer) -> None:
    rotated.log(rotated.signed())
    rotated.compromise(size=0)
    rotated.settle(by=rotated.old)
    report = rotated.check(rotated.signed(by=NEW))
    assert against(report) == ("key-history", Outcome.UNKNOWN, "key-history-unreadable")


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "did:web:other.example"},
        {"log": "https://evil.example/log"},
        {"log": "https://issuer.example.evil.example/log"},
        {"keys": []},
        {"keys": "key-1"},
        {"proof": None},
        {"proof": []},
        {"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example"]},
        {"more": 1},
    ],
    ids=repr,
)
def test_history_that_was_changed_proves_nothing(rotated: Issuer, changes: JsonObject) -> None:
    rotated.settle(**changes)
    report = rotated.check(rotated.signed(by=NEW))
    assert against(report) == ("key-history", Outcome.UNKNOWN, "key-history-unreadable")


@pytest.mark.parametrize("value", [None, 1, True, "x", [], {}, [[]], [None], {"id": []}], ids=repr)
def test_any_part_of_a_history_in_any_other_shape_ends_in_a_report(
    rotated: Issuer, value: Any
) -> None:
    rotated.log(rotated.signed(), rotated.signed(by=NEW))
    rotated.compromise()
    badge = rotated.signed(by=NEW)
    signed = key_history.sign(KeyHistory(DID, LOG, rotated.keys), signer=NEW)
    for path in paths(signed):
        rotated.library.publish(KEYS, bent(signed, path, value))
        assert rotated.check(badge).verdict is not Verdict.VALID, path


@pytest.mark.parametrize(
    "service",
    [None, 1, "x", [1], [[]], {"type": 1}, {"type": ["KeyHistory"], "serviceEndpoint": [KEYS]}],
    ids=repr,
)
def test_services_of_another_kind_are_passed_over(rotated: Issuer, service: Any) -> None:
    rotated.publish_did(service=service)
    report = rotated.check(rotated.signed(by=NEW))
    assert (report.verdict, report.step("key-history")) == (Verdict.VALID, None)


def test_history_that_cannot_be_read_or_lies_elsewhere_leaves_the_badge_open(
    rotated: Issuer,
) -> None:
    badge = rotated.signed()
    content = rotated.library.documents.pop(KEYS)
    assert against(rotated.check(badge))[1] is Outcome.UNKNOWN
    elsewhere = "https://evil.example/keys.json"
    rotated.library.documents[elsewhere] = content
    service = {"id": f"{DID}#keys", "type": "KeyHistory", "serviceEndpoint": elsewhere}
    rotated.publish_did(service=[service])
    assert against(rotated.check(badge))[1] is Outcome.UNKNOWN
    assert elsewhere not in rotated.library.asked


def test_nothing_of_the_history_is_fetched_for_a_broken_signature(rotated: Issuer) -> None:
    rotated.library.asked.clear()
    report = rotated.check(rotated.signed() | {"name": "Another"})
    assert against(report)[0] == "signature"
    assert rotated.library.asked == ["https://issuer.example/.well-known/did.json"]


def test_status_list_of_a_stolen_key_is_not_believed(rotated: Issuer) -> None:
    rotated.compromise(size=0)
    rotated.publish_status(by=rotated.old)
    report = rotated.check(rotated.signed(by=NEW))
    assert against(report)[:2] == ("status", Outcome.UNKNOWN)


def test_history_is_read_back_as_it_was_written_and_is_the_same_twice(rotated: Issuer) -> None:
    rotated.log(rotated.signed())
    rotated.compromise()
    rotated.keys[1] = replace(rotated.keys[1], created=NOW)
    history = KeyHistory(DID, LOG, rotated.keys)
    signed = key_history.sign(history, signer=NEW)
    assert signed == key_history.sign(history, signer=NEW)
    document = did.resolve(DID, fetcher=rotated.library)
    assert key_history.read(signed, document=document) == history
    assert [key.state for key in history.keys] == [KeyState.COMPROMISED, KeyState.ACTIVE]


@pytest.mark.parametrize(
    ("entry", "member", "value"),
    [
        (1, "state", "rotated"),
        (1, "created", "yesterday"),
        (1, "id", "did:web:other.example#key-2"),
        (1, "id", None),
        (1, "publicKeyMultibase", "z6Mk"),
        (0, "compromised", {}),
        (0, "compromised", {"since": "2026-01-01T00:00:00Z", "noted": "2026-01-01T00:00:00Z",
                            "logSize": -1, "logRoot": b64encode(bytes(32)).decode()}),
        (0, "compromised", {"since": "2026-01-01T00:00:00Z", "noted": "2026-01-01T00:00:00Z",
                            "logSize": 1, "logRoot": "short"}),
    ],
)  # fmt: skip
def test_entry_of_another_form_is_named(
    rotated: Issuer, entry: int, member: str, value: Any
) -> None:
    signed = key_history.sign(KeyHistory(DID, LOG, rotated.keys), signer=NEW)
    signed["keys"][entry][member] = value
    document = did.resolve(DID, fetcher=rotated.library)
    with pytest.raises(Malformed):
        key_history.read(signed, document=document)


def test_one_key_under_two_ids_is_no_history(rotated: Issuer) -> None:
    keys = [replace(rotated.keys[0], public_key=ed25519(NEW.public_key)), rotated.keys[1]]
    signed = key_history.sign(KeyHistory(DID, LOG, keys), signer=NEW)
    document = did.resolve(DID, fetcher=rotated.library)
    with pytest.raises(Malformed, match="twice"):
        key_history.read(signed, document=document)


@pytest.mark.parametrize(
    ("member", "created", "found"),
    [
        ("expires", NOW - timedelta(days=1), None),
        ("expires", NOW + timedelta(hours=1), (Outcome.FAIL, "key-rotated")),
        ("revoked", NOW - timedelta(days=1), (Outcome.UNKNOWN, "key-revoked-later")),
        ("revoked", NOW + timedelta(hours=1), (Outcome.FAIL, "key-revoked")),
    ],
)
def test_issuer_without_a_history_who_marks_its_keys_is_understood(
    member: str, created: datetime, found: tuple[Outcome, str] | None
) -> None:
    campus = Campus()
    badge = issue(campus.unsigned_badge(id=BADGE_ID), signer=campus.issuer, created=created)
    campus.publish_status(by=campus.issuer)
    document = did.document(DID, [("key-1", campus.issuer.public_key)])
    document["verificationMethod"][0][member] = "2026-11-22T12:00:00Z"
    campus.library.publish("https://issuer.example/.well-known/did.json", document)
    report = campus.verify(badge, now=NOW + timedelta(hours=2))
    step = report.step("key-history")
    if found is None:
        assert step is not None
        assert step.outcome is Outcome.PASS
    else:
        assert step is not None
        assert (step.outcome, step.code) == found


def test_end_of_a_key_that_cannot_be_read_makes_the_key_unknown() -> None:
    campus = Campus()
    document = did.document(DID, [("key-1", campus.issuer.public_key)])
    document["verificationMethod"][0]["revoked"] = "soon"
    campus.library.publish("https://issuer.example/.well-known/did.json", document)
    assert against(campus.verify(campus.badge())) == ("issuer", Outcome.FAIL, "key-unknown")
