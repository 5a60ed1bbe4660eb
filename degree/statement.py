"""A decision laid out for people, in the order of their questions.

It adds nothing to the decision: what is met, needed or open is what the engine said.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from degree.buckets import asks
from degree.rules.also_kept import also_kept
from degree.rules.concessions import relief
from degree.rules.exact import CreditUnit, amount_in, number_in
from degree.rules.explain import Answer, AwardAnswer, Decision, Verdict
from degree.rules.laying_out import Finding, Layout, laid_out
from degree.rules.leaving_out import LeftOut
from degree.rules.programme import Part, Programme
from degree.rules.records import Record
from degree.rules.registration import YearKept
from degree.rules.saying import because, heading, none_on, paused, says, spoken
from degree.rules.saying_kept import ALSO_KEPT, told_together
from degree.rules.saying_left_out import in_the_way
from degree.rules.saying_no import refused
from degree.wording import day, in_words

if TYPE_CHECKING:  # the process that decides for strangers does without the office's tables
    from degree.files import File

_STATES: Final = {
    Answer.SATISFIED: "met",
    Answer.NOT_SATISFIED: "needed",
    Answer.UNDECIDED: "undecided",
}
# Rules about the bucket itself, which stand with it.
_BUCKET: Final = re.compile(r"^awards\.[^.]+\.buckets\.([^.]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of an award. `counted` and `asked` are tenths of a credit; asked 0 has no bar.

    A `state` is met, needed, undecided, broken for a limit that is not kept, or unchosen for what
    is only asked by one of several ways; a year's is met, running, forgiven, missed or undecided.
    """

    state: str
    title: str
    asks: str
    says: str
    counted: int = 0
    asked: int = 0
    badges: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A badge that does not count, with the reason. `record` is None where none could be read."""

    title: str
    reason: str
    record: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardShown:
    """One award: what it asks for, line by line. `classes` are names with their states.

    It is `lost` where more registration years were missed than may be forgiven. What is short in a
    placing that is `near` is in the way; elsewhere the badges could be placed otherwise.
    """

    id: str
    title: str
    state: str
    total: Requirement
    buckets: tuple[Requirement, ...]
    rules: tuple[Requirement, ...]
    years: tuple[Requirement, ...]
    for_the_board: str
    shortfalls: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    not_needed: tuple[Aside, ...]
    lost: bool = False
    near: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The page: `tone` is valid, warning or unknown; `focus` is the award to read first, None where
    the programme has no award on the wallet's pathway.

    Sentences tell credits in `unit`, as the programme's file does.
    """

    unit: CreditUnit
    tone: str
    verdict: str
    progress: str
    awards: tuple[AwardShown, ...]
    focus: AwardShown | None
    set_aside: tuple[Aside, ...]

    @property
    def focus_first(self) -> tuple[AwardShown, ...]:
        """The awards, with the one to read first before the others."""
        return tuple(sorted(self.awards, key=lambda award: award != self.focus))


def statement(file: "File") -> Statement:
    """The stored decision as it is read."""
    return stated(file.decision, file.programme, aside=_not_records(file))


def stated(decision: Decision, programme: Programme, *, aside: Iterable[Aside] = ()) -> Statement:
    """The decision as it is read; `programme` is the one that decided, in its file's own order.

    `aside` is what was presented and is no record.
    """
    verdict, unit = decision.outcome, programme.unit
    awards = tuple(_award(decision, programme, answer) for answer in verdict.awards)
    by_id = {award.id: award for award in awards}
    earned = by_id.get(verdict.earned.award) if verdict.earned else None
    referred = tuple(by_id[answer.award] for answer in verdict.referred)
    classes = verdict.earned.classes if verdict.earned else ()
    better = [spoken(each.id) for each in classes if each.answer is Answer.UNDECIDED]
    focus = earned or next(reversed(referred or awards), None)
    return Statement(
        unit=unit,
        tone="valid" if earned else "warning" if referred else "unknown",
        verdict=(
            _verdict(earned, referred, better, lost=all(award.lost for award in awards))
            if awards
            else none_on(decision.wallet.pathway)
        ),
        progress=_progress(focus, unit) if focus else "",
        awards=awards,
        focus=focus,
        set_aside=(*_set_aside(decision, verdict), *aside),
    )


def _verdict(
    earned: AwardShown | None, referred: tuple[AwardShown, ...], better: list[str], *, lost: bool
) -> str:
    board = " and the ".join([*(award.title for award in referred), *better])
    if earned and board:
        return f"The {earned.title} is earned. The board decides about the {board}."
    if earned:
        return f"The {earned.title} is earned."
    if referred:
        return f"No award is earned yet. The board decides about the {board}."
    return "No award can be earned any more." if lost else "No award is earned yet."


def _progress(focus: AwardShown, unit: CreditUnit) -> str:
    if focus.state == "met":
        return f"Every requirement of the {focus.title} is filled."
    if focus.lost:
        return f"Too many registration years were missed for the {focus.title}."
    counted, asked = number_in(unit, focus.total.counted), amount_in(unit, focus.total.asked)
    if focus.state == "needed" and focus.total.counted >= focus.total.asked:
        there = f"{counted} of {asked} are there for the {focus.title}"
        return " ".join((f"{there}, but not every rule is kept.", *focus.shortfalls[:1]))
    return f"Towards the {focus.title}, {counted} of {asked} count so far."


def _award(decision: Decision, programme: Programme, answer: AwardAnswer) -> AwardShown:
    wallet, today, unit = decision.wallet, decision.today, programme.unit
    layout = laid_out(decision.outcome, answer, wallet, today=today)
    # The file's own order of buckets, for readers.
    award = programme.award(answer.award)
    records = {record.id: record for record in wallet.records}
    findings = {finding.rule: finding for finding in layout.findings}
    counted = [records[each.record] for each in layout.placements]
    apart = {f"{award.path}.credits", *(part.path for part in award.parts)}
    needed = refused(decision.outcome, answer, layout, today=today, unit=unit)
    left_out = tuple(_left_out(records, left, layout, unit) for left in layout.left_out)
    forgiven = relief(decision.outcome.concessions).forgiven
    return AwardShown(
        id=award.id,
        title=award.title,
        state=_STATES[answer.answer],
        total=Requirement(
            state=_STATES[answer.answer],
            title=award.title,
            asks="",
            says="",
            counted=_credits(counted),
            asked=award.credits,
        ),
        buckets=tuple(
            _bucket(part, findings.get(part.path), layout, records, unit) for part in award.parts
        ),
        rules=(
            *(
                _rule(finding, wallet.context_names, records, unit)
                for rule, finding in findings.items()
                if rule not in apart
            ),
            *_also_kept(also_kept(decision.outcome, layout, wallet)),
        ),
        years=tuple(
            _year(programme, year, answer.answer, forgiven=forgiven, today=today)
            for year in answer.years
        ),
        for_the_board=in_words(because(answer)) if answer.because else "",
        shortfalls=tuple(in_words(each) for each in needed),
        classes=tuple((spoken(each.id), _STATES[each.answer]) for each in answer.classes),
        not_needed=left_out,
        lost=answer.is_lost,
        near=layout.near,
    )


def _bucket(
    part: Part,
    finding: Finding | None,
    layout: Layout,
    records: Mapping[str, Record],
    unit: CreditUnit,
) -> Requirement:
    name = part.bucket.name
    inside = [records[each.record] for each in layout.placements if name in each.buckets]
    counted = _credits(inside)
    enough = finding is None or finding.counted >= finding.bound
    return Requirement(
        state="needed" if finding and not finding.met else "met" if enough else "unchosen",
        title=spoken(name).capitalize(),
        asks=asks(part.bucket, unit),
        says="",
        counted=counted,
        asked=part.minimum,
        badges=tuple(inside),
    )


def _rule(
    finding: Finding,
    context_names: Mapping[str, str],
    records: Mapping[str, Record],
    unit: CreditUnit,
) -> Requirement:
    of_contexts = finding.rule.startswith("distinct.contexts")
    said = says(finding, unit, names=context_names if of_contexts else None)
    limits = not finding.asks or finding.most is not None
    missing = "undecided" if finding.is_open else "broken" if limits else "needed"
    return Requirement(
        state="met" if finding.met else missing,
        title=heading(finding),
        asks="",
        says=in_words(said),
        badges=() if finding.met else tuple(records[each] for each in finding.behind),
    )


def _also_kept(kept: Iterable[Finding]) -> Iterable[Requirement]:
    if said := told_together(kept):
        yield Requirement(state="met", title=ALSO_KEPT, asks="", says=in_words(said))


def _year(
    programme: Programme,
    kept: YearKept,
    answer: Answer,
    *,
    forgiven: frozenset[int],
    today: date,
) -> Requirement:
    rule, year = programme.obligations, kept.year
    assert rule is not None  # years are kept where there are obligations
    said = (
        f"Joined {len(kept.joined)} ({rule.joined} asked), co-provided "
        f"{len(kept.co_provided)} ({rule.co_provided} asked)"
    )
    if kept.kept:
        state = "met"
    elif year.last >= today:
        state = "running"  # it stands against nobody, but "met" would say too much of it
    elif year.number in forgiven:
        state = "forgiven"
    else:
        state = "undecided" if answer is Answer.UNDECIDED else "missed"
    return Requirement(
        state=state,
        title=f"Year {year.number}",
        asks=f"{day(year.first)} to {day(year.last)}{paused(year)}",
        says=f"{said}; this year is still running" if state == "running" else said,
    )


def _left_out(
    records: Mapping[str, Record], left: LeftOut, layout: Layout, unit: CreditUnit
) -> Aside:
    record = records[left.record]
    reason = in_words(in_the_way(left, layout.problem, unit))
    return Aside(title=record.title, reason=reason, record=record)


def _set_aside(decision: Decision, verdict: Verdict) -> Iterable[Aside]:
    records = {record.id: record for record in decision.wallet.records}
    for each in verdict.set_aside:
        record = records[each.record]
        yield Aside(title=record.title, reason=in_words(each.reason), record=record)


def _not_records(file: "File") -> Iterable[Aside]:
    for entry in json.loads(file.case.application.not_records):
        yield Aside(title=entry["title"], reason=in_words(entry["reason"]))


def _credits(records: Iterable[Record]) -> int:
    return sum(record.credits_tenths for record in records)
