"""`learnometer contexts` and `learnometer schemas`: what the operator installs, and refuses."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from campus import NOW
from click.testing import CliRunner, Result
from installing import installed
from signers import did_of, ed25519_signer

import contexts
import contexts.schemas
from service.cli import main
from service.installed import Installed, Kind
from vc.documents import JsonObject
from vc.errors import Conflict, Malformed
from vc.fetch import Nowhere
from vc.issue import issue
from vc.model import Verdict
from vc.structure import CREDENTIALS_V2
from vc.verify import verify

URL = "https://terms.example/sailing/v1"
SCHEMA_URL = "https://terms.example/sailing.json"
CONTEXT = {
    "@context": {
        "@protected": True,
        "SailingCredential": "https://terms.example/sailing#SailingCredential",
        "knots": {
            "@id": "https://terms.example/sailing#knots",
            "@type": "http://www.w3.org/2001/XMLSchema#integer",
        },
    }
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2019-09/schema#",
    "type": "object",
    "required": ["knots"],
    "properties": {"knots": {"type": "integer", "minimum": 1}},
}
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with installed():
        yield


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Run:
    def run(*arguments: str) -> Result:
        environ = {"LEARNOMETER_HOME": str(tmp_path / "home")}
        return CliRunner().invoke(main, arguments, env=environ)

    return run


def _file(tmp_path: Path, document: object) -> str:
    path = tmp_path / "document.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def _load(tmp_path: Path) -> None:
    Installed(tmp_path / "home" / "installed").load()


def _credential(**changes: object) -> JsonObject:
    by = ed25519_signer()
    return {
        "@context": [CREDENTIALS_V2, URL],
        "type": ["VerifiableCredential", "SailingCredential"],
        "issuer": did_of(by),
        "credentialSubject": {"id": "did:example:anna"},
        "knots": 12,
        "credentialSchema": {"id": SCHEMA_URL, "type": "JsonSchema"},
        **changes,
    }


def test_context_is_added_listed_used_and_removed(run: Run, tmp_path: Path) -> None:
    by = ed25519_signer()
    with pytest.raises(Malformed):
        issue(_credential(), signer=by, created=NOW)
    added = run("contexts", "add", URL, _file(tmp_path, CONTEXT))
    assert added.exit_code == 0, added.output
    assert "sha256" in added.output
    assert URL in run("contexts", "list").output
    assert "No schema is installed." in run("schemas", "list").output

    _load(tmp_path)
    signed = issue(_credential(), signer=by, created=NOW)
    assert verify(signed, now=NOW, fetcher=Nowhere()).verdict is Verdict.VALID

    assert run("contexts", "remove", URL).exit_code == 0
    assert "No context is installed." in run("contexts", "list").output
    assert [path.name for path in (tmp_path / "home" / "installed").iterdir()] == ["index.json"]
    gone = run("contexts", "remove", URL)
    assert gone.exit_code == 1
    assert "No context is installed for this URL." in gone.output


def test_credential_is_held_to_a_schema_that_is_installed(run: Run, tmp_path: Path) -> None:
    run("contexts", "add", URL, _file(tmp_path, CONTEXT))
    added = run("schemas", "add", SCHEMA_URL, _file(tmp_path, SCHEMA))
    assert added.exit_code == 0, added.output
    _load(tmp_path)
    by = ed25519_signer()
    good = verify(issue(_credential(), signer=by, created=NOW), now=NOW, fetcher=Nowhere())
    assert good.verdict is Verdict.VALID
    assert good.step("schema") is not None
    bad = verify(issue(_credential(knots=0), signer=by, created=NOW), now=NOW, fetcher=Nowhere())
    step = bad.step("schema")
    assert bad.verdict is Verdict.INVALID
    assert step is not None
    assert step.sentence.startswith("It breaks its own schema at /knots")


def test_schema_that_is_not_installed_says_nothing(run: Run, tmp_path: Path) -> None:
    run("contexts", "add", URL, _file(tmp_path, CONTEXT))
    _load(tmp_path)
    signed = issue(_credential(knots=0), signer=ed25519_signer(), created=NOW)
    report = verify(signed, now=NOW, fetcher=Nowhere())
    assert report.verdict is Verdict.VALID
    assert report.step("schema") is None


def test_schema_is_never_completed_from_elsewhere(run: Run, tmp_path: Path) -> None:
    run("contexts", "add", URL, _file(tmp_path, CONTEXT))
    elsewhere = {**SCHEMA, "properties": {"knots": {"$ref": "https://terms.example/more.json"}}}
    assert run("schemas", "add", SCHEMA_URL, _file(tmp_path, elsewhere)).exit_code == 0
    _load(tmp_path)
    signed = issue(_credential(), signer=ed25519_signer(), created=NOW)
    step = verify(signed, now=NOW, fetcher=Nowhere()).step("schema")
    assert step is not None
    assert step.sentence == "Its schema refers to another that is not installed here."


CRED = "https://www.w3.org/2018/credentials#"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param("not json", "line 1", id="not JSON"),
        pytest.param({}, "/@context", id="nothing"),
        pytest.param({"@context": "https://elsewhere.example/"}, "/@context", id="an address"),
        pytest.param({"@context": {"@vocab": "https://x.example/"}}, "@vocab", id="a vocabulary"),
        pytest.param({"@context": {"@base": "https://x.example/"}}, "@base", id="a base"),
        pytest.param({"@context": {"until": f"{CRED}validUntil"}}, "until", id="an end renamed"),
        pytest.param(
            {"@context": {"cred": CRED, "until": {"@id": "cred:validUntil"}}},
            "until",
            id="an end renamed by a prefix",
        ),
        pytest.param(
            {"@context": {"cred": {"@id": CRED, "@prefix": True}, "until": "cred:validUntil"}},
            "until",
            id="an end renamed by a prefix written out",
        ),
        pytest.param(
            {
                "@context": {
                    "a": "https://www.w3.org/2018/",
                    "cred": "a:credentials#",
                    "until": "cred:validUntil",
                }
            },
            "until",
            id="an end renamed by a prefix of a prefix",
        ),
        pytest.param(
            {"@context": {"Sail": {"@id": "urn:x:S", "@context": {"x": f"{CRED}validUntil"}}}},
            "/@context/Sail/@context/x",
            id="an end renamed within a term",
        ),
        pytest.param(
            {"@context": {"validUntil": "https://x.example/ends"}}, "validUntil", id="redefined"
        ),
        pytest.param(
            {"@context": {"Sail": {"@id": "urn:x:S", "@context": "https://x.example/"}}},
            "/@context/Sail/@context",
            id="an address within",
        ),
    ],
)
def test_unsafe_context_is_not_installed(
    run: Run, tmp_path: Path, document: object, said: str
) -> None:
    answer = run("contexts", "add", URL, _file(tmp_path, document))
    assert answer.exit_code == 2
    assert said in answer.output
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"type": 4}, "This is no JSON Schema"),
        ({"properties": {"a": {"minimum": "x"}}}, "/properties/a/minimum"),
        ("[]", "JSON object"),
    ],
)
def test_what_is_no_schema_is_not_installed(
    run: Run, tmp_path: Path, document: object, said: str
) -> None:
    answer = run("schemas", "add", SCHEMA_URL, _file(tmp_path, document))
    assert answer.exit_code == 2
    assert said in answer.output


def test_one_url_has_one_content(run: Run, tmp_path: Path) -> None:
    assert run("contexts", "add", URL, _file(tmp_path, CONTEXT)).exit_code == 0
    assert run("contexts", "add", URL, _file(tmp_path, CONTEXT)).exit_code == 0
    other = {"@context": {"SailingCredential": "https://terms.example/other"}}
    answer = run("contexts", "add", URL, _file(tmp_path, other))
    assert answer.exit_code == 1
    assert "Remove it first" in answer.output
    answer = run("contexts", "add", CREDENTIALS_V2, _file(tmp_path, CONTEXT))
    assert answer.exit_code == 1
    assert "comes with the program" in answer.output
    assert run("contexts", "add", "http://x.example/", _file(tmp_path, CONTEXT)).exit_code == 2
    assert run("contexts", "add", URL, str(tmp_path / "missing")).exit_code == 2


def test_altered_file_stops_the_program(run: Run, tmp_path: Path) -> None:
    run("contexts", "add", URL, _file(tmp_path, CONTEXT))
    folder = tmp_path / "home" / "installed"
    entry = Installed(folder).entries()[0]
    (folder / entry.sha256).write_text("{}")
    with pytest.raises(Malformed) as refusal:
        _load(tmp_path)
    assert refusal.value.place.endswith(entry.sha256)
    (folder / "index.json").write_text("[]")
    with pytest.raises(Malformed):
        _load(tmp_path)


def test_misspelt_keyword_is_pointed_out(run: Run, tmp_path: Path, vectors: Path) -> None:
    path = vectors / "openbadges" / "higher-education" / "contexts" / "educredential.json"
    answer = run("contexts", "add", "https://edu.example/context.json", str(path))
    assert answer.exit_code == 0, answer.output
    assert "supervisionType/context is no keyword" in answer.output


def test_installed_context_cannot_be_exchanged_while_the_program_runs(tmp_path: Path) -> None:
    contexts.install(URL, json.dumps(CONTEXT).encode())
    contexts.install(URL, json.dumps(CONTEXT).encode())
    with pytest.raises(contexts.AlteredContext):
        contexts.install(URL, b"{}")
    with pytest.raises(contexts.AlteredContext):
        contexts.install(CREDENTIALS_V2, b"{}")
    with pytest.raises(Conflict):
        Installed(tmp_path).add(Kind.CONTEXT, CREDENTIALS_V2, b'{"@context": {}}', now=NOW)
