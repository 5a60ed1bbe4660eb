"""The register of keys: what others change, take out or put back is noticed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from keys.custody import Custody
from keys.register import read, read_unverified
from keys.sealing import Seal
from vc.errors import Malformed, Refused, Unavailable
from vc.key_history import Compromise, KeyState

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
METHOD = "did:web:example.org#key-1"
SEAL = Seal(bytes(32))


@pytest.fixture
def custody(tmp_path: Path) -> Custody:
    """An issuer whose first key was laid down and whose second one was stolen and replaced."""
    custody = Custody(tmp_path, SEAL)
    custody.create("issuer-1", verification_method=METHOD, now=NOW)
    for name in ("issuer-1", "issuer-2"):
        custody.rotate(name, now=LATER)
    custody.compromise("issuer-2", Compromise(NOW, LATER, 3, bytes(32)))
    custody.revoke("issuer-1", now=LATER)
    return custody


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """As somebody does who may write in the folder and has no master secret."""
    path = folder / "register.json"
    source = json.loads(path.read_text())
    change(source)
    path.write_text(json.dumps(source, separators=(",", ":")) + "\n")


def expect_noticed(folder: Path) -> None:
    custody = Custody(folder, SEAL)
    asked: list[Callable[[], object]] = [
        custody.list,
        lambda: custody.signer("issuer-3"),
        lambda: custody.signer_of("did:web:example.org"),
        lambda: custody.revoke("issuer-2", now=LATER),
        lambda: custody.create("new", verification_method="did:web:other.example#k", now=NOW),
    ]
    for ask in asked:
        with pytest.raises(Refused) as refusal:
            ask()
        assert (refusal.value.code, refusal.value.place) == (
            "key-register",
            str(folder / "register.json"),
        )


def expect_malformed(folder: Path) -> None:
    """Also where the master secret made it, and for whoever has none."""
    custody = Custody(folder, SEAL)
    asked: list[Callable[[], object]] = [
        custody.list,
        lambda: custody.signer_of("did:web:example.org"),
        lambda: custody.create("new", verification_method="did:web:other.example#k", now=NOW),
        lambda: read_unverified(folder),
    ]
    for ask in asked:
        with pytest.raises(Malformed) as refusal:
            ask()
        assert refusal.value.place == str(folder / "register.json")


def test_register_that_nobody_changed_is_read(custody: Custody, tmp_path: Path) -> None:
    edit(tmp_path, lambda _source: None)
    states = [record.state for record in Custody(tmp_path, SEAL).list()]
    assert states == [KeyState.REVOKED, KeyState.COMPROMISED, KeyState.ACTIVE]


@pytest.mark.parametrize(
    ("key", "member", "value"),
    [
        (0, "revoked", None),
        (0, "revoked", "2030-01-01T00:00:00+00:00"),
        (0, "name", "issuer-9"),
        (0, "verificationMethod", "did:web:example.org#key-9"),
        (0, "verificationMethod", "did:web:thief.example#key-1"),
        (0, "created", "2030-01-01T00:00:00+00:00"),
        (0, "tokenLabel", "mine"),
        (1, "compromisedSince", None),
        (1, "compromisedSince", "2026-12-31T00:00:00+00:00"),
        (1, "compromiseNoted", "2026-12-31T00:00:00+00:00"),
        (1, "logSize", "9"),
        (2, "created", "2020-01-01T00:00:00+00:00"),
        (2, "publicKeyMultibase", "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"),
        (2, "verificationMethod", "did:web:example.org#key-0"),
    ],
)
def test_fact_of_a_key_that_was_edited_is_noticed(
    custody: Custody, tmp_path: Path, key: int, member: str, value: str | None
) -> None:
    def change(source: dict[str, Any]) -> None:
        source["keys"][key][member] = value
        if value is None:
            del source["keys"][key][member]

    edit(tmp_path, change)
    expect_noticed(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda source: source["keys"].pop(),
        lambda source: source["keys"].pop(1),
        lambda source: source["keys"].clear(),
        lambda source: source["keys"].append({**source["keys"][0], "name": "issuer-4"}),
        lambda source: source["keys"].reverse(),
        lambda source: source.update(edition=99),
        lambda source: source.update(code="A" * 43),
        lambda source: source.update(note="checked"),
    ],
    ids=["successor", "stolen", "all", "one more", "order", "edition", "code", "member"],
)
def test_key_taken_out_or_put_in_is_noticed(
    custody: Custody, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    edit(tmp_path, change)
    expect_noticed(tmp_path)


def test_register_of_another_installation_is_noticed(tmp_path: Path) -> None:
    Custody(tmp_path, Seal(b"\1" * 32)).create("issuer", verification_method=METHOD, now=NOW)
    expect_noticed(tmp_path)


@pytest.mark.parametrize("action", ["rotated", "stolen", "revoked"])
def test_older_register_that_is_put_back_is_noticed_by_whoever_read_the_newer_one(
    tmp_path: Path, action: str
) -> None:
    path = tmp_path / "register.json"
    operator, service = Custody(tmp_path, SEAL), Custody(tmp_path, SEAL)
    operator.create("issuer-1", verification_method=METHOD, now=NOW)
    service.signer("issuer-1")
    backup = path.read_bytes()
    if action == "rotated":
        operator.rotate("issuer-1", now=LATER)
    elif action == "stolen":
        operator.compromise("issuer-1", Compromise(NOW, LATER, 0, bytes(32)))
    else:
        operator.revoke("issuer-1", now=LATER)
    assert service.list() == operator.list()
    path.write_bytes(backup)
    for known in (service, operator):
        with pytest.raises(Unavailable, match="older than one that was here before"):
            known.signer("issuer-1")
    path.unlink()
    with pytest.raises(Unavailable, match="older than one that was here before"):
        service.create("issuer-1", verification_method=METHOD, now=NOW)


def test_each_change_is_an_edition_and_what_changes_nothing_is_none(custody: Custody) -> None:
    assert custody.edition() == 5
    custody.revoke("issuer-1", now=LATER)
    custody.compromise("issuer-2", Compromise(NOW, LATER, 3, bytes(32)))
    assert custody.edition() == 5


def test_public_facts_can_be_read_without_the_master_secret(
    custody: Custody, tmp_path: Path
) -> None:
    assert read_unverified(tmp_path) == read(tmp_path, seal=SEAL)
    assert read_unverified(tmp_path / "nowhere").keys == ()


WRONG: list[tuple[str, Any]] = [
    ("name", 5),
    ("name", "../../etc"),
    ("verificationMethod", 5),
    ("verificationMethod", "did:web:example.org"),
    ("publicKeyMultibase", 5),
    ("publicKeyMultibase", "z6Mk"),
    ("created", 5),
    ("created", "2026-01-01"),
    ("created", "2026-01-01T00:00:00"),
    ("revoked", "2026-01-01T00:00:00"),
    ("revoked", None),
    ("compromisedSince", "2026-01-01T00:00:00"),
    ("compromiseNoted", "soon"),
    ("logSize", "x"),
    ("logSize", 5),
    ("logSize", "-1"),
    ("logRoot", 5),
    ("logRoot", "AAAA"),
    ("sealedSeed", 5),
    ("sealedSeed", "not base64url"),
    ("tokenLabel", "a seed and a label"),
]


@pytest.mark.parametrize(("member", "value"), WRONG)
def test_entry_of_another_form_is_told_with_the_files_name(
    custody: Custody, tmp_path: Path, member: str, value: Any
) -> None:
    edit(tmp_path, lambda source: source["keys"][1].update({member: value}))
    expect_malformed(tmp_path)


def test_label_that_is_no_text_is_told_with_the_files_name(
    custody: Custody, tmp_path: Path
) -> None:
    def change(source: dict[str, Any]) -> None:
        source["keys"][2]["tokenLabel"] = 5
        del source["keys"][2]["sealedSeed"]

    edit(tmp_path, change)
    expect_malformed(tmp_path)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("edition", "5"),
        ("edition", True),
        ("edition", 0),
        ("edition", None),
        ("keys", {}),
        ("keys", ["issuer-1"]),
        ("keys", None),
        ("code", 5),
        ("code", "not base64url"),
    ],
)
def test_register_of_another_form_is_told_with_its_name(
    custody: Custody, tmp_path: Path, member: str, value: Any
) -> None:
    edit(tmp_path, lambda source: source.update({member: value}))
    expect_malformed(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "{}", "[]", "[" * 99, '{"keys": [], "keys": []}'])
def test_what_is_no_register_is_told_with_its_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "register.json").write_text(content)
    expect_malformed(tmp_path)


def test_folder_in_the_place_of_the_register_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "register.json").mkdir()
    expect_malformed(tmp_path)


def test_date_without_its_offset_is_refused_and_the_register_stays(
    custody: Custody, tmp_path: Path
) -> None:
    before = custody.list()
    with pytest.raises(Malformed):
        custody.revoke("issuer-3", now=datetime(2027, 1, 1))  # noqa: DTZ001
    assert Custody(tmp_path, SEAL).list() == before


def test_keys_in_a_file_each_are_told_to_be_of_an_earlier_version(tmp_path: Path) -> None:
    (tmp_path / "issuer-1.json").write_text("{}")
    custody = Custody(tmp_path, SEAL)
    for ask in (custody.list, lambda: custody.create("a", verification_method=METHOD, now=NOW)):
        with pytest.raises(Malformed, match="an earlier version wrote them") as refusal:
            ask()
        assert refusal.value.place == str(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["issuer-1.json"]
