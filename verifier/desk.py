"""The desk: whatever somebody hands over is checked, and said plainly."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vc.documents import MOST_NODES, JsonObject, parse
from vc.errors import Malformed, Refused
from vc.fetch import Fetcher
from vc.model import Credential, Outcome, Report, Step, Verdict, identifier, timestamp
from vc.presentation import PresentationReport, examine_presentation
from vc.verify import verify
from verifier.trust import TrustFinding, TrustRegistry

_URL: Final = re.compile(r"https?://\S+")
_MOST_NODES: Final = 10 * MOST_NODES  # a link shows several credentials
_ACCEPT: Final = "application/vc, application/vc+ld+json, application/json, text/plain, image/png"


@dataclass(frozen=True, slots=True)
class Checked:
    """A report together with what the registry says of the issuer; `trust` is None without one."""

    report: Report
    trust: TrustFinding | None

    @property
    def tone(self) -> str:
        """How the headline sounds: valid, warning, invalid or unknown."""
        if self.report.verdict is Verdict.VALID:
            return "valid" if self.trust is not None and self.trust.known else "warning"
        return "invalid" if self.report.verdict is Verdict.INVALID else "unknown"

    @property
    def says_who(self) -> bool:
        """Whether its content may be repeated: never while its signature is not proven."""
        signature = self.report.step("signature")
        return signature is not None and signature.outcome is Outcome.PASS

    @property
    def seed(self) -> str:
        """What its picture is drawn from: the achievement, or the credential itself."""
        credential = self.report.credential
        if credential is None:
            return ""
        return identifier(credential.subject.get("achievement")) or credential.id

    @property
    def headline(self) -> str:
        """The one sentence that an employer reads first."""
        if self.report.verdict is Verdict.INVALID:
            return "This credential is not valid."
        if self.report.verdict is Verdict.UNCHECKED:
            return "This credential could not be fully checked."
        if self.trust is None or self.trust.known is None:
            return "This credential is genuine, from an issuer that is not known here."
        return "This credential is genuine and valid."


@dataclass(frozen=True, slots=True)
class CheckedPresentation:
    """A presentation's report, and each credential in it as the desk checks any other."""

    report: PresentationReport
    credentials: tuple[Checked, ...]

    @property
    def verified(self) -> bool:
        """Whether every check of the presentation and of each credential passed."""
        reports = [one.report.verdict for one in self.credentials]
        return {self.report.verdict, *reports} == {Verdict.VALID}


@dataclass(frozen=True, slots=True)
class Desk:
    """Checks credentials given as bytes or by URL, against one trust registry."""

    fetcher: Fetcher
    registry: TrustRegistry

    def check(self, source: bytes | str | JsonObject, *, now: datetime) -> Checked:
        """Check what was handed over: a credential in any form, or the URL of one.

        Raises Refused only when a URL was given from which nothing could be had.
        """
        url = _as_url(source)
        if url:
            source = self._fetched(url)
        report = verify(source, now=now, fetcher=self.fetcher)
        return Checked(report, self._trust(report))

    def check_presentation(
        self,
        source: str | JsonObject,
        *,
        challenge: str | None,
        domain: str | None,
        now: datetime,
    ) -> CheckedPresentation:
        """Check a presentation, signed or not, and what is presented."""
        report = examine_presentation(
            source, now=now, fetcher=self.fetcher, challenge=challenge, domain=domain
        )
        checked = tuple(Checked(one, self._trust(one)) for one in report.credentials)
        return CheckedPresentation(report, checked)

    def _fetched(self, url: str) -> bytes:
        try:
            content = self.fetcher.get(url, accept=_ACCEPT).content
        except Malformed as error:
            raise Malformed(error.code, error.sentence, place=url) from error
        if count := _how_many(content):
            sentence = (
                f"This address shows {count} credentials. Open it, and verify each by itself."
            )
            raise Malformed("several", sentence, place=url)
        return content

    def _trust(self, report: Report) -> TrustFinding | None:
        """What the registry says; nothing, where the issuer's own key is in doubt."""
        issuer = report.step("issuer")
        if report.credential is None or issuer is None or issuer.outcome is not Outcome.PASS:
            return None
        return self.registry.find(report.credential)


def _as_url(source: bytes | str | JsonObject) -> str:
    """The URL that was handed over in place of a credential, or nothing."""
    if isinstance(source, dict):
        return ""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return text.strip() if _URL.fullmatch(text.strip()) else ""


def _how_many(content: bytes) -> int:
    """How many credentials a list of them holds, as share links give it; 0 for anything else."""
    try:
        found = parse(content, largest=len(content), most_nodes=_MOST_NODES)
    except Refused:
        return 0
    listed = found.get("credentials")
    return len(listed) if set(found) == {"credentials"} and isinstance(listed, list) else 0


def checked_as_json(checked: Checked) -> dict[str, Any]:
    """A check as JSON for machines: the same words as the page, and the stable codes."""
    report, trust = checked.report, checked.trust
    return {
        "verdict": report.verdict.value,
        "headline": checked.headline,
        "checkedAt": timestamp(report.checked_at),
        "steps": [step_as_json(step) for step in report.steps],
        "issuer": None
        if trust is None
        else {"known": trust.known is not None, "sentence": trust.sentence},
        "credential": None if report.credential is None else _credential(report.credential),
    }


def step_as_json(step: Step) -> dict[str, str]:
    """A step as JSON."""
    return {
        "name": step.name,
        "outcome": step.outcome.value,
        "sentence": step.sentence,
        "code": step.code,
    }


def _credential(credential: Credential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "type": sorted(credential.types),
        "name": credential.name,
        "issuer": credential.issuer_id,
        "subject": credential.subject_id,
    }


def refusal_as_report(error: Refused, *, now: datetime) -> Report:
    """A URL from which nothing could be had, as a report: not checked, and why."""
    return Report((Step("structure", Outcome.UNKNOWN, error.sentence, error.code),), None, now)
