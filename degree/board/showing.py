"""Exceptions as people read them, and what the decision comes to with and without concessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from degree.board.granted import in_force, part_of
from degree.board.naming import Names, names_of
from degree.board.tables import ExceptionRow
from degree.files import File
from degree.rules.explain import Answer, Verdict
from degree.rules.records import Action, Attestation, Concession, Interruption, Wallet, Word
from degree.rules.saying import small, spoken
from degree.wording import day, in_words

_ANSWERS: Final = {
    Answer.SATISFIED: "earned",
    Answer.NOT_SATISFIED: "not earned",
    Answer.UNDECIDED: "for the board",
}
_NOT_TRIED: Final = "not tried"
_WORDS: Final = {Word.YES: "yes", Word.NO: "no", Word.PENDING: "nobody has said yet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One exception. `standing` is applied, refused, waiting, later or withdrawn.

    `later` is in force, and was entered after the audit; `refused` tells why the programme does
    not let it apply. Nothing in the audit hangs on what is `idle`. `day` is when it was granted or
    said, `expiry` the last day on which it holds.
    """

    row: ExceptionRow
    says: str
    standing: str
    refused: str = ""
    idle: bool = False
    authority: str = ""
    rationale: str = ""
    clause: str = ""
    day: date | None = None
    expiry: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A decision with the concessions that apply, and without: (award, with, without) in words.

    `differs` says whether any award comes to another answer.
    """

    differs: bool
    sentences: tuple[str, ...]
    awards: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The exceptions of a case beside one of its audits; `compared` where a concession applies."""

    entries: tuple[Told, ...]
    compared: Compared | None


def shown(file: File, rows: Iterable[ExceptionRow], *, for_staff: bool) -> Shown:
    """The exceptions as they stand now; a member is told only what the audit rests on."""
    compared, names = _compared(file), names_of([file.programme], file.wallet)
    entries = tuple(_told(file, row, names, compared) for row in rows)
    if not for_staff:
        entries = tuple(each for each in entries if each.standing in ("applied", "refused"))
    return Shown(entries=entries, compared=compared)


def says(part: Wallet, names: Names) -> str:
    """One exception in a sentence."""
    for concession in part.concessions:
        return _concession(concession, names)
    for interruption in part.interruptions:
        return f"The registration was interrupted: {_period(interruption)}."
    name, attestation = next(iter(part.attestations.items()))
    return f"{spoken(name).capitalize()}: {_WORDS[attestation.value]}{_by(attestation)}."


def _told(file: File, row: ExceptionRow, names: Names, compared: Compared | None) -> Told:
    part = part_of(row)
    refused = file.decision.refused.get(row.id, "")
    standing = _standing(file, row, part, refused)
    concession = next(iter(part.concessions), None)
    if concession is None:
        return Told(
            row=row,
            says=says(part, names),
            standing=standing,
            authority=row.authority,
            rationale=row.why,
            clause=row.clause,
        )
    if path := concession.path:
        refused = refused.replace(path, names.rule(path))
    return Told(
        row=row,
        says=says(part, names),
        standing=standing,
        refused=small(in_words(refused)) if standing == "refused" else "",
        idle=standing == "applied" and compared is not None and not compared.differs,
        authority=concession.said.get("authority", ""),
        rationale=concession.said.get("rationale", ""),
        clause=concession.said.get("clause_ref", ""),
        day=concession.granted,
        expiry=concession.expiry,
    )


def _standing(file: File, row: ExceptionRow, part: Wallet, refused: str) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if not in_force(row):
        return "waiting"
    if not _is_in(file.wallet, part):
        return "later"
    return "refused" if refused else "applied"


def _is_in(wallet: Wallet, part: Wallet) -> bool:
    """Whether a decision on the wallet knew of the exception."""
    return (
        {each.id for each in part.concessions} <= {each.id for each in wallet.concessions}
        and {*part.interruptions} <= {*wallet.interruptions}
        and part.attestations.items() <= dict(wallet.attestations).items()
    )


def _concession(concession: Concession, names: Names) -> str:
    match concession.action:
        case Action.WAIVE:
            return f"{names.rule(concession.path)} is waived."
        case Action.REDUCE:
            return f"{names.rule(concession.path)} asks for {_number(concession)} instead."
        case Action.ACCEPT:
            badge = names.badge(concession.record)
            return f"“{badge}” is accepted for {spoken(concession.bucket)}."
        case Action.FORGIVE_YEAR:
            return f"Registration year {concession.year} counts as kept."


def _number(concession: Concession) -> str:
    return f"{float(concession.to or 0):g}"


def _period(interruption: Interruption) -> str:
    return f"{day(interruption.first)} to {day(interruption.last)}"


def _by(attestation: Attestation) -> str:
    by = f", says {attestation.by}" if attestation.by else ""
    return f"{by}, {day(attestation.on)}" if attestation.on else by


def _compared(file: File) -> Compared | None:
    decision = file.decision
    outcome, plain = decision.outcome, decision.plain
    if not outcome.concessions:
        return None
    many = len(outcome.concessions) > 1
    awards = [
        (award.title, _state(outcome, award.id), _state(plain, award.id))
        for award in outcome.programme.awards
    ]
    differing = [each for each in awards if each[1] != each[2] and each[1] != _NOT_TRIED]
    said = "With the concessions" if many else "With the concession"
    return Compared(
        differs=bool(differing),
        sentences=tuple(
            f"{said}, the {award} is {with_}; without {'them' if many else 'it'}, it is {without}."
            for award, with_, without in differing
        )
        or ("The outcome is the same without.",),
        awards=tuple(awards),
    )


def _state(verdict: Verdict, award: str) -> str:
    answer = next((each for each in verdict.awards if each.award == award), None)
    if answer is None:
        return _NOT_TRIED
    best = answer.best_class
    word = _ANSWERS[answer.answer]
    return f"{word} with {spoken(best.id)}" if best else word
