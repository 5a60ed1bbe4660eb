"""What a check comes to: the report, what the registry says, and the words for both."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from vc import effort
from vc.bakery import looks_like_image
from vc.documents import JsonObject
from vc.errors import Refused
from vc.learner_record import Part, parts
from vc.model import Credential, Outcome, Report, Step, Verdict, identifier, timestamp
from vc.presentation import PresentationReport
from vc.structure import UNKNOWN_CONTEXT
from verifier.receipt import Receipt, is_receipt, read_receipt
from verifier.trust import Standing, TrustFinding

# No user name before the host: whoever reads it would take that for the host.
_HTTPS: Final = re.compile(r"https://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)(?:[/?#]|$)")

# What was handed over could not even be opened: it is not known to be anything, good or bad.
UNREADABLE: Final = frozenset(
    {"baked", "baked-size", "baked-text", "base64url", "file-size", "image-size", "json",
     "json-object", "json-size", "json-utf8", "no-credential", "pdf", "png", "several", "svg",
     "unreachable", "url-form"}
)  # fmt: skip

_WORSE: Final = ("valid", "warning", "unknown", "invalid")  # each than those before it
FAULT: Final = "fault"  # not of what was handed over: of this program
_OURS: Final = frozenset({FAULT, effort.CODE, UNKNOWN_CONTEXT})
_NOT_BOUND: Final = "issuer-not-bound"  # of vc.binding
# How the headline of a credential that is genuine ends.
_GENUINE: Final[Mapping[Standing, str]] = {
    Standing.KNOWN: " and valid.",
    Standing.UNLISTED: ", from an issuer that is not known here.",
    Standing.OTHER_KINDS: ", from an issuer that is not registered for it.",
    Standing.NOT_YET: ", but from before its issuer was registered here.",
    Standing.NO_MORE: ", but not from the time when its issuer was registered here.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A report together with what the registry says of the issuer; `trust` is None without one.

    `name` is what this was handed over as: a file's name, an address, a line's number. `content`
    is what was judged, after an address was read or a list taken apart; empty where there was none.
    """

    report: Report
    trust: TrustFinding | None
    name: str = ""
    content: bytes | str | JsonObject = field(default=b"", repr=False)

    @property
    def readable(self) -> bool:
        """Whether there was something that could be judged at all."""
        first = self.report.steps[0]
        opened = first.outcome is not Outcome.UNKNOWN or first.code in _OURS
        return opened or self.report.credential is not None

    @property
    def tone(self) -> str:
        """How the headline sounds: valid, warning, invalid, unknown or unreadable."""
        if not self.readable:
            return "unreadable"
        if self.report.verdict is Verdict.VALID:
            own = "valid" if self._is_known else "warning"
            # A genuine receipt sounds as what it says does, and never better than itself.
            said = self.about.tone if self.about else own
            return max(own, said, key=_WORSE.index)
        return "invalid" if self.report.verdict is Verdict.INVALID else "unknown"

    @property
    def says_who(self) -> bool:
        """Whether its content may be repeated: never while its signature is not proven."""
        return self._passed("signature")

    @property
    def is_picture(self) -> bool:
        """Whether it came inside a picture, of which nothing else is checked."""
        return isinstance(self.content, bytes) and looks_like_image(self.content)

    @property
    def is_forged(self) -> bool:
        """Whether the signature or its key does not hold, so that nothing else can be said."""
        judged = self.report.credential is not None and not self.says_who
        return judged and self.report.verdict is Verdict.INVALID

    @property
    def is_bound(self) -> bool:
        """Whether the signature is the issuer's own, and not only somebody's."""
        return self.says_who and self._passed("issuer")

    @property
    def steps(self) -> tuple[Step, ...]:
        """The checks to show: where the signature is broken, that alone."""
        if not self.is_forged:
            return self.report.steps
        return tuple(step for step in self.report.steps if step.outcome is not Outcome.PASS)

    @property
    def against(self) -> Step | None:
        """The first check that stands against it, the failed before the undecided."""
        for outcome in (Outcome.FAIL, Outcome.UNKNOWN):
            for step in self.report.steps:
                if step.outcome is outcome:
                    return step
        return None

    @property
    def about(self) -> Receipt | None:
        """What it says of another credential, where it is a verifier's own receipt."""
        credential = self.report.credential
        if credential is None or not self.is_bound or not is_receipt(credential):
            return None
        return read_receipt(credential.document)

    @property
    def reason(self) -> str:
        """Why it does not sound better; of a receipt of a known verifier, what was said then."""
        if self.against is not None:
            return self.against.sentence
        return self.about.reason if self.about is not None and self._is_known else ""

    @property
    def issuer(self) -> str:
        """Whose credential it is: the registered name, else the domain. Never what it claims."""
        if self.report.credential is None or not self.is_bound:
            return ""
        if self.trust is not None and self.trust.entry is not None:
            return self.trust.entry.name
        return domain_of(self.report.credential.issuer_id)

    @property
    def title(self) -> str:
        """What it is called; a credential without a name is called by its type."""
        credential = self.report.credential
        if credential is None:
            return ""
        kinds = sorted(credential.types - {"VerifiableCredential"}) or ["Credential"]
        return credential.name or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kinds[0])

    @property
    def seed(self) -> str:
        """What its picture is drawn from: the achievement, or the credential itself."""
        credential = self.report.credential
        if credential is None:
            return ""
        achieved = identifier(credential.subject.get("achievement"))
        return achieved or (credential.name if self.holds else credential.id)

    @property
    def holds(self) -> tuple[Part, ...]:
        """What a learner record holds, by the names under which it sorts that."""
        credential = self.report.credential
        return parts(credential.document) if credential is not None else ()

    @property
    def headline(self) -> str:
        """The one sentence that an employer reads first."""
        if not self.readable:
            return "This could not be read."
        if self.report.verdict is Verdict.INVALID:
            return f"This {self._kind} is not valid."
        if self.report.verdict is Verdict.UNCHECKED:
            if self.says_who and self.against is not None and self.against.code == _NOT_BOUND:
                return "Signature good, issuer not bound: nothing shows whose key signed this."
            return f"This {self._kind} could not be fully checked."
        if self.about is not None:
            whose = "" if self._is_known else ", from a verifier that is not known here"
            return f"This receipt is genuine{whose}. {self.about.says}"
        standing = self.trust.standing if self.trust else Standing.UNLISTED
        return f"This credential is genuine{_GENUINE[standing]}"

    @property
    def _is_known(self) -> bool:
        return self.trust is not None and self.trust.known is not None

    @property
    def _kind(self) -> str:
        return "receipt" if self.about is not None else "credential"

    def _passed(self, name: str) -> bool:
        step = self.report.step(name)
        return step is not None and step.outcome is Outcome.PASS


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


def domain_of(issuer_id: str) -> str:
    """The host of a did:web or https identifier, as plain ASCII; nothing for any other.

    An internationalised name stays spelled xn--…, so that it cannot look like another.
    """
    if issuer_id.startswith("did:web:"):
        return unquote(issuer_id.split(":")[2])
    found = _HTTPS.match(issuer_id)
    return found[1] if found else ""


def could_not_be_had(error: Refused, *, now: datetime, name: str = "") -> Checked:
    """Something from which nothing could be had: not checked, and why."""
    return Checked(refusal_as_report(error, now=now), None, name)


def refusal_as_report(error: Refused, *, now: datetime) -> Report:
    """A URL from which nothing could be had, as a report: not checked, and why."""
    return Report((Step("structure", Outcome.UNKNOWN, error.sentence, error.code),), None, now)


def checked_as_json(checked: Checked) -> dict[str, Any]:
    """A check as JSON for machines: the same words as the page, and the stable codes."""
    report, trust, credential = checked.report, checked.trust, checked.report.credential
    return {
        "verdict": report.verdict.value,
        "headline": checked.headline,
        "checkedAt": timestamp(report.checked_at),
        "steps": [step_as_json(step) for step in report.steps],
        # Of a broken signature nothing is repeated: anybody could have written it.
        "issuer": None if trust is None or checked.is_forged else _trust(trust),
        "credential": None if credential is None or checked.is_forged else _credential(credential),
    }


def all_as_json(found: Sequence[Checked]) -> dict[str, Any]:
    """One check as itself; several in a list, each with the name that it was handed over by."""
    if len(found) == 1:
        return checked_as_json(found[0])
    return {"credentials": [{"name": one.name, **checked_as_json(one)} for one in found]}


def step_as_json(step: Step) -> dict[str, str]:
    """A step as JSON."""
    return {
        "name": step.name,
        "outcome": step.outcome.value,
        "sentence": step.sentence,
        "code": step.code,
    }


def _trust(trust: TrustFinding) -> dict[str, Any]:
    return {
        "known": trust.known is not None,
        "standing": trust.standing.value,
        "name": trust.entry.name if trust.entry else None,
        "sentence": trust.sentence,
        "registry": trust.version,
    }


def _credential(credential: Credential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "type": sorted(credential.types),
        "name": credential.name,
        "issuer": credential.issuer_id,
        "subject": credential.subject_id,
    }
