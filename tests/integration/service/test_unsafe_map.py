"""`--unsafe-map`: an origin answered from a real server at a loopback address, and nothing else."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ed25519_keys import signer
from werkzeug import Request, Response
from werkzeug.serving import make_server

from service.app import compose
from service.cli import main
from service.conformance.app import conformance
from service.fetchers import UnsafeMap, Web
from service.outside import Outside
from service.settings import Settings, from_environment
from service.unsafe import opened
from vc import did, status
from vc.documents import JsonObject
from vc.errors import Malformed, Unavailable
from vc.issue import issue
from vc.model import Verdict, timestamp

ISSUER = "https://issuer.example"
LIST = f"{ISSUER}/status/1"
PEN = signer(1, "did:web:issuer.example#key-1")


@dataclass
class Site:
    """A developer's server for issuer.example, and what it was asked."""

    documents: dict[str, JsonObject] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.asked.append(f"{request.host}{request.path}")
        if request.path == "/moved":
            moved = {"Location": f"{self.address}/.well-known/did.json"}
            return Response(status=302, headers=moved)(environ, start)
        if request.path == "/large":
            body = b" " * 1_048_577
            return Response(body, mimetype="application/json")(environ, start)
        found = self.documents.get(request.path)
        if found is None:
            return Response(status=404)(environ, start)
        return Response(json.dumps(found), mimetype="application/json")(environ, start)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server: Any = make_server("127.0.0.1", 0, site, threaded=True)
    site.address = f"http://127.0.0.1:{server.server_port}"
    site.documents["/.well-known/did.json"] = did.document(PEN.did, [("key-1", PEN.public_key)])
    now = datetime.now(UTC)
    unsigned = status.status_list_credential(
        list_url=LIST,
        issuer=PEN.did,
        purpose="revocation",
        encoded=status.encode([]),
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(hours=1),
    )
    site.documents["/status/1"] = issue(unsigned, signer=PEN, created=now)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def badge(tmp_path: Path) -> Path:
    """A file with a credential of issuer.example that names a status list there."""
    now = datetime.now(UTC)
    unsigned = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential"],
        "issuer": PEN.did,
        "validFrom": timestamp(now - timedelta(days=1)),
        "credentialSubject": {"id": "did:example:anna", "name": "Anna"},
        "credentialStatus": status.entry(list_url=LIST, index=7, purpose="revocation"),
    }
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(issue(unsigned, signer=PEN, created=now)))
    return path


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "home"))


def verify(badge: Path, *mappings: str) -> Result:
    options = [part for mapping in mappings for part in ("--unsafe-map", mapping)]
    return CliRunner().invoke(main, ["verify", "--json", *options, str(badge)])


def test_a_mapped_origin_is_answered_from_this_machine_with_a_loud_warning(
    site: Site, badge: Path
) -> None:
    result = verify(badge, f"{ISSUER}={site.address}")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["verdict"] == "valid"
    assert site.asked == ["issuer.example/.well-known/did.json", "issuer.example/status/1"]
    warned = f"UNSAFE: whatever is asked of {ISSUER} is answered by {site.address}, without TLS."
    assert warned in result.stderr


def test_without_the_option_nothing_is_asked_and_nothing_said(site: Site, badge: Path) -> None:
    for mappings in ([], [f"https://other.example={site.address}"]):
        result = verify(badge, *mappings)
        assert result.exit_code == 2
        assert json.loads(result.stdout)["verdict"] == "could not be checked"
        assert ("UNSAFE" in result.stderr) is bool(mappings)
    assert site.asked == []


def test_several_origins_are_mapped_by_as_many_options(site: Site, badge: Path) -> None:
    result = verify(badge, "https://other.example=http://127.0.0.1:1", f"{ISSUER}={site.address}")
    assert result.exit_code == 0
    assert result.stderr.count("UNSAFE: whatever") == 2


HERE = "http://127.0.0.1:8099"
REFUSED = {
    "no target": ISSUER,
    "no origin": f"={HERE}",
    "another machine": f"{ISSUER}=http://10.0.0.1:8099",
    "a public server": f"{ISSUER}=http://93.184.216.34:80",
    "every address": f"{ISSUER}=http://0.0.0.0:8099",
    "a cloud's metadata": f"{ISSUER}=http://169.254.169.254:80",
    "a mapped address": f"{ISSUER}=http://[::ffff:10.0.0.1]:80",
    "a name": f"{ISSUER}=http://localhost:8099",
    "a name that looks like one": f"{ISSUER}=http://127.0.0.1.attacker.example:8099",
    "a decimal number": f"{ISSUER}=http://2130706433:8099",
    "octal digits": f"{ISSUER}=http://0177.0.0.1:8099",
    "user info": f"{ISSUER}=http://127.0.0.1@10.0.0.1:8099",
    "https inside": f"{ISSUER}=https://127.0.0.1:8099",
    "no port": f"{ISSUER}=http://127.0.0.1",
    "port zero": f"{ISSUER}=http://127.0.0.1:0",
    "port beyond": f"{ISSUER}=http://127.0.0.1:65536",
    "a path inside": f"{ISSUER}={HERE}/path",
    "a slash inside": f"{ISSUER}={HERE}/",
    "plain http": f"http://issuer.example={HERE}",
    "a path": f"{ISSUER}/path={HERE}",
    "a slash": f"{ISSUER}/={HERE}",
    "a wildcard": f"https://*.example={HERE}",
    "everything": f"*={HERE}",
    "a scheme alone": f"https://={HERE}",
    "capitals": f"https://ISSUER.example={HERE}",
    "user info outside": f"https://a@issuer.example={HERE}",
    "a line break": f"{ISSUER}={HERE}\n",
    "two": f"{ISSUER}={HERE},https://b.example={HERE}",
}


@pytest.mark.parametrize("mapping", REFUSED.values(), ids=REFUSED)
def test_anything_but_an_exact_origin_and_a_loopback_address_is_refused(
    mapping: str, badge: Path
) -> None:
    with pytest.raises(Malformed):
        opened([mapping])
    result = verify(badge, mapping)
    assert result.exit_code == 2
    assert "--unsafe-map: " in result.stderr
    assert "UNSAFE" not in result.stderr


def test_one_origin_cannot_be_mapped_twice(badge: Path) -> None:
    result = verify(badge, f"{ISSUER}={HERE}", f"{ISSUER}=http://127.0.0.1:1")
    assert result.exit_code == 2
    assert "is mapped twice" in result.stderr


def test_an_address_of_version_six_is_an_address_of_this_machine() -> None:
    assert opened([f"{ISSUER}=http://[::1]:8099"]) == {ISSUER: "http://[::1]:8099"}


def reading(site: Site) -> Web:
    """The wall with one hole, before a resolver that says that everything is here."""
    return Web(
        authority="",
        roles=frozenset(),
        loopback=None,
        outside=Outside(resolve=lambda _: ["127.0.0.1"]),
        unsafe=UnsafeMap({ISSUER: site.address}),
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example:443/.well-known/did.json",
        "https://issuer.example./.well-known/did.json",
        "https://a.issuer.example/.well-known/did.json",
        "https://issuer.example.attacker.example/.well-known/did.json",
        "https://a@issuer.example/.well-known/did.json",
        "https://issuer.example@127.0.0.1/.well-known/did.json",
        "https://issuer.example?/.well-known/did.json",
        "https://issuer.example#/.well-known/did.json",
        "https://issuer.example\\/.well-known/did.json",
        "https://ISSUER.example/.well-known/did.json",
        "http://issuer.example/.well-known/did.json",
        "https://127.0.0.1/.well-known/did.json",
        "http://127.0.0.1:8099/.well-known/did.json",
        "https://other.example/.well-known/did.json",
    ],
)
def test_what_is_not_the_exact_origin_stays_before_the_wall(site: Site, url: str) -> None:
    with pytest.raises(Unavailable):
        reading(site).get(url, accept="application/json")
    assert site.asked == []


def test_the_hole_leads_to_what_is_there_and_no_further(site: Site) -> None:
    web = reading(site)
    assert web.get(f"{ISSUER}/.well-known/did.json", accept="application/json").content
    for path in ("/moved", "/large", "/missing", "/\u00e9"):
        with pytest.raises(Unavailable):
            web.get(f"{ISSUER}{path}", accept="application/json")
    assert site.asked.count("issuer.example/.well-known/did.json") == 1


def test_the_environment_opens_no_wall(tmp_path: Path) -> None:
    environ = {
        "LEARNOMETER_HOME": str(tmp_path),
        "LEARNOMETER_UNSAFE_MAP": f"{ISSUER}={HERE}",
        "UNSAFE_MAP": f"{ISSUER}={HERE}",
    }
    assert from_environment(environ).unsafe_map == {}


def test_program_and_conformance_mode_have_the_same_hole(
    site: Site, badge: Path, tmp_path: Path
) -> None:
    mapped = {ISSUER: site.address}
    settings = Settings(home=tmp_path / "home", unsafe_map=mapped, master_secret=bytes(32))
    program = compose(settings)
    assert program.verifier is not None
    checked = program.verifier.check(badge.read_bytes(), now=datetime.now(UTC))
    assert checked.report.verdict is Verdict.VALID
    program.parts.database.close()
    suites = conformance(
        "https://localhost:1", now=lambda: datetime.now(UTC), unsafe_map=mapped
    ).app.test_client()
    asked = {"verifiableCredential": json.loads(badge.read_text())}
    answer = suites.post("/credentials/verify", json=asked)
    assert (answer.status_code, answer.json and answer.json["verified"]) == (200, True)
