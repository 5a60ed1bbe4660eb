"""Twenty badges of Dutch universities and colleges, with a context and schemas of their own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from campus import NOW
from installing import installed
from signers import did_of, ec_signer, ed25519_signer, rsa_signer

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.fetch import Nowhere
from vc.issue import Form, issue, issue_as
from vc.model import Outcome, Verdict
from vc.public_key import KeyKind
from vc.signing import AnySigner
from vc.verify import verify

ROOT = Path(__file__).parents[2].parent / "shared" / "vectors" / "openbadges" / "higher-education"
NAMES = sorted(path.stem for path in ROOT.glob("*.json"))
AT = "https://raw.githubusercontent.com/educredentials/obv3-examples/refs/heads/main/"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
FORMS: list[tuple[Form, AnySigner]] = [
    (Form.EDDSA_JCS, ed25519_signer()),
    (Form.ECDSA_JCS, ec_signer(KeyKind.P256)),
    (Form.JWT, ec_signer(KeyKind.P256)),
    (Form.JWT, rsa_signer()),
    (Form.VC_JWT, ed25519_signer()),
]


@pytest.fixture(name="folder")
def _folder(vectors: Path) -> Iterator[Path]:
    folder = vectors / "openbadges" / "higher-education"
    schemas = {
        f"{AT}schemas/{path.name}": path.read_bytes()
        for path in sorted((folder / "schemas").glob("*.json"))
    }
    schemas[OB] = (vectors / "schemas" / OB.rpartition("/")[2]).read_bytes()
    context = (folder / "contexts" / "educredential.json").read_bytes()
    with installed(contexts_at={f"{AT}contexts/educredential.json": context}, schemas_at=schemas):
        yield folder


def _unsigned(folder: Path, name: str, by: AnySigner) -> JsonObject:
    """The badge with our own issuer, and a subject with an id, which a token needs."""
    badge: JsonObject = json.loads((folder / f"{name}.json").read_bytes())
    for member in ("proof", "credentialStatus"):
        badge.pop(member, None)
    badge["issuer"] = {**badge["issuer"], "id": did_of(by)}
    badge["credentialSubject"].setdefault("id", "did:example:student")
    return badge


def test_there_are_twenty(folder: Path) -> None:
    assert len(list(folder.glob("*.json"))) == 20


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("form", "by"), FORMS, ids=[f"{form}-{number}" for number, (form, _) in enumerate(FORMS)]
)
def test_badge_is_issued_and_verified(folder: Path, name: str, form: Form, by: AnySigner) -> None:
    issued = issue_as(form, _unsigned(folder, name, by), signer=by, created=NOW)
    report = verify(issued, now=NOW, fetcher=Nowhere())
    faults = [step for step in report.steps if step.outcome is not Outcome.PASS]
    schema = report.step("schema")
    assert schema is not None
    if name in BREAKS_ITS_SCHEMA:
        assert [step.name for step in faults] == ["schema"], faults
        assert BREAKS_ITS_SCHEMA[name] in schema.sentence
    else:
        assert report.verdict is Verdict.VALID, faults


BREAKS_ITS_SCHEMA: dict[str, str] = {}


@pytest.mark.parametrize("name", NAMES)
def test_badge_is_refused_without_the_context_and_named(vectors: Path, name: str) -> None:
    by = ed25519_signer()
    badge = _unsigned(vectors / "openbadges" / "higher-education", name, by)
    with pytest.raises(Malformed) as refusal:
        issue_as(Form.EDDSA_JCS, badge, signer=by, created=NOW)
    assert refusal.value.code == "unknown-context"


def test_context_that_misspells_a_keyword_has_no_statements_to_sign(folder: Path) -> None:
    # It says "context" where JSON-LD says "@context", so only forms that sign the JSON work.
    by = ed25519_signer()
    with pytest.raises(Malformed) as refusal:
        issue(_unsigned(folder, NAMES[0], by), signer=by, created=NOW)
    assert refusal.value.code in {"json-ld", "undefined-term"}
