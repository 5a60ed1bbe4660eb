"""Sealed key files and the signers they give."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys.custody import Custody, KeyState, LocalSigner
from keys.sealing import Seal
from vc.ed25519 import Signer, verifies
from vc.errors import Conflict, Malformed, Missing, Unavailable

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


def test_a_key_file_is_readable_by_its_owner_alone_and_holds_no_seed(tmp_path: Path) -> None:
    seed = bytes(range(32))
    custody = Custody(tmp_path, Seal(bytes(32)), entropy=lambda _: seed)
    custody.create("issuer", verification_method=METHOD, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["issuer.json"]
    path = tmp_path / "issuer.json"
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


def test_a_retired_key_stays_known_and_signs_no_more(custody: Custody) -> None:
    created = custody.create("issuer", verification_method=METHOD, now=NOW)
    retired = custody.retire("issuer", now=LATER)
    assert custody.list() == (retired,)
    assert (retired.state, retired.retired) == (KeyState.RETIRED, LATER)
    assert retired.public_key == created.public_key
    with pytest.raises(Conflict):
        custody.signer("issuer")


def test_retiring_a_key_again_keeps_the_first_date(custody: Custody) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    first = custody.retire("issuer", now=NOW)
    assert custody.retire("issuer", now=LATER) == first


def test_an_unknown_key_is_missing(custody: Custody) -> None:
    with pytest.raises(Missing):
        custody.signer("nobody")


def test_another_master_secret_does_not_give_the_signer(custody: Custody, tmp_path: Path) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    with pytest.raises(Unavailable):
        Custody(tmp_path / "keys", Seal(b"\1" * 32)).signer("issuer")


@pytest.mark.parametrize("field", ["verificationMethod", "publicKeyMultibase"])
def test_a_key_file_whose_public_facts_were_edited_does_not_open(
    custody: Custody, tmp_path: Path, field: str
) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    custody.create("other", verification_method="did:web:example.org#key-2", now=NOW)
    path = tmp_path / "keys" / "issuer.json"
    content = json.loads(path.read_text())
    content[field] = json.loads((tmp_path / "keys" / "other.json").read_text())[field]
    path.write_text(json.dumps(content))
    with pytest.raises(Unavailable):
        custody.signer("issuer")


def test_a_file_that_is_no_key_file_is_named(custody: Custody, tmp_path: Path) -> None:
    custody.create("issuer", verification_method=METHOD, now=NOW)
    path = tmp_path / "keys" / "broken.json"
    path.write_text("{}")
    with pytest.raises(Malformed) as refusal:
        custody.list()
    assert refusal.value.place == str(path)


def test_a_signer_does_not_show_its_seed() -> None:
    signer = LocalSigner(bytes(range(32)), verification_method=METHOD)
    assert repr(signer) == f"LocalSigner({METHOD}, <redacted>)"
