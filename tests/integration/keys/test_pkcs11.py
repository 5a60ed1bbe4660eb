"""Keys in a real token (SoftHSM): they sign, they never come out, and issuers use them."""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pkcs11
import pytest
from click.testing import CliRunner, Result
from dying import killed_at
from pkcs11 import Attribute, ObjectClass

from keys.custody import Custody
from keys.pkcs11 import Pkcs11Token, _read_point
from keys.register import read, write
from keys.sealing import Seal
from service.app import compose
from service.cli import main
from service.settings import from_environment
from vc import ecdsa, ed25519
from vc.encoding import base64url_encode
from vc.errors import Conflict, Malformed, Missing, Unavailable
from vc.key_history import KeyState
from vc.model import Verdict
from vc.public_key import KeyKind

ROOT = Path(__file__).parents[3]
LIBRARY = Path(os.environ.get("TEST_SOFTHSM", "/usr/lib/softhsm/libsofthsm2.so"))
LABEL, PIN = "learnometer-test", "7319"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
METHOD = "did:web:issuer.example#key-1"


@pytest.fixture(scope="session")
def hardware(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An initialised SoftHSM token, one for each process that runs tests."""
    if not LIBRARY.is_file() or shutil.which("softhsm2-util") is None:
        reason = f"SoftHSM is not at {LIBRARY} (Debian: apt-get install softhsm2)"
        if os.environ.get("REQUIRE_SOFTHSM") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    home = tmp_path_factory.mktemp("softhsm")
    (home / "tokens").mkdir()
    config = home / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    # SoftHSM reads its configuration from the environment when the library is loaded.
    os.environ["SOFTHSM2_CONF"] = str(config)
    command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN]
    subprocess.run([*command, "--so-pin", "51234"], check=True, capture_output=True)
    yield config
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def token(hardware: Path) -> Pkcs11Token:
    return Pkcs11Token(LIBRARY, label=LABEL, pin=PIN)


def test_an_ed25519_key_of_a_token_signs_what_our_verifier_believes(token: Pkcs11Token) -> None:
    public_key = token.generate("ed")
    signer = token.signer("ed", verification_method=METHOD)
    assert (signer.public_key, signer.verification_method) == (public_key, METHOD)
    signature = signer.sign(b"body")
    assert ed25519.verifies(b"body", signature=signature, public_key=public_key)
    assert not ed25519.verifies(b"Body", signature=signature, public_key=public_key)
    assert signer.sign(b"body") == signature


@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.P384])
def test_an_ecdsa_key_of_a_token_signs_what_our_verifier_believes(
    token: Pkcs11Token, kind: KeyKind
) -> None:
    public_key = token.generate_key(f"ec-{kind}", kind)
    signer = token.ecdsa_signer(f"ec-{kind}", verification_method=METHOD)
    assert (signer.public_key, signer.public_key.kind) == (public_key, kind)
    for message in (b"body", b"", b"x" * 100_000):
        signature = signer.sign(message)
        assert ecdsa.verifies(message, signature=signature, public_key=public_key)
        assert not ecdsa.verifies(message + b"!", signature=signature, public_key=public_key)


def test_no_private_key_comes_out_of_the_token(token: Pkcs11Token) -> None:
    for number, kind in enumerate((KeyKind.ED25519, KeyKind.P256, KeyKind.P384)):
        label = f"kept-{number}"
        token.generate_key(label, kind)
        key = token._opened().get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
        assert (key[Attribute.SENSITIVE], key[Attribute.EXTRACTABLE]) == (True, False)
        with pytest.raises(pkcs11.AttributeSensitive):
            key[Attribute.VALUE]


def test_a_key_is_still_there_for_whoever_opens_the_token_next(token: Pkcs11Token) -> None:
    public_key = token.generate("lasting")
    again = Pkcs11Token(LIBRARY, label=LABEL, pin=PIN)
    assert again.signer("lasting", verification_method=METHOD).public_key == public_key
    assert token.signer("lasting", verification_method=METHOD).sign(b"x")


def test_a_label_is_given_once_and_an_unknown_one_is_missing(token: Pkcs11Token) -> None:
    token.generate("once")
    with pytest.raises(Conflict):
        token.generate("once")
    with pytest.raises(Missing):
        token.signer("never", verification_method=METHOD)
    with pytest.raises(Missing):
        token.ecdsa_signer("once", verification_method=METHOD)
    with pytest.raises(Malformed):
        token.generate_key("rsa", KeyKind.RSA)


def test_a_token_that_is_not_there_is_unavailable_and_shows_no_pin(hardware: Path) -> None:
    for library, label in ((LIBRARY, "another"), (Path("/nowhere.so"), LABEL)):
        absent = Pkcs11Token(library, label=label, pin=PIN)
        with pytest.raises(Unavailable) as refusal:
            absent.generate("x")
        assert PIN not in str(refusal.value)
        assert PIN not in repr(absent)


WRONG_PIN = """
import sys
from pathlib import Path
from keys.pkcs11 import Pkcs11Token
from vc.errors import Unavailable
try:
    Pkcs11Token(Path(sys.argv[1]), label=sys.argv[2], pin="0000").generate("x")
except Unavailable as error:
    print(error.sentence)
"""
FORKED = """
import os, sys
from pathlib import Path
from keys.pkcs11 import Pkcs11Token
token = Pkcs11Token(Path(sys.argv[1]), label=sys.argv[2], pin=sys.argv[3])
public_key = token.generate("forked")
child = os.fork()
signer = token.signer("forked", verification_method="did:web:issuer.example#key-1")
assert len(signer.sign(b"x")) == 64
if child:
    assert os.waitpid(child, 0)[1] == 0
    assert len(signer.sign(b"x")) == 64
    print("both signed")
"""


def ran(script: str, *arguments: str) -> str:
    command = [sys.executable, "-c", script, str(LIBRARY), LABEL, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_a_wrong_pin_is_said_in_one_sentence(hardware: Path) -> None:
    # In a process of its own: the tests' own is logged in, and a token counts by process.
    assert ran(WRONG_PIN) == f"The token {LABEL} does not answer: PinIncorrect.\n"


def test_a_forked_worker_signs_with_a_session_of_its_own(hardware: Path) -> None:
    assert ran(FORKED, PIN) == "both signed\n"


def test_many_threads_sign_at_once(token: Pkcs11Token) -> None:
    public_key = token.generate("shared")
    signer = token.signer("shared", verification_method=METHOD)

    def signed(number: int) -> bool:
        message = str(number).encode()
        return ed25519.verifies(message, signature=signer.sign(message), public_key=public_key)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(signed, range(40)))


@pytest.mark.parametrize(
    ("kind", "length"), [(KeyKind.ED25519, 32), (KeyKind.P256, 65), (KeyKind.P384, 97)]
)
def test_a_point_is_read_bare_and_wrapped(token: Pkcs11Token, kind: KeyKind, length: int) -> None:
    token.generate_key(f"point-{kind}", kind)
    found = token._opened().get_key(object_class=ObjectClass.PUBLIC_KEY, label=f"point-{kind}")
    wrapped = bytes(found[Attribute.EC_POINT])
    bare = wrapped[-length:]
    assert _read_point(kind, bare) == _read_point(kind, bytes([4, length]) + bare)
    for broken in (b"", bare[:-1], wrapped + b"\0", bytes(length + 2)):
        with pytest.raises((Malformed, Unavailable)):
            _read_point(kind, broken)


def test_two_issuers_never_share_the_key_of_one_label(token: Pkcs11Token, tmp_path: Path) -> None:
    custody = Custody(tmp_path, Seal(bytes(32)), token=token)
    custody.create("one", verification_method=METHOD, now=NOW, in_token="label")
    method = "did:web:other.example#key-1"
    with pytest.raises(Conflict):
        custody.create("two", verification_method=method, now=NOW, in_token="label")
    assert [record.name for record in custody.list()] == ["one"]


def test_another_key_under_the_label_does_not_sign(token: Pkcs11Token, tmp_path: Path) -> None:
    seal = Seal(bytes(32))
    custody = Custody(tmp_path, seal, token=token)
    custody.create("one", verification_method=METHOD, now=NOW, in_token="first")
    token.generate("second")
    known = read(tmp_path, seal=seal)
    moved = replace(known.keys[0].record, token_label="second")
    write(tmp_path, known.following([replace(known.keys[0], record=moved)]), seal=seal)
    with pytest.raises(Unavailable) as refusal:
        custody.signer("one")
    assert refusal.value.code == "token-key"


def test_killed_at_any_step_a_rotation_into_the_token_is_done_again(
    token: Pkcs11Token, tmp_path: Path
) -> None:
    known = set()
    for step in itertools.count(1):
        custody = Custody(tmp_path / str(step), Seal(bytes(32)), token=token)
        custody.create("issuer-1", verification_method=METHOD, now=NOW)
        killed = killed_at(step, "rotate", tmp_path / str(step), str(LIBRARY), LABEL, PIN)
        if custody.list()[-1].name == "issuer-1":
            custody.rotate("issuer-1", now=NOW, in_token=True)
        signer = custody.signer("issuer-2")
        signature = signer.sign(b"body")
        assert ed25519.verifies(b"body", signature=signature, public_key=signer.public_key)
        assert signer.public_key not in known
        known.add(signer.public_key)
        if not killed:
            break
    assert step > 5


def test_key_that_lies_in_the_token_already_never_becomes_the_successor(
    token: Pkcs11Token, tmp_path: Path
) -> None:
    planted = token.generate("guild-2")
    custody = Custody(tmp_path, Seal(bytes(32)), token=token)
    custody.create("guild-1", verification_method=METHOD, now=NOW)
    assert custody.rotate("guild-1", now=NOW, in_token=True).public_key != planted


def test_token_full_of_keys_that_nobody_uses_is_told_in_a_sentence(tmp_path: Path) -> None:
    class Full:
        def generate(self, label: str) -> bytes:
            raise Conflict("token-label", f"The token has a key {label} already.")

        def signer(self, label: str, *, verification_method: str) -> ed25519.Signer:
            raise Missing("token-key", "The token has no such key.")

    custody = Custody(tmp_path, Seal(bytes(32)), token=Full())
    custody.create("issuer-1", verification_method=METHOD, now=NOW)
    with pytest.raises(Conflict, match=r"has a key issuer-2\.50 already"):
        custody.rotate("issuer-1", now=NOW, in_token=True)


@pytest.fixture
def founded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that knows the token."""
    (tmp_path / "pin").write_text(f"{PIN}\n")
    for name, value in {
        "LEARNOMETER_HOME": str(tmp_path / "home"),
        "LEARNOMETER_MASTER_SECRET": base64url_encode(bytes(32)),
        "LEARNOMETER_PKCS11_MODULE": str(LIBRARY),
        "LEARNOMETER_PKCS11_TOKEN": LABEL,
        "LEARNOMETER_PKCS11_PIN_FILE": str(tmp_path / "pin"),
    }.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["found", str(ROOT / "examples" / "community")])
    assert done.exit_code == 0, done.output
    return tmp_path / "home"


def test_an_issuer_moves_its_key_into_the_token_and_badges_verify(
    hardware: Path, founded: Path
) -> None:
    done = CliRunner().invoke(main, ["keys", "rotate", "learnometer", "--token"])
    assert done.exit_code == 0, done.output
    entry = json.loads((founded / "keys" / "register.json").read_text())["keys"][-1]
    assert entry["tokenLabel"] == entry["name"] == "issuer-learnometer-2"
    assert "sealedSeed" not in entry
    program = compose(from_environment())
    assert program.issuer
    assert program.verifier
    unsigned = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:localhost%3A8000:issuer:learnometer",
        "credentialSubject": {"id": "did:example:holder"},
    }
    now = datetime.now(UTC)
    signed = program.issuer.awarding.issue("learnometer", unsigned, now=now)
    assert signed["proof"]["verificationMethod"].endswith("#key-2")
    assert program.verifier.check(signed, now=now).report.verdict is Verdict.VALID
    states = [record.state for record in program.parts.custody.list()]
    assert states.count(KeyState.ROTATED) == 1


@pytest.mark.parametrize("action", ["compromise", "revoke", "rotate"])
def test_key_of_the_token_gets_its_successor_in_the_token(
    hardware: Path, founded: Path, action: str
) -> None:
    assert "sealed in the register" in run("keys", "list").output
    done = run("keys", "rotate", "learnometer", "--token")
    assert done.output.endswith("  in the token, labelled " + labels(done.output)[0] + "\n")
    if action == "rotate":
        done = run("keys", "rotate", "learnometer")
    else:
        since = ["--since", an_hour_ago()] if action == "compromise" else []
        done = run("keys", action, "issuer-learnometer-2", "--yes", *since)
    assert done.exit_code == 0, done.output
    listed = run("keys", "list").output
    assert "issuer-learnometer-3  active" in listed
    assert len(set(labels(listed))) == 2
    assert listed.count("sealed in the register") == 2  # the first one, and the university's
    entries = json.loads((founded / "keys" / "register.json").read_text())["keys"]
    assert ["sealedSeed" in entry for entry in entries] == [True, True, False, False]
    signer = compose(from_environment()).parts.custody.signer("issuer-learnometer-3")
    signature = signer.sign(b"body")
    assert ed25519.verifies(b"body", signature=signature, public_key=signer.public_key)


def test_key_of_a_token_that_is_not_there_is_taken_back_once_it_is_replaced_outside(
    hardware: Path, founded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("keys", "rotate", "learnometer", "--token").exit_code == 0
    before = (founded / "keys" / "register.json").read_bytes()
    monkeypatch.delenv("LEARNOMETER_PKCS11_MODULE")
    for arguments in (
        ("keys", "revoke", "issuer-learnometer-2", "--yes"),
        ("keys", "compromise", "issuer-learnometer-2", "--yes", "--since", an_hour_ago()),
        ("keys", "rotate", "learnometer"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2
        assert "issuer-learnometer-2 lies in a hardware token, which does not make" in done.output
        assert "No hardware token is set up here. If it has to be outside the token" in done.output
    assert (founded / "keys" / "register.json").read_bytes() == before
    done = run("keys", "rotate", "learnometer", "--no-token")
    assert done.output.endswith("  sealed in the register\n")
    assert run("keys", "revoke", "issuer-learnometer-2", "--yes").exit_code == 0


def an_hour_ago() -> str:
    return f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def labels(listed: str) -> list[str]:
    return re.findall(r"in the token, labelled (issuer-learnometer-[0-9.]+)", listed)


def test_without_a_token_the_setting_is_named(
    founded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEARNOMETER_PKCS11_MODULE")
    done = CliRunner().invoke(main, ["keys", "rotate", "learnometer", "--token"])
    assert done.exit_code == 2
    assert "LEARNOMETER_PKCS11_MODULE: No hardware token is set up here." in done.output
