"""What a member hands in, written from the community's phrases: an artefact and a reflection."""

import re
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from service.demo.community import Activity, Person, Role
from service.demo.phrases import Group, Phrases, Sentences


class Quality(StrEnum):
    """How good a contribution is, before anybody has judged it."""

    STRONG = "strong"
    SOUND = "sound"
    THIN = "thin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is handed in: the artefact with its name, and the reflection. Plain text."""

    artefact_name: str
    artefact: str
    reflection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is to be written: by whom, on what, in which role, and with whom they worked.

    `turn` is the author's place among those who hand in for the activity: neighbours begin
    differently.
    """

    author: Person
    activity: Activity
    kind: str
    role: Role
    colleague: Person
    turn: int


def written(piece: Piece, phrases: Phrases, *, quality: Quality, rng: Random) -> Evidence:
    """The evidence for `piece`, in the given quality."""
    pen = _Pen(piece, rng)
    return Evidence(
        artefact_name=f"{phrases.artefacts[piece.kind]}: {piece.activity.title}",
        artefact=_artefact(pen, piece, phrases, quality),
        reflection=_reflection(pen, phrases, quality),
    )


def rewritten(piece: Piece, phrases: Phrases, *, rng: Random) -> Evidence:
    """A later version, after a panel sent the first one back."""
    pen = _Pen(piece, rng)
    better = written(piece, phrases, quality=Quality.STRONG, rng=rng)
    return Evidence(
        artefact_name=f"{better.artefact_name} (revised)",
        artefact=f"{pen.one(phrases.revised)}\n\n{better.artefact}",
        reflection=better.reflection,
    )


class _Pen:
    """Takes sentences in turn and fills in what stands in braces."""

    def __init__(self, piece: Piece, rng: Random) -> None:
        few = rng.randint(3, 9)
        self._turn = piece.turn
        self._rng = rng
        self._slots = {
            "focus": piece.activity.focus,
            "reading": piece.activity.reading,
            "moment": rng.choice(piece.activity.moments),
            "learners": piece.author.learners,
            "setting": piece.author.setting,
            "here": _here(piece.author.setting),
            "colleague": piece.colleague.name.split()[0],
            "elsewhere": piece.colleague.setting,
            "few": _NUMBERS[few],
            "many": str(rng.randint(2 * few, 24 + few)),
        }

    def in_turn(self, sentences: Sentences) -> str:
        """The next sentence after the one that the neighbour took."""
        return self._filled(sentences[self._turn % len(sentences)])

    def one(self, sentences: Sentences) -> str:
        """Any of the sentences."""
        return self._filled(self._rng.choice(sentences))

    def _filled(self, sentence: str) -> str:
        filled = sentence.format(**self._slots)
        return re.sub(r"^[a-z]|(?<=[.?!] )[a-z]", lambda letter: letter[0].upper(), filled)


def _here(setting: str) -> str:
    """How somebody speaks of their own setting: not `a college in Cardiff` but `our college`."""
    kind = re.split(r" (?:in|near|outside|above|on|with) ", setting, maxsplit=1)[0]
    return re.sub(r"^an? ", "our ", kind)


_NUMBERS = {
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
}


def _artefact(pen: _Pen, piece: Piece, phrases: Phrases, quality: Quality) -> str:
    if quality is Quality.THIN:
        return f"{pen.in_turn(phrases.thin_artefact)} {pen.one(phrases.thin_addition)}"
    group = phrases.provision if piece.role is Role.CO_PROVIDER else phrases.groups[piece.kind]
    paragraphs = [_body(pen, group)]
    if quality is Quality.STRONG:
        paragraphs.append(f"{pen.one(phrases.counter)} {pen.one(phrases.limits)}")
    else:
        paragraphs.append(pen.one(phrases.limits))
    return "\n\n".join(paragraphs)


def _body(pen: _Pen, group: Group) -> str:
    opening, doing = pen.in_turn(group.opening), pen.one(group.doing)
    return f"{opening} {doing}\n\n{pen.one(group.evidence)}"


def _reflection(pen: _Pen, phrases: Phrases, quality: Quality) -> str:
    if quality is Quality.THIN:
        return pen.one(phrases.thin_reflection)
    sentences = [pen.one(phrases.before), pen.in_turn(phrases.turn)]
    if quality is Quality.STRONG:
        sentences.append(pen.one(phrases.source))
    return f"{' '.join(sentences)}\n\n{pen.one(phrases.next)}"
