"""A stored audit laid out for people: the same values as in the JSON, in the order of questions.

It adds nothing to the decision: what is met, needed or open is what the engine said.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from degree.registry import File
from degree.rules.exact import credits_text
from degree.rules.explain import Answer
from degree.rules.programme import Award, Bucket, Part
from degree.rules.records import Record, Role
from degree.rules.requirements import spoken

_STATES: Final = {True: "met", False: "needed", None: "undecided"}
_DAY: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_KEY: Final = re.compile(r"did:key:(z\w{6})\w+(\w{4})\b")
_YEAR: Final = re.compile(r"\.year-(\d+)$")
_CONTEXTS: Final = r"distinct\.contexts$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of an award. `counted` and `asked` are tenths of a credit; asked 0 has no bar."""

    state: str
    title: str
    asks: str
    says: str
    counted: int = 0
    asked: int = 0
    badges: tuple[Record, ...] = ()

    @property
    def short(self) -> str:
        """The credits by which it falls short as the badges are placed; empty when it does not."""
        return credits_text(self.asked - self.counted) if self.asked > self.counted else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A badge that does not count, with the reason. `record` is None where none could be read."""

    title: str
    reason: str
    record: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardShown:
    """One award: what it asks for, line by line."""

    id: str
    title: str
    state: str
    total: Requirement
    buckets: tuple[Requirement, ...]
    rules: tuple[Requirement, ...]
    years: tuple[Requirement, ...]
    for_the_board: tuple[str, ...]
    shortfalls: tuple[str, ...]
    conflict: tuple[str, ...]
    not_needed: tuple[Aside, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The page: `tone` is valid, warning or unknown; `focus` is the award to read first."""

    tone: str
    verdict: str
    progress: str
    awards: tuple[AwardShown, ...]
    focus: AwardShown
    set_aside: tuple[Aside, ...]


def statement(file: File) -> Statement:
    """The stored audit as it is read."""
    awards = tuple(_award(file, outcome) for outcome in file.decision["awards"])
    by_id = {award.id: award for award in awards}
    earned = by_id.get(file.decision["earned"] or "")
    referred = [by_id[award_id] for award_id in file.decision["referred"]]
    focus = earned or (referred[-1] if referred else awards[-1])
    return Statement(
        tone="valid" if earned else "warning" if referred else "unknown",
        verdict=_verdict(earned, referred),
        progress=_progress(focus),
        awards=awards,
        focus=focus,
        set_aside=(*_asides(file, file.decision["set_aside"]), *_not_records(file)),
    )


def asks(bucket: Bucket) -> str:
    """What fills a bucket, in words."""
    where = bucket.where
    parts = []
    if where.tags:
        parts.append("tagged " + " or ".join(spoken(tag) for tag in sorted(where.tags)))
    if where.kinds:
        parts.append("of the kind " + " or ".join(spoken(kind) for kind in sorted(where.kinds)))
    if where.roles == {Role.CO_PROVIDER}:
        parts.append("for activities that you provided with others")
    elif where.roles == {Role.PARTICIPANT}:
        parts.append("for activities that you joined")
    if where.level:
        parts.append(f"at level {where.level} or above")
    sentence = "Badges " + ", ".join(parts) if parts else "Any badge"
    limits = []
    if not bucket.rpl:
        limits.append("prior learning does not count here")
    if bucket.max_badges is not None:
        limits.append(f"at most {bucket.max_badges} badges")
    limits += [
        f"at most {credits_text(cap.amount)} credits at level {cap.level} or below"
        for cap in bucket.ceilings
    ]
    return "; ".join((sentence, *limits)) + "."


def in_words(text: str) -> str:
    """A sentence of the engine with its dates and keys as people read them."""
    text = _DAY.sub(lambda found: _day(date(*(int(part) for part in found.groups()))), text)
    text = _KEY.sub(r"key \1…\2", text)
    return text[:1].upper() + text[1:]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _verdict(earned: AwardShown | None, referred: list[AwardShown]) -> str:
    board = " and the ".join(award.title for award in referred)
    if earned and referred:
        return f"The {earned.title} is earned. The board decides about the {board}."
    if earned:
        return f"The {earned.title} is earned."
    if referred:
        return f"No award is earned yet. The board decides about the {board}."
    return "No award is earned yet."


def _progress(focus: AwardShown) -> str:
    if focus.state == "met":
        return "Every requirement of it is filled."
    counted, asked = credits_text(focus.total.counted), credits_text(focus.total.asked)
    return f"Towards the {focus.title}, {counted} of {asked} credits count so far."


def _award(file: File, outcome: Mapping[str, Any]) -> AwardShown:
    award = next(award for award in file.programme.awards if award.id == outcome["award"])
    findings = {finding["rule"]: finding for finding in outcome["findings"]}
    records = {record.id: record for record in file.wallet.records}
    placed: dict[str, list[Record]] = {}
    for placement in outcome["placements"]:
        placed.setdefault(placement["bucket"], []).append(records[placement["record"]])
    counted = [record for filling in placed.values() for record in filling]
    total = f"{award.path}.credits"
    parts = {part.path: part for part in award.parts}
    years = {rule: finding for rule, finding in findings.items() if _YEAR.search(rule)}
    apart = {total, *parts, *years}
    return AwardShown(
        id=award.id,
        title=award.title,
        state=_state(outcome["answer"]),
        total=_total(award, findings.get(total), counted),
        buckets=tuple(
            _bucket(part, findings.get(path), placed.get(part.bucket.name, []))
            for path, part in parts.items()
        ),
        rules=tuple(
            _rule(rule, finding, file.wallet.context_names)
            for rule, finding in findings.items()
            if rule not in apart and finding["met"] is not None
        ),
        years=tuple(_year(rule, finding) for rule, finding in years.items()),
        for_the_board=tuple(
            in_words(finding["reason"]) for finding in outcome["findings"] if finding["met"] is None
        ),
        shortfalls=tuple(in_words(cut["sentence"]) for cut in outcome["shortfalls"]),
        conflict=tuple(outcome["conflict"]),
        not_needed=tuple(_asides(file, outcome["set_aside"])),
    )


def _state(answer: str) -> str:
    return {Answer.SATISFIED: "met", Answer.NOT_SATISFIED: "needed"}.get(
        Answer(answer), "undecided"
    )


def _total(award: Award, finding: Mapping[str, Any] | None, counted: list[Record]) -> Requirement:
    return Requirement(
        state=_STATES[finding["met"]] if finding else "undecided",
        title=award.title,
        asks="",
        says=in_words(finding["reason"]) if finding else "",
        counted=_credits(counted),
        asked=award.credits,
    )


def _bucket(part: Part, finding: Mapping[str, Any] | None, filling: list[Record]) -> Requirement:
    counted = _credits(filling)
    met = finding["met"] if finding else counted >= part.minimum
    return Requirement(
        state=_STATES[met],
        title=spoken(part.bucket.name).capitalize(),
        asks=asks(part.bucket),
        says="",
        counted=counted,
        asked=part.minimum,
        badges=tuple(filling),
    )


def _rule(rule: str, finding: Mapping[str, Any], context_names: Mapping[str, str]) -> Requirement:
    reason = finding["reason"]
    if re.search(_CONTEXTS, rule):
        reason = named(reason, context_names)
    return Requirement(
        state=_STATES[finding["met"]], title=_title(rule), asks="", says=in_words(reason)
    )


def named(reason: str, names: Mapping[str, str]) -> str:
    """The engine's count of contexts, "…: code credits, code credits", with names for the codes.

    Only a whole code in that list gives way: codes are the issuers' to choose, and one that looks
    like a number or a word must not change what the rest of the sentence says.
    """
    count, colon, listed = reason.partition(": ")
    if not colon:
        return reason
    entries = [entry.rpartition(" ") for entry in listed.split(", ")]
    told = ", ".join(f"{names.get(code, code)}{blank}{amount}" for code, blank, amount in entries)
    return f"{count}{colon}{told}"


def _title(rule: str) -> str:
    """A rule's path as a heading: what stands last in it says what it is about."""
    for pattern, title in _TITLES:
        if found := re.search(pattern, rule):
            return spoken(found.expand(title))
    return spoken(rule.rpartition(".")[2]).replace("-", " ").capitalize()


_TITLES: Final = (
    (r"min_at_level\.(\d+)$", r"Credits at level \1 or above"),
    (r"^awards\..*max_below_level\.(\d+)$", r"Credits at level \1 or below"),
    (r"^buckets\.(\w+)\.max_below_level\.(\d+)$", r"Level \2 or below in \1"),
    (r"buckets\.(\w+)\.max_badges$", r"Number of badges in \1"),
    (r"rpl_cap$", "Prior learning"),
    (_CONTEXTS, "Different contexts"),
    (r"distinct\.circles$", "Different circles"),
    (r"distinct\.validators$", "Different judges"),
    (r"max_share_per_validator$", "No single judge behind too much"),
    (r"prerequisites\.(\w+)-before-(\w+)$", r"Order of \1 and \2"),
    (r"exclusions", "Badges that exclude each other"),
)


def _year(rule: str, finding: Mapping[str, Any]) -> Requirement:
    found = _YEAR.search(rule)
    period, _, kept = finding["reason"].partition(": ")
    # A year that still runs stands against nobody, but "met" would say too much of it.
    runs = kept.endswith("still running")
    return Requirement(
        state="needed" if runs else _STATES[finding["met"]],
        title=f"Year {found[1]}" if found else rule,
        asks=in_words(period),
        says=in_words(kept),
    )


def _asides(file: File, entries: Iterable[Mapping[str, Any]]) -> Iterable[Aside]:
    records = {record.id: record for record in file.wallet.records}
    for entry in entries:
        record = records[entry["record"]]
        yield Aside(title=record.title, reason=in_words(entry["reason"]), record=record)


def _not_records(file: File) -> Iterable[Aside]:
    for entry in json.loads(file.case.application.not_records):
        yield Aside(title=entry["title"], reason=in_words(entry["reason"]))


def _credits(records: Iterable[Record]) -> int:
    return sum(record.credits_tenths for record in records)
