"""The desk when something goes wrong that nobody foresaw."""

from campus import NOW, Campus

from vc.fetch import Fetched
from vc.model import Verdict
from verifier.desk import Desk
from verifier.handing import Handed
from verifier.trust import TrustRegistry

STRANGE = "https://issuer.example/status/1"


class Faulty:
    """A web that has a fault of its own for one address."""

    def __init__(self, campus: Campus) -> None:
        self._library = campus.library

    def get(self, url: str, *, accept: str) -> Fetched:
        if url == STRANGE:
            raise KeyError(url)
        return self._library.get(url, accept=accept)


def test_fault_of_the_verifier_stops_no_other_verdict_and_calls_nothing_good() -> None:
    campus = Campus()
    desk = Desk(Faulty(campus), TrustRegistry("1", {}))
    handed = [
        Handed("strange", campus.badge()),  # type: ignore[arg-type]
        Handed("sound", campus.badge(credentialStatus=None)),  # type: ignore[arg-type]
    ]
    strange, sound = desk.examine(handed, now=NOW)
    assert strange.report.verdict is Verdict.UNCHECKED
    assert strange.headline == "This credential could not be fully checked."
    assert "fault of this verifier" in strange.steps[0].sentence
    assert (strange.tone, strange.issuer, strange.title) == ("unknown", "", "")
    assert sound.report.verdict is Verdict.VALID
