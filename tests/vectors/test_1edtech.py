"""The 1EdTech validator's credentials, read in place: what is proven of each, and what not."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vc import status
from vc.fetch import Fetched, Nowhere
from vc.model import Outcome, Report, Verdict
from vc.verify import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def _report(path: Path) -> Report:
    return verify(path.read_bytes(), now=NOW, fetcher=Nowhere())


@pytest.mark.parametrize(
    "name",
    [
        "simple.json",
        "simple.1ob",
        "simple-context-alias.json",
        "simple-json.png",
        "simple-json.svg",
        "simple-jwt.png",
        "simple-jwt.svg",
        "endorsement-valid.json",
        "bitstring-status-list.json",
    ],
)
def test_signature_is_good_and_nothing_binds_the_key_to_the_issuer(
    vectors: Path, name: str
) -> None:
    report = _report(vectors / "1edtech" / "valid" / name)
    signature, issuer = report.step("signature"), report.step("issuer")
    assert signature is not None
    assert issuer is not None
    assert signature.outcome is Outcome.PASS
    assert (issuer.outcome, issuer.code) == (Outcome.UNKNOWN, "issuer-not-bound")
    assert report.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize(
    ("name", "step", "code"),
    [
        ("simple-err-context.json", "structure", "context"),
        ("simple-err-evidence-type.json", "structure", "badge-shape"),
        ("simple-err-expired.json", "dates", "expired"),
        ("simple-err-issuer.json", "structure", "url"),
        ("simple-err-proof-method-unknown-scheme.json", "issuer", "key-scheme"),
        ("simple-err-proof-value.json", "signature", "signature"),
        ("simple-err-type.json", "structure", "type"),
        ("simple-noproof.json", "signature", "no-proof"),
    ],
)
def test_broken_credential_is_refused_by_the_check_that_its_name_says(
    vectors: Path, name: str, step: str, code: str
) -> None:
    report = _report(vectors / "1edtech" / "invalid" / name)
    failed = [(one.name, one.code) for one in report.steps if one.outcome is Outcome.FAIL]
    assert failed == [(step, code)]
    assert report.verdict is Verdict.INVALID


class Published:
    """One document at whatever address is asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def get(self, url: str, *, accept: str) -> Fetched:
        return Fetched(url, self._content, "application/json")


def test_revoked_credential_is_revoked_although_nothing_binds_the_lists_key(vectors: Path) -> None:
    revoked = vectors / "1edtech" / "invalid" / "bitstring-revoked.json"
    published = (vectors / "1edtech" / "valid" / "bitstring-status-list.json").read_bytes()
    report = verify(revoked.read_bytes(), now=NOW, fetcher=Published(published))
    step = report.step("status")
    assert step is not None
    assert (step.outcome, step.code) == (Outcome.FAIL, "revoked")
    assert report.verdict is Verdict.INVALID


def test_bit_that_is_not_set_in_such_a_list_clears_nobody(vectors: Path) -> None:
    revoked = json.loads((vectors / "1edtech" / "invalid" / "bitstring-revoked.json").read_bytes())
    published = json.loads(
        (vectors / "1edtech" / "valid" / "bitstring-status-list.json").read_bytes()
    )
    bits = status.bits_for(published["credentialSubject"], purpose="revocation")
    assert status.value_at(bits, revoked["credentialStatus"]["statusListIndex"]) == 1
    spoilt = {**published, "validUntil": "2099-01-01T00:00:00Z"}
    report = verify(revoked, now=NOW, fetcher=Published(json.dumps(spoilt).encode()))
    step = report.step("status")
    assert step is not None
    assert step.outcome is Outcome.UNKNOWN


def test_status_list_that_was_not_reached_is_not_called_revoked_nor_in_force(
    vectors: Path,
) -> None:
    step = _report(vectors / "1edtech" / "invalid" / "bitstring-revoked.json").step("status")
    assert step is not None
    assert (step.outcome, step.code) == (Outcome.UNKNOWN, "status-unreachable")
