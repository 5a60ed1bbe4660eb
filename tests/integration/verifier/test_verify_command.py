"""`learnometer verify`: the exit code says the verdict, and bad input gets one sentence."""

import io
import json
from pathlib import Path

import pytest
from campus import NOW, Campus
from click.testing import CliRunner, Result
from ed25519_keys import signer

from keys.custody import Custody
from keys.sealing import MASTER_BYTES, Seal
from service.cli import main
from service.raster import medallion_png
from vc.bakery import LARGEST_IMAGE
from vc.issue import issue
from vc.jose import sign_compact
from verifier.desk import Desk
from verifier.receipts import Receipts
from verifier.trust import TrustRegistry

OPEN_BADGES_2 = b"""{
  "@context": "https://w3id.org/openbadges/v2", "type": "Assertion",
  "id": "https://example.org/assertions/1", "badge": "https://example.org/badges/1",
  "recipient": {"type": "email", "hashed": false, "identity": "a@example.org"},
  "verification": {"type": "HostedBadge"}
}"""
PLAIN_PNG = medallion_png(seed="plain")


@pytest.fixture(name="run")
def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "home"))
    return CliRunner()


def _verify(run: CliRunner, *arguments: str, stdin: bytes | None = None) -> Result:
    return run.invoke(main, ["verify", *arguments], input=io.BytesIO(stdin) if stdin else None)


def test_credential_whose_keys_are_out_of_reach_could_not_be_checked(
    run: CliRunner, vectors: Path
) -> None:
    result = _verify(run, str(vectors / "1edtech" / "valid" / "simple-json.png"))
    assert result.exit_code == 2
    assert result.output.startswith(
        "could not be checked: Signature good, issuer not bound: nothing shows whose key signed"
    )
    assert "+ signature: Nothing was changed since it was signed." in result.output


def test_changed_credential_is_invalid_and_says_so_to_machines(
    run: CliRunner, vectors: Path
) -> None:
    source = vectors / "1edtech" / "invalid" / "simple-err-proof-value.json"
    result = _verify(run, "--json", str(source))
    assert result.exit_code == 1
    report = json.loads(result.output)
    assert report["verdict"] == "invalid"
    assert [step["code"] for step in report["steps"] if step["outcome"] == "fail"] == ["signature"]


def test_endorsement_under_a_did_key_is_valid_without_any_network(run: CliRunner) -> None:
    campus = Campus()
    endorsement = campus.endorsement(campus.judge(1))
    result = _verify(run, "-", stdin=json.dumps(endorsement).encode())
    assert result.exit_code == 0
    assert "from an issuer that is not known here" in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is nothing in it."),
        (b" \n", "There is nothing in it."),
        (b"{}", "This is JSON, and no credential."),
        (b'{"type": "VerifiablePresentation"}', "This is a presentation."),
        (OPEN_BADGES_2, "This is an Open Badge of an older version, which is not read here"),
        (b"my badge", "neither JSON, nor a token, nor an image"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (PLAIN_PNG, "No credential is baked into this image."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "No credential is baked into this image."),
        (b"{", "This is not JSON"),
        (b"[1]", "A JSON object was expected"),
        (b"a.b.c", "not unpadded base64url"),
        (b"\x89PNG\r\n\x1a\n", "The PNG is cut off"),
        (b"<svg >", "neither PNG nor SVG"),
    ],
)
def test_what_cannot_be_read_is_not_called_invalid_and_its_file_is_named(
    run: CliRunner, tmp_path: Path, content: bytes, sentence: str
) -> None:
    source = tmp_path / "input"
    source.write_bytes(content)
    result = _verify(run, str(source))
    assert result.exit_code == 2
    assert result.output.startswith(f"{source}: could not be read: ")
    assert sentence in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"a": 1, "a": 2}', "The key 'a' occurs twice"),
        (b'{"type": ["VerifiableCredential"]}', "It carries no proof"),
    ],
)
def test_json_that_is_no_sound_credential_is_invalid(
    run: CliRunner, content: bytes, sentence: str
) -> None:
    result = _verify(run, "-", stdin=content)
    assert result.exit_code == 1
    assert sentence in result.output


def test_several_files_each_get_a_verdict_and_a_forgery_decides_the_exit_code(
    run: CliRunner, tmp_path: Path
) -> None:
    campus = Campus()
    good = campus.endorsement(campus.judge(1))
    contents = {"good": good, "bent": good | {"name": "Bent"}, "empty": ""}
    for name, content in contents.items():
        (tmp_path / name).write_text(json.dumps(content) if content else "")
    paths = [str(tmp_path / name) for name in contents]
    result = _verify(run, *paths)
    assert result.exit_code == 1
    for path, verdict in zip(paths, ("valid", "invalid", "could not be read"), strict=True):
        assert f"{path}: {verdict}: " in result.output
    assert _verify(run, paths[0], paths[2]).exit_code == 2
    assert _verify(run, paths[0]).exit_code == 0


def test_missing_file_keeps_no_other_from_being_verified(run: CliRunner, tmp_path: Path) -> None:
    campus = Campus()
    good = tmp_path / "good.json"
    good.write_text(json.dumps(campus.endorsement(campus.judge(1))))
    result = _verify(run, "none.json", str(good))
    assert result.exit_code == 2
    assert result.output.startswith("none.json: could not be read: ")
    assert f"{good}: valid: " in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name what to verify"),
        (("a", "--bulk", "b"), "Name what to verify"),
        (("a", "--recipient", ""), "--recipient names nobody"),
        (("a", "--recipient", " "), "--recipient names nobody"),
        (("-", "-"), "Standard input can be read once"),
        (("a", "--out", "b.csv"), "--out takes the CSV of --bulk"),
        (("--bulk", "b.csv", "--json"), "--json does not go with --bulk"),
        (("--bulk", "b.csv", "--recipient", "a@b"), "--recipient does not go with --bulk"),
        (("--bulk", "b.csv", "--out", "."), "is a directory"),
        (("--bulk", "b.csv", "--out", "none/out.csv"), "There is no folder none"),
    ],
)
def test_options_that_would_not_do_what_they_say_are_refused(
    run: CliRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.csv").write_text("https://issuer.example/1\n")
    result = _verify(run, *arguments)
    assert result.exit_code == 2
    assert sentence in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.csv"]


def test_command_says_whose_keys_lie_at_home_when_it_asks_elsewhere(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = signer(1, "did:web:localhost%3A9999:issuer:university#key-1")
    badge = Campus().unsigned_badge(issuer={"id": author.did, "type": ["Profile"]})
    source = tmp_path / "badge.json"
    source.write_text(json.dumps(issue(badge, signer=author, created=NOW)))
    assert "LEARNOMETER_ORIGIN" not in _verify(run, str(source)).output
    seal = Seal(bytes(MASTER_BYTES))
    Custody(tmp_path / "home" / "keys", seal).create(
        "university", verification_method=f"{author.did}#key-1", now=NOW
    )
    result = _verify(run, str(source))
    assert result.exit_code == 2
    assert "are those of localhost:9999: set LEARNOMETER_ORIGIN" in result.output
    monkeypatch.setenv("LEARNOMETER_ORIGIN", "http://localhost:9999")
    assert "LEARNOMETER_ORIGIN" not in _verify(run, str(source)).output


def test_receipt_is_not_taken_for_what_it_is_about(run: CliRunner) -> None:
    campus, author = Campus(), signer(56)
    bent = campus.badge() | {"name": "Bent"}
    checked = Desk(campus.library, TrustRegistry("1", {})).check(bent, now=NOW)
    receipt = Receipts(author, author.did, "learnometer 1").issue(checked)
    result = _verify(run, "-", stdin=json.dumps(receipt).encode())
    assert result.exit_code == 1
    first, second, *_ = result.output.splitlines()
    assert first == (
        "valid receipt: This receipt is genuine, from a verifier that is not known here. "
        "It says of what was handed in on 22 November 2026: not valid."
    )
    assert second == f"  Verification Receipt, issued by {author.did}"


def test_verifying_needs_no_installation_and_leaves_nothing_behind(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNOMETER_MASTER_SECRET", "no secret at all")
    campus = Campus()
    result = _verify(run, "-", stdin=json.dumps(campus.endorsement(campus.judge(1))).encode())
    assert result.exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_missing_file_and_forbidden_address_end_in_a_sentence(
    run: CliRunner, tmp_path: Path
) -> None:
    for path, reason in (("none.json", "No such file"), (".", "Is a directory"), ("a\0b", "null")):
        result = _verify(run, path)
        assert result.exit_code == 2
        assert "could not be read" in result.output
        assert reason in result.output
    large = tmp_path / "large"
    large.write_bytes(b"x" * (LARGEST_IMAGE + 1))
    assert "larger than 5,242,880 bytes" in _verify(run, str(large)).output
    inside = _verify(run, "http://127.0.0.1:1/badge")
    assert inside.exit_code == 2
    assert "Traceback" not in inside.output


def test_no_text_of_a_credential_commands_the_terminal(run: CliRunner) -> None:
    author, badge = signer(55), Campus().unsigned_badge(credentialStatus=None)
    named = badge | {
        "issuer": {"id": author.did, "type": ["Profile"]},
        "name": "\x1bc\x1b[2Kvalid: all is well",
    }
    token = sign_compact({"typ": "JWT"}, json.dumps(named).encode(), signer=author)
    result = _verify(run, "-", stdin=token.encode())
    assert result.exit_code == 2
    assert "all is well" in result.output
    assert "\x1b" not in result.output


def test_recipient_who_is_named_has_to_be_the_one_it_is_about(run: CliRunner) -> None:
    campus, holder = Campus(), signer(2)
    judge = campus.judge(1)
    badge = campus.unsigned_badge(
        issuer={"id": judge.did, "type": ["Profile"]}, credentialStatus=None
    )
    signed = json.dumps(issue(badge, signer=judge, created=NOW)).encode()
    right = run.invoke(main, ["verify", "-", "--recipient", holder.did], input=signed)
    assert right.exit_code == 0, right.output
    assert f"+ recipient: It is about {holder.did}." in right.output
    wrong = run.invoke(main, ["verify", "-", "--recipient", judge.did], input=signed)
    assert wrong.exit_code == 1
    assert f"x recipient: It is about somebody else than {judge.did}." in wrong.output
    unknown = run.invoke(main, ["verify", "-", "--recipient", "b@example.com"], input=signed)
    assert unknown.exit_code == 2
    assert "? recipient: It does not say by an e-mail address whom it is about" in unknown.output
