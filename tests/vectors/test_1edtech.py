"""The 1EdTech validator's credentials, read in place: what is proven of each, and what not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vc.fetch import Nowhere
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
        ("simple-err-evidence-type.json", "signature", "undefined-term"),
        ("simple-err-expired.json", "dates", "expired"),
        ("simple-err-issuer.json", "structure", "url"),
        ("simple-err-proof-method-unknown-scheme.json", "issuer", "issuer-mismatch"),
        ("simple-err-proof-value.json", "signature", "signature"),
        ("simple-err-type.json", "signature", "relative-iri"),
        ("simple-noproof.json", "structure", "unknown-context"),
    ],
)
def test_broken_credential_is_refused_by_the_check_that_its_name_says(
    vectors: Path, name: str, step: str, code: str
) -> None:
    report = _report(vectors / "1edtech" / "invalid" / name)
    failed = [(one.name, one.code) for one in report.steps if one.outcome is Outcome.FAIL]
    assert failed == [(step, code)]
    assert report.verdict is Verdict.INVALID


def test_status_list_that_was_not_reached_is_not_called_revoked_nor_in_force(
    vectors: Path,
) -> None:
    step = _report(vectors / "1edtech" / "invalid" / "bitstring-revoked.json").step("status")
    assert step is not None
    assert (step.outcome, step.code) == (Outcome.UNKNOWN, "status-unreachable")
