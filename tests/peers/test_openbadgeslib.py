"""Our verdict and that of an independent implementation, on the same badges."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from campus import Campus

from vc.documents import JsonObject
from vc.model import Verdict

_ENVIRONMENT = Path(__file__).parents[2] / ".venv-peers" / "bin" / "python"
_SCRIPT = Path(__file__).with_name("openbadgeslib_says.py")

pytestmark = pytest.mark.peers
Says = Callable[[Campus, JsonObject], str]


@pytest.fixture(name="says")
def _says(tmp_path: Path) -> Says:
    def says(campus: Campus, badge: JsonObject) -> str:
        (tmp_path / "badge.json").write_text(json.dumps(badge))
        documents = {url: text.decode() for url, text in campus.library.documents.items()}
        (tmp_path / "documents.json").write_text(json.dumps(documents))
        answer = subprocess.run(
            [_ENVIRONMENT, _SCRIPT, tmp_path / "badge.json", tmp_path / "documents.json"],
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout

    return says


def test_both_find_a_judged_badge_valid(says: Says) -> None:
    campus = Campus()
    badge = campus.judged_badge()
    assert campus.verify(badge).verdict is Verdict.VALID
    assert says(campus, badge) == "valid"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Another name"},
        {"validUntil": "2036-01-01T00:00:00Z"},
        {"invented": "unsigned"},
    ],
)
def test_both_refuse_a_changed_badge(says: Says, change: JsonObject) -> None:
    campus = Campus()
    badge = campus.judged_badge() | change
    assert campus.verify(badge).verdict is Verdict.INVALID
    assert says(campus, badge) == "invalid"


def test_both_refuse_a_revoked_badge(says: Says) -> None:
    campus = Campus()
    badge = campus.judged_badge()
    campus.publish_status(7)
    step = campus.verify(badge).step("status")
    assert step is not None
    assert step.code == "revoked"
    assert says(campus, badge) == "revoked"
