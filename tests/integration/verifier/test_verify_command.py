"""`learnometer verify`: the exit code says the verdict, and bad input gets one sentence."""

import io
import json
from pathlib import Path

import pytest
from campus import NOW, Campus
from click.testing import CliRunner, Result
from ed25519_keys import signer

from service.cli import main
from vc.issue import issue
from vc.jose import sign_compact


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
    assert result.output.startswith("could not be checked: ")
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
        (b"", "This is not JSON"),
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
    [(b'{"a": 1, "a": 2}', "The key 'a' occurs twice"), (b"{}", "It carries no proof")],
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


def test_verifying_needs_no_installation_and_leaves_nothing_behind(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNOMETER_MASTER_SECRET", "no secret at all")
    campus = Campus()
    result = _verify(run, "-", stdin=json.dumps(campus.endorsement(campus.judge(1))).encode())
    assert result.exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_missing_file_and_forbidden_address_end_in_a_sentence(run: CliRunner) -> None:
    missing = _verify(run, "no-such-file.json")
    assert (missing.exit_code, "no-such-file.json: No such file" in missing.output) == (2, True)
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
    wrong = run.invoke(main, ["verify", "-", "--recipient", "b@example.com"], input=signed)
    assert wrong.exit_code == 1
    assert "x recipient: It is about somebody else." in wrong.output
