"""The checker and the command on approvals: two people, two keys, and this very decision."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cbor2
import pytest
from approved import approved
from click.testing import CliRunner
from decision_records import rich

from degree.checker import objections
from service.commands.degree import command
from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode

Change = Callable[[list[Any]], object]


def signed(approvals: list[Any], **changes: Any) -> None:
    approvals[0]["signature"] |= changes


def client(approvals: list[Any], **changes: Any) -> None:
    """Alter what the browser stated."""
    stated = json.loads(base64url_decode(approvals[0]["signature"]["clientDataJSON"]))
    written = json.dumps(stated | changes).encode()
    approvals[0]["signature"]["clientDataJSON"] = base64url_encode(written)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_a_record_with_both_approvals_is_accepted(algorithm: str) -> None:
    record = approved(rich(), algorithm=algorithm)
    assert [each["role"] for each in record["approvals"]] == ["registrar", "external_examiner"]
    assert objections(record) == []


def test_a_record_with_one_approval_is_a_record_on_its_way() -> None:
    record = approved(rich())
    assert objections(record | {"approvals": record["approvals"][1:]}) == []


@pytest.mark.parametrize(
    ("change", "objection"),
    [
        (lambda a: signed(a, nonce=base64url_encode(bytes(32))), "clientDataJSON.challenge: it is"),
        (lambda a: signed(a, nonce="AA"), "a nonce has 32 bytes"),
        (lambda a: signed(a, nonce="A"), "bytes is expected"),
        (lambda a: signed(a, nonce="AB"), "bytes is expected"),
        (lambda a: signed(a, nonce="AA=="), "bytes is expected"),
        (lambda a: signed(a, nonce="A=A"), "bytes is expected"),
        (lambda a: signed(a, nonce="A+/A"), "bytes is expected"),
        (lambda a: signed(a, nonce="é" * 4), "bytes is expected"),
        (lambda a: signed(a, nonce=7), "bytes is expected"),
        (lambda a: signed(a, digest=base64url_encode(bytes(32))), "of another decision"),
        (lambda a: signed(a, origin="https://b.example"), "clientDataJSON.origin: it is"),
        (lambda a: signed(a, rpId="b.example"), "authenticatorData is of another host"),
        (lambda a: signed(a, authenticatorData="AA"), "authenticatorData is of another host"),
        (lambda a: signed(a, clientDataJSON="AA"), "clientDataJSON is no JSON object"),
        (lambda a: signed(a, clientDataJSON=base64url_encode(b"[]")), "is no JSON object"),
        (lambda a: signed(a, clientDataJSON=base64url_encode(b"[" * 9_999)), "no JSON object"),
        (lambda a: signed(a, algorithm="none"), "ES256|EdDSA|RS256 is expected"),
        (lambda a: signed(a, more="x"), "the key 'more' is not known"),
        (lambda a: client(a, type="webauthn.create"), "clientDataJSON.type: it is"),
        (lambda a: client(a, challenge="AA"), "clientDataJSON.challenge: it is"),
        (lambda a: client(a, crossOrigin=True), "in a frame of another site"),
        (lambda a: client(a, crossOrigin="no"), "in a frame of another site"),
        (lambda a: a[0].update(role="member"), "registrar|external_examiner is expected"),
        (lambda a: a[0].update(role="external_examiner"), "'external_examiner' stands twice"),
        (lambda a: a[0].update(at="2026-11-22"), "moment is expected"),
        (lambda a: a[0].update(at="2026-11-22T12:00:00+01:00"), "moment is expected"),
        (lambda a: a[0].update(name=""), "name is expected"),
        (lambda a: a[1].update(signature=a[0]["signature"]), "stands twice"),
        (lambda a: a.append(a[0]), "'registrar' stands twice"),
        (lambda a: a[0].pop("signature"), "signature is missing"),
    ],
)
def test_an_approval_that_is_none_is_refused_with_its_reason(
    change: Change, objection: str
) -> None:
    record = copy.deepcopy(approved(rich()))
    change(record["approvals"])
    said = objections(record)
    assert any(objection in each for each in said), said


@pytest.mark.parametrize("flags", [0x00, 0x01, 0x04])
def test_a_device_that_did_not_make_sure_who_approved_is_refused(flags: int) -> None:
    said = objections(approved(rich(), flags=flags))
    assert said == ["approvals[0].signature: the device did not make sure who approved"]


def test_approvals_of_another_decision_are_refused() -> None:
    record = rich()
    other = approved(record | {"today": "2030-01-01"})["approvals"]
    said = objections(record | {"approvals": other})
    assert len(said) == 1
    assert "it is of another decision than sha256:" in said[0]


def check(record: JsonObject, folder: Path) -> tuple[int, list[str]]:
    path = folder / "record.json"
    path.write_text(json.dumps(record))
    done = CliRunner().invoke(command, ["check", str(path)])
    return done.exit_code, done.output.splitlines()


def test_the_command_names_whose_signatures_hold(tmp_path: Path) -> None:
    assert check(approved(rich()), tmp_path) == (
        0,
        [
            "Accepted: the record proves what it says.",
            "Approved by Ruth Cole, registrar: the signature holds.",
            "Approved by Edith Marsh, external examiner: the signature holds.",
        ],
    )


def test_the_command_refuses_what_the_named_key_did_not_sign(tmp_path: Path) -> None:
    record = copy.deepcopy(approved(rich()))
    first, second = (each["signature"] for each in record["approvals"])
    first["publicKey"], second["publicKey"] = second["publicKey"], first["publicKey"]
    assert objections(record) == []
    code, said = check(record, tmp_path)
    assert code == 1
    assert [line.partition(":")[0] for line in said] == [
        "approvals[0].signature",
        "approvals[1].signature",
    ]


def test_the_command_refuses_one_key_that_signed_in_two_spellings(tmp_path: Path) -> None:
    record = copy.deepcopy(approved(rich(), algorithm="RS256"))
    assert objections(record) != []  # the key in software is always the same one
    second = record["approvals"][1]["signature"]
    key = cbor2.loads(base64url_decode(second["publicKey"]))
    second["publicKey"] = base64url_encode(cbor2.dumps({**key, -1: b"\0" + key[-1]}))
    code, said = check(record, tmp_path)
    assert code == 1
    assert [line.partition(":")[0] for line in said] == ["approvals[1].signature"]
