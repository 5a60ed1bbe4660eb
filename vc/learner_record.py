"""What a Comprehensive Learner Record (CLR 2.0) holds, sorted by its associations.

Nothing here is proven: vc.verify says what is.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from vc.documents import JsonObject, is_learner_record
from vc.errors import Malformed
from vc.model import identifier, listed
from vc.received import receive
from vc.structure import read_credential

# Which end of an association lies below the other.
_UP = frozenset({"isChildOf", "isPartOf"})
_DOWN = "isParentOf"


@dataclass(frozen=True, slots=True)
class Held:
    """A credential in a record, and what it is called."""

    name: str
    document: JsonObject


@dataclass(frozen=True, slots=True)
class Part:
    """Credentials of a record that belong together; without a name, those that stand by themselves.

    What they fill is named as an achievement of the record names it.
    """

    name: str
    credentials: tuple[Held, ...]


def parts(document: JsonObject) -> tuple[Part, ...]:
    """What a learner record holds, in its own order; nothing for any other credential.

    A credential is placed by its own id; where the record places none so, by the id of what was
    achieved. What has an unexpected shape is left out, never guessed.
    """
    if not is_learner_record(document):
        return ()
    subject = _subject(document)
    held = [*_held(subject)]
    below = _below(subject)
    placed: set[int] = set()
    found = []
    for achievement in map(_node, listed(subject.get("achievement"))):
        inside = _filling(held, below.get(identifier(achievement) or "", frozenset()))
        if inside:
            placed.update(inside)
            name = _text(achievement.get("name"))
            found.append(Part(name, tuple(held[one] for one in inside)))
    alone = tuple(one for number, one in enumerate(held) if number not in placed)
    return (Part("", alone), *found) if alone else tuple(found)


def _filling(held: list[Held], sources: frozenset[str]) -> list[int]:
    by_id = [number for number, one in enumerate(held) if _id(one) in sources]
    return by_id or [number for number, one in enumerate(held) if _achieved(one) in sources]


def _held(subject: JsonObject) -> list[Held]:
    found = []
    for source in listed(subject.get("verifiableCredential")):
        if isinstance(source, dict | str):
            with suppress(Malformed):
                document = receive(source).document
                found.append(Held(read_credential(document).name, document))
    return found


def _below(subject: JsonObject) -> Mapping[str, frozenset[str]]:
    """By the id of an achievement, the ids of what lies right below it."""
    below: dict[str, set[str]] = defaultdict(set)
    for one in map(_node, listed(subject.get("association"))):
        source, target = _text(one.get("sourceId")), _text(one.get("targetId"))
        kind = one.get("associationType")
        if kind in _UP:
            below[target].add(source)
        elif kind == _DOWN:
            below[source].add(target)
    return {above: frozenset(under) for above, under in below.items()}


def _id(held: Held) -> str | None:
    return identifier(held.document.get("id"))


def _achieved(held: Held) -> str | None:
    return identifier(_subject(held.document).get("achievement"))


def _subject(document: JsonObject) -> JsonObject:
    return _node(next(iter(listed(document.get("credentialSubject"))), None))


def _node(value: Any) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
