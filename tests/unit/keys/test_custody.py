"""The register of sealed keys and the signers they give."""

import itertools
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dying import killed_at

from keys.custody import Custody
from keys.local import LocalSigner
from keys.register import read, write
from keys.sealing import Seal
from vc.ed25519 import Signer, verifies
from vc.errors import Conflict, Malformed, Missing, Unavailable
from vc.key_history import Compromise, KeyState

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
METHOD = "did:web:example.org#key-1"


@pytest.fixture
def custody(tmp_path: Path) -> Custody:
    return Custody(tmp_path / "keys", Seal(bytes(32)))


def test_a_created_key_signs_what_its_public_half_verifies(custody: Custody) -> None:
    record = custody.create("issuer", verification_method=METHOD, now=NOW)
    signer: Signer = custody.signer("issuer")
    assert signer.verification_method == METHOD
    assert signer.public_key == record.public_key
    assert verifies(b"body", signature=signer.sign(b"body"), public_key=record.public_key)


def test_the_same_message_gives_the_same_signature_after_a_restart(
    custody: Custody, tmp_path: Path
) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    again = Custody(tmp_path / "keys", Seal(bytes(32)))
    assert again.signer("issuer").sign(b"body") == custody.signer("issuer").sign(b"body")


def test_the_register_is_readable_by_its_owner_alone_and_holds_no_seed(tmp_path: Path) -> None:
    seed = bytes(range(32))
    custody = Custody(tmp_path, Seal(bytes(32)), entropy=lambda _: seed)
    custody.create("issuer", verification_method=METHOD, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["register.json"]
    path = tmp_path / "register.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert seed not in path.read_bytes()
    assert seed.hex() not in path.read_text()


def test_a_name_that_is_taken_is_refused_and_the_key_stays(custody: Custody) -> None:
    before = custody.create("issuer", verification_method=METHOD, now=NOW)
    with pytest.raises(Conflict):
        custody.create("issuer", verification_method="did:web:example.org#key-2", now=LATER)
    assert custody.list() == (before,)


@pytest.mark.parametrize("name", ["", "../issuer", "Issuer", "a/b", ".hidden", "x" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(custody: Custody, name: str) -> None:
    with pytest.raises(Malformed):
        custody.create(name, verification_method=METHOD, now=NOW)


@pytest.mark.parametrize("method", ["", "key-1", "did:web:example.org", "did:web:a b#key-1"])
def test_a_verification_method_that_is_no_did_url_is_refused(custody: Custody, method: str) -> None:
    with pytest.raises(Malformed):
        custody.create("issuer", verification_method=method, now=NOW)
    assert custody.list() == ()


def test_a_rotated_key_stays_known_and_signs_no_more(custody: Custody) -> None:
    created = custody.create("issuer", verification_method=METHOD, now=NOW)
    made = custody.rotate("issuer", now=LATER)
    assert (made.name, made.verification_method) == ("issuer-2", "did:web:example.org#key-2")
    old, new = custody.list()
    assert (old.state, old.key.rotated) == (KeyState.ROTATED, LATER)
    assert old.public_key == created.public_key
    assert new == made
    assert custody.signer_of("did:web:example.org").public_key == made.public_key
    with pytest.raises(Conflict):
        custody.signer("issuer")


def test_no_key_is_ever_lost_over_many_rotations_of_one_moment(custody: Custody) -> None:
    names = [custody.create("issuer-1", verification_method=METHOD, now=NOW).name]
    for _ in range(11):
        known = custody.list()
        names.append(custody.rotate(names[-1], now=NOW).name)
        assert {record.public_key for record in known} < {
            record.public_key for record in custody.list()
        }
    assert [record.name for record in custody.list()] == names
    assert [record.state for record in custody.list()].count(KeyState.ACTIVE) == 1
    assert names[-1] == "issuer-12"


def test_successor_whose_name_would_be_too_long_is_refused(custody: Custody) -> None:
    before = custody.create("x" * 64, verification_method=METHOD, now=NOW)
    with pytest.raises(Malformed, match="up to 64 small letters"):
        custody.rotate("x" * 64, now=LATER)
    assert custody.list() == (before,)


def test_a_clock_that_went_back_does_not_bring_an_old_key_back(custody: Custody) -> None:
    custody.create("issuer", verification_method=METHOD, now=LATER)
    made = custody.rotate("issuer", now=NOW)
    assert made.key.created == LATER
    assert custody.signer_of("did:web:example.org").public_key == made.public_key


def test_of_two_who_rotate_at_once_one_does(custody: Custody) -> None:
    custody.create("issuer-1", verification_method=METHOD, now=NOW)

    def rotate(_number: int) -> str:
        try:
            return custody.rotate("issuer-1", now=LATER).name
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(rotate, range(8)))
    assert answers == ["issuer-2", *["key-rotated"] * 7]
    assert len(custody.list()) == 2


def test_two_issuers_never_share_one_key_even_when_they_are_founded_at_once(tmp_path: Path) -> None:
    # As of a machine whose image was copied with its randomness, or a token asked for one label.
    custody = Custody(tmp_path, Seal(bytes(32)), entropy=bytes)

    def create(number: int) -> str:
        method = f"did:web:example.org:issuer:{number}#key-1"
        try:
            return custody.create(f"issuer-{number}", verification_method=method, now=NOW).owner
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(8)))
    assert answers.count("key-shared") == 7
    assert len(custody.list()) == 1


def test_one_key_is_not_published_under_two_names_or_by_two_files(custody: Custody) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    with pytest.raises(Conflict) as refusal:
        custody.create("other", verification_method=METHOD, now=NOW)
    assert refusal.value.code == "key-method"


def test_a_compromise_is_recorded_and_its_date_moves_only_back(custody: Custody) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    found = Compromise(since=LATER, noted=LATER, log_size=5, log_root=bytes(32))
    record = custody.compromise("issuer", found)
    assert (record.state, record.key.compromise) == (KeyState.COMPROMISED, found)
    earlier = replace(found, since=NOW, log_size=2)
    assert custody.compromise("issuer", earlier).key.compromise == earlier
    with pytest.raises(Conflict):
        custody.compromise("issuer", found)
    assert custody.record("issuer").key.compromise == earlier
    with pytest.raises(Conflict):
        custody.signer("issuer")
    with pytest.raises(Missing):
        custody.signer_of("did:web:example.org")


def test_a_revoked_key_keeps_the_date_of_the_first_time(custody: Custody) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    first = custody.revoke("issuer", now=NOW)
    assert first.state is KeyState.REVOKED
    assert custody.revoke("issuer", now=LATER) == first


def test_killed_at_any_step_of_a_rotation_the_old_key_signs_or_the_new_one(tmp_path: Path) -> None:
    outcomes = []
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        custody = Custody(folder, Seal(bytes(32)))
        custody.create("issuer-1", verification_method=METHOD, now=NOW)
        killed = killed_at(step, "rotate", folder)
        active = [record for record in custody.list() if record.state is KeyState.ACTIVE]
        assert len(active) == 1
        signer = custody.signer_of("did:web:example.org")
        assert verifies(b"x", signature=signer.sign(b"x"), public_key=active[0].public_key)
        outcomes.append(len(custody.list()))
        if not killed:
            break
        # Whoever comes next is not hindered by what was left behind.
        custody.rotate(active[0].name, now=LATER)
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {1, 2}


@pytest.mark.parametrize(
    ("action", "state"),
    [("compromise", KeyState.COMPROMISED), ("revoke", KeyState.REVOKED)],
)
def test_killed_at_any_step_a_key_is_taken_back_or_it_is_not(
    tmp_path: Path, action: str, state: KeyState
) -> None:
    outcomes = []
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        custody = Custody(folder, Seal(bytes(32)))
        custody.create("issuer-1", verification_method=METHOD, now=NOW)
        killed = killed_at(step, action, folder)
        (record,) = custody.list()
        outcomes.append(record.state is state)
        if not killed:
            break
        assert killed_at(10_000, action, folder) is False
        assert custody.record("issuer-1").state is state
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


def test_an_unknown_key_is_missing(custody: Custody) -> None:
    with pytest.raises(Missing):
        custody.signer("nobody")


def test_another_master_secret_does_not_give_the_signer(custody: Custody, tmp_path: Path) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    with pytest.raises(Unavailable):
        Custody(tmp_path / "keys", Seal(b"\1" * 32)).signer("issuer")


def test_seed_opens_in_no_other_keys_place(tmp_path: Path) -> None:
    seal = Seal(bytes(32))
    custody = Custody(tmp_path, seal)
    custody.create("one", verification_method=METHOD, now=NOW)
    custody.create("two", verification_method="did:web:other.example#key-1", now=NOW)
    known = read(tmp_path, seal=seal)
    one, two = known.keys
    moved = replace(two, sealed_seed=one.sealed_seed)
    write(tmp_path, known.following([one, moved]), seal=seal)
    with pytest.raises(Unavailable):
        custody.signer("two")


def test_a_signer_does_not_show_its_seed() -> None:
    signer = LocalSigner(bytes(range(32)), verification_method=METHOD)
    assert repr(signer) == f"LocalSigner({METHOD}, <redacted>)"
