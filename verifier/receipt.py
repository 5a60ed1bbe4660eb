"""A receipt as it is read, and what it says: that it is genuine does not make that good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import Credential, Outcome, Verdict, instant, listed
from verifier.trust import Standing

TYPE: Final = "VerificationReceipt"
MOST_STEPS: Final = 40
_LONGEST_NAME: Final = 80  # characters of a title within a sentence of ours
_WORDS: Final[Mapping[str, str]] = {
    "valid": "genuine and valid",
    "warning": "genuine, from an issuer not known for it",
    "invalid": "not valid",
    "unknown": "could not be checked",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it is read: its texts, each a string, whatever stood in the document."""

    id: str
    issuer: str
    checked_at: str
    verdict: str
    headline: str
    steps: tuple[dict[str, str], ...]
    checked: dict[str, str]
    suites: tuple[str, ...]
    contexts: tuple[tuple[str, str], ...]
    trust: dict[str, str]
    software: str

    @property
    def tone(self) -> str:
        """How its verdict sounds: valid, warning, invalid or unknown."""
        if self.verdict == Verdict.VALID.value:
            return "valid" if self.trust.get("standing") == Standing.KNOWN.value else "warning"
        return "invalid" if self.verdict == Verdict.INVALID.value else "unknown"

    @property
    def says(self) -> str:
        """What it says of what, in words of ours but for a name in quotation marks."""
        title = _shortened(self.checked.get("title", ""))
        named = f"“{title}”" if title else _shortened(self.checked.get("id", ""))
        return f"It says of {named or 'what was handed in'} on {self.day}: {_WORDS[self.tone]}."

    @property
    def reason(self) -> str:
        """What stood against it then, the failed before the undecided; nothing where all passed."""
        for outcome in (Outcome.FAIL, Outcome.UNKNOWN):
            for step in self.steps:
                if step.get("outcome") == outcome.value and self.tone not in ("valid", "warning"):
                    return step.get("sentence", "")
        return ""

    @property
    def moment(self) -> datetime | None:
        """When it was checked, if that can be read."""
        try:
            return instant(self.checked_at, place="/validFrom")
        except Malformed:
            return None

    @property
    def day(self) -> str:
        """The day of the check for people."""
        moment = self.moment
        return f"{moment.day} {moment:%B %Y}" if moment else "a day that it does not name"


def is_receipt(credential: Credential | None) -> bool:
    """Whether the credential is a receipt of whatever verifier."""
    return credential is not None and TYPE in credential.types


def read_receipt(document: JsonObject) -> Receipt:
    """The receipt in a document of this type; what has another form is left out."""
    subject = _mapping(document.get("credentialSubject"))
    checked = _mapping(subject.get("checked"))
    return Receipt(
        id=_text(document.get("id")),
        issuer=_text(document.get("issuer")),
        checked_at=_text(document.get("validFrom")),
        verdict=_text(subject.get("verdict")),
        headline=_text(subject.get("headline")),
        steps=tuple(_texts(step) for step in listed(subject.get("check"))[:MOST_STEPS]),
        checked=_texts(checked),
        suites=tuple(map(_text, listed(checked.get("suite")))),
        contexts=tuple(
            (_text(one.get("url")), _text(one.get("digestMultibase")))
            for one in map(_mapping, listed(checked.get("contextDigest")))
        ),
        trust=_texts(_mapping(subject.get("trust"))),
        software=_text(subject.get("software")),
    )


def _shortened(text: str) -> str:
    line = "".join(one for one in " ".join(text.split()) if one.isprintable() and one not in "“”")
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> dict[str, str]:
    return {key: text for key, text in _mapping(value).items() if isinstance(text, str)}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
