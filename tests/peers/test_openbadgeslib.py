"""Our verdict and that of an independent implementation, on the same badges."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from campus import Campus, Library
from click.testing import CliRunner

from service.app import compose, utc_now
from service.cli import main
from service.demo import home
from service.demo.community import load
from service.demo.plot import plan
from service.demo.signins import sign_ins
from service.demo.telling import tell
from service.fetchers import Web
from service.settings import Settings
from vc.documents import JsonObject, parse
from vc.fetch import Fetched
from vc.model import Verdict
from vc.verify import verify

_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = _ROOT / ".venv-peers" / "bin" / "python"
_SCRIPT = Path(__file__).with_name("openbadgeslib_says.py")

pytestmark = pytest.mark.peers
Says = Callable[[Library, JsonObject], str]


@pytest.fixture(name="says")
def _says(tmp_path: Path) -> Says:
    def says(library: Library, badge: JsonObject) -> str:
        (tmp_path / "badge.json").write_text(json.dumps(badge))
        documents = {url: text.decode() for url, text in library.documents.items()}
        (tmp_path / "documents.json").write_text(json.dumps(documents))
        answer = subprocess.run(
            [_ENVIRONMENT, _SCRIPT, tmp_path / "badge.json", tmp_path / "documents.json"],
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout

    return says


def lasting(*revoked: int) -> Campus:
    """A campus whose status list is in force by the real clock, to which the peer looks."""
    campus = Campus()
    campus.publish_status(*revoked, validUntil="2036-01-01T00:00:00Z")
    return campus


def test_both_find_a_judged_badge_valid(says: Says) -> None:
    campus = lasting()
    badge = campus.judged_badge()
    assert campus.verify(badge).verdict is Verdict.VALID
    assert says(campus.library, badge) == "valid"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Another name"},
        {"validUntil": "2036-01-01T00:00:00Z"},
        {"invented": "unsigned"},
    ],
)
def test_both_refuse_a_changed_badge(says: Says, change: JsonObject) -> None:
    campus = lasting()
    badge = campus.judged_badge() | change
    assert campus.verify(badge).verdict is Verdict.INVALID
    assert says(campus.library, badge) == "invalid"


def test_both_refuse_a_revoked_badge(says: Says) -> None:
    campus = lasting(7)
    badge = campus.judged_badge()
    step = campus.verify(badge).step("status")
    assert step is not None
    assert step.code == "revoked"
    assert says(campus.library, badge) == "revoked"


@dataclass
class Recording:
    """The way of a demonstration's documents, which keeps a copy of each for the other one."""

    web: Web
    library: Library

    def get(self, url: str, *, accept: str) -> Fetched:
        fetched = self.web.get(url, accept=accept)
        self.library.documents[url] = fetched.content
        # A did:web is https by its name; the demonstration is served over http.
        self.library.documents[url.replace("http://", "https://")] = fetched.content
        return fetched


def test_command_and_peer_agree_on_badges_of_a_demonstration(
    says: Says, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = plan(load(_ROOT / "examples" / "community"), members=24)
    plot = replace(plot, scenes=plot.scenes[:3])
    settings = home.fresh(Settings(home=tmp_path / "home"))
    who = sign_ins(plot)
    told = tell(plot, settings, sign_ins=who, progress=lambda *_: None, clock=utc_now)
    program = compose(settings)
    assert program.issuer
    awarding = program.issuer.awarding
    genuine, withdrawn, *_ = (badge.credential_id for badge in told.chronicle.badges.values())
    awarding.revoke(withdrawn, reason="A drill.", now=utc_now())
    badges = {
        "valid": parse(awarding.signed(genuine, now=utc_now())),
        "revoked": parse(awarding.signed(withdrawn, now=utc_now())),
    }
    badges["invalid"] = badges["valid"] | {"name": "Another badge"}
    monkeypatch.setenv("LEARNOMETER_HOME", str(settings.home))
    library = Library()
    for expected, badge in badges.items():
        verify(badge, now=utc_now(), fetcher=Recording(program.parts.web, library))
        file = tmp_path / f"{expected}.json"
        file.write_text(json.dumps(badge))
        ours = CliRunner().invoke(main, ["verify", str(file)])
        assert ours.exit_code == (0 if expected == "valid" else 1), ours.output
        assert ("revoked by its issuer" in ours.output) is (expected == "revoked")
        assert says(library, badge) == expected
    program.parts.database.close()
