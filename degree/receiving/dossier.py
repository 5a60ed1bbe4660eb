"""The dossier that a board for prior learning asks for: each requirement with its evidence.

It says what was found, in the order of a board's questions; page and paper show the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from degree.receiving.entry import Entry, entry
from degree.receiving.reading import Reading, headline_of, short
from degree.rules.exact import CreditUnit, number_in
from degree.rules.records import Record
from degree.statement import Aside, AwardShown, Requirement
from degree.wording import both_units, day
from vc.errors import Missing

_STATES: Final = {
    "met": "Met",
    "needed": "Still needed",
    "undecided": "Not decided yet",
    "broken": "Not kept",
    "unchosen": "Only if chosen",
    "running": "Running",
    "missed": "Missed",
    "forgiven": "Forgiven",
}
_THE_DECISION: Final = (
    "The record of it is attached to the PDF as record.json, and can be taken as a file. "
    "“learnometer degree check record.json” proves it without the program that made it, and so "
    "does the single file degree/checker.py, which needs Python and nothing else. “learnometer "
    "degree replay record.json” decides again and compares."
)
_THE_BADGES: Final = (
    "Each is a signed Open Badge 3.0, which any verifier checks. The digest (SHA-256 in multibase, "
    "over the credential's JSON with sorted keys) tells which one was read here."
)
_THE_RECORDS: Final = (
    "They are stated, and nothing of them was verified: ask the applicant for the badges."
)
_THE_PROGRAMME: Final = (
    "Its digest is SHA-256 over RFC 8785 of the file as JSON. The record holds it whole."
)
_THE_APPLICANT: Final = (
    "The badges name their holder by an identifier. That the applicant holds its key was not asked "
    "here: have them show the badges from their wallet to a verifier."
)
_OTHER_AWARDS: Final = (
    "Whether another university has counted these badges before cannot be read from them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A requirement with the badges that fill it; `amount` is in the file's unit.

    `sign` is met, needed or undecided, and `state` says it in words.
    """

    title: str
    sign: str
    state: str
    asks: str
    amount: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a badge claims beside what counts of it, and why not more."""

    title: str
    claimed: str
    counts: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One award for one wallet. `marks` must be seen on every sheet; facts are pairs of texts.

    `rules` are titles with what came of them, as a word and in words; `record` is the decision
    record.
    """

    title: str
    headline: str
    marks: tuple[str, ...]
    cover: tuple[tuple[str, str], ...]
    fillings: tuple[Filling, ...]
    rules: tuple[tuple[str, str, str], ...]
    open_questions: tuple[str, ...]
    entries: tuple[Entry, ...]
    claims: tuple[Claim, ...]
    totals: str
    prior: str
    prior_entries: tuple[Entry, ...]
    checking: tuple[tuple[str, str], ...]
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A dossier that is to be printed: by which program, in whose name, and a timestamp."""

    dossier: Dossier
    software: str
    author: str
    when: str


def dossier(reading: Reading, *, award_id: str) -> Dossier:
    """The dossier for one of the awards that were looked at. Raises Missing."""
    awards = {award.id: award for award in reading.judged.statement.awards}
    if not awards:
        raise Missing("award", reading.judged.statement.verdict, place="award")
    if award_id not in awards:
        raise Missing("award", "There is no such award in this reading.", place="award")
    award = awards[award_id]
    by_id = _entries(reading, award)
    entries = tuple(by_id.values())
    aside = (*award.not_needed, *reading.set_aside)
    prior = tuple(each for each in entries if each.record.rpl)
    board = (award.for_the_board,) if award.for_the_board else ()
    return Dossier(
        title=f"{award.title}: evidence dossier",
        headline=headline_of(reading, award),
        marks=marks(reading),
        cover=_cover(reading, award),
        fillings=tuple(_filling(part, by_id, reading.unit) for part in award.buckets),
        rules=(*map(_rule, award.rules), *map(_year, award.years)),
        open_questions=(*award.shortfalls, *board),
        entries=entries,
        claims=(*map(_counted, entries), *map(_not_counted, aside)),
        totals=_totals(entries, aside),
        prior=_prior(award, prior),
        prior_entries=prior,
        checking=_checking(reading),
        record=reading.judged.record,
    )


def marks(reading: Reading) -> tuple[str, ...]:
    """What a reader may never overlook."""
    found = []
    if reading.is_stated:
        found.append("Records as stated: no credential was verified.")
    if reading.trusting:
        issuers = " and ".join(reading.trusting)
        found.append(f"Read as if {issuers} were trusted, which the programme does not say.")
    return tuple(found)


def _entries(reading: Reading, award: AwardShown) -> dict[str, Entry]:
    """The badges that count, by id, numbered in the order of what they fill."""
    exhibits = {each.record: each for each in reading.exhibits}
    records: dict[str, Record] = {}
    fills: dict[str, list[str]] = {}
    for part in award.buckets:
        for record in part.badges:
            records[record.id] = record
            fills.setdefault(record.id, []).append(part.title)
    return {
        id_: entry(
            number, record, exhibits.get(id_), fills=fills[id_], checked_at=reading.checked_at
        )
        for number, (id_, record) in enumerate(records.items(), start=1)
    }


def _filling(part: Requirement, entries: Mapping[str, Entry], unit: CreditUnit) -> Filling:
    return Filling(
        title=part.title,
        sign=part.state,
        state=_STATES[part.state],
        asks=part.asks,
        amount=_amount(part, unit),
        entries=tuple(entries[record.id] for record in part.badges),
    )


def _amount(part: Requirement, unit: CreditUnit) -> str:
    if not part.asked:
        return f"{short(unit, part.counted)}, and none is asked"
    return f"{number_in(unit, part.counted)} of {short(unit, part.asked)}"


def _rule(rule: Requirement) -> tuple[str, str, str]:
    return rule.title, _STATES[rule.state], f"{rule.says}."


def _year(year: Requirement) -> tuple[str, str, str]:
    return f"{year.title}: {year.asks}", _STATES[year.state], f"{year.says}."


def _counted(each: Entry) -> Claim:
    counts = both_units(each.record.credits_tenths)
    return Claim(title=each.record.title, claimed=_claimed(each.record), counts=counts, reason="")


def _not_counted(aside: Aside) -> Claim:
    return Claim(
        title=aside.title or "A credential without a name",
        claimed=_claimed(aside.record) if aside.record else "",
        counts="nothing",
        reason=f"{aside.reason.rstrip('.')}.",
    )


def _claimed(record: Record) -> str:
    prior = ", prior learning" if record.rpl else ""
    return f"{both_units(record.credits_tenths)}, level {record.level}{prior}"


def _totals(entries: Iterable[Entry], aside: Iterable[Aside]) -> str:
    counted = sum(each.record.credits_tenths for each in entries)
    claimed = counted + sum(each.record.credits_tenths for each in aside if each.record)
    return f"Claimed in all: {both_units(claimed)}. Of it counts: {both_units(counted)}."


def _prior(award: AwardShown, prior: Iterable[Entry]) -> str:
    counted = sum(each.record.credits_tenths for each in prior)
    cap = next((rule.says for rule in award.rules if rule.title == "Prior learning"), "")
    limit = f"By the award's limit: {cap}." if cap else "The award sets no limit to it as a whole."
    if not counted:
        return f"No prior learning counts here. {limit}"
    return f"Of what counts, {both_units(counted)} is prior learning. {limit}"


def _cover(reading: Reading, award: AwardShown) -> tuple[tuple[str, str], ...]:
    rules = reading.judged.rules
    differs = rules.digest != rules.handed_digest
    return (
        ("Applicant", reading.name),
        ("Holder of the badges", reading.holder),
        ("Programme", f"{rules.title}, version {rules.version} ({rules.id})"),
        ("Award", f"{award.title}, {both_units(award.total.asked)}"),
        ("Regulations", rules.source),
        ("Digest of the programme", rules.digest),
        ("Digest of its file", rules.handed_digest if differs else ""),
        ("Day of registration", day(reading.registered)),
        ("Day of the decision", day(reading.today)),
        ("Digest of the decision", reading.judged.digest),
    )


def _checking(reading: Reading) -> tuple[tuple[str, str], ...]:
    return (
        ("The decision", _THE_DECISION),
        ("The records", _THE_RECORDS) if reading.is_stated else ("The badges", _THE_BADGES),
        ("The programme", _THE_PROGRAMME),
        ("The applicant", _THE_APPLICANT),
        ("Other awards", _OTHER_AWARDS),
    )
