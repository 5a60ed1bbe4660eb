"""What a credential tells a board beyond its record: what was learned, and what shows it.

Every text is somebody else's: it is cut, and taken only where it is a text at all.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from vc.documents import JsonObject
from vc.model import Credential, Report, identifier, listed

MOST_PIECES: Final = 12  # pieces of evidence; a badge of ours has three to six
LONGEST: Final = 2_000  # characters of what was learned, and of the criteria
LONGEST_NAME: Final = 300  # characters of a name, and of what is said of a piece of evidence
_WEB: Final = re.compile(r"https?://[!-~]{1,500}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of evidence. `address` is of the web, and empty where it has none there."""

    name: str
    genre: str
    description: str
    address: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A step of the verification: its name, what was found (pass, fail, unknown), a sentence."""

    name: str
    outcome: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A verified credential as evidence; `issuer_name` is what it calls its issuer."""

    record: str
    issuer_name: str
    description: str
    criteria: str
    criteria_address: str
    pieces: tuple[Piece, ...]
    checks: tuple[Check, ...]


def exhibit(report: Report, credential: Credential) -> Exhibit:
    """What a report and its credential tell."""
    achievement = _object(credential.subject.get("achievement"))
    criteria = _object(achievement.get("criteria"))
    return Exhibit(
        record=credential.id,
        issuer_name=_text(credential.issuer_name, longest=LONGEST_NAME),
        description=_text(achievement.get("description")),
        criteria=_text(criteria.get("narrative")),
        criteria_address=_address(criteria.get("id")),
        pieces=_pieces(credential.document),
        checks=tuple(
            Check(name=step.name, outcome=step.outcome.value, sentence=_text(step.sentence))
            for step in report.steps
        ),
    )


def _pieces(document: JsonObject) -> tuple[Piece, ...]:
    digests = {
        identifier(one): one.get("digestMultibase")
        for one in listed(document.get("relatedResource"))
        if isinstance(one, dict)
    }
    found = []
    for entry in listed(document.get("evidence"))[:MOST_PIECES]:
        one, name = _object(entry), identifier(entry)
        found.append(
            Piece(
                name=_text(one.get("name"), longest=LONGEST_NAME),
                genre=_text(one.get("genre"), longest=LONGEST_NAME),
                description=_text(
                    one.get("description") or one.get("narrative"), longest=LONGEST_NAME
                ),
                address=_address(name),
                digest=_text(digests.get(name), longest=LONGEST_NAME),
            )
        )
    return tuple(found)


def _object(value: Any) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _text(value: Any, *, longest: int = LONGEST) -> str:
    if not isinstance(value, str):
        return ""
    return value if len(value) <= longest else f"{value[:longest]}…"


def _address(value: Any) -> str:
    return value if isinstance(value, str) and _WEB.fullmatch(value) else ""
