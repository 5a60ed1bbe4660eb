"""The decision for a terminal. It adds nothing to the values and leaves nothing out."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from degree.rules.also_kept import also_kept
from degree.rules.exact import credits_text
from degree.rules.explain import Answer, AwardAnswer, Decision, Verdict
from degree.rules.gate import SetAside
from degree.rules.laying_out import Finding, Layout, laid_out
from degree.rules.programme import Programme
from degree.rules.records import Record, Wallet
from degree.rules.rows import Counts
from degree.rules.saying import because, heading, none_on, paused, says, spoken
from degree.rules.saying_kept import ALSO_KEPT, told_together
from degree.rules.saying_left_out import in_the_way
from degree.rules.saying_no import refused

_ANSWERS: Final = {
    Answer.SATISFIED: "satisfied",
    Answer.NOT_SATISFIED: "not satisfied",
    Answer.UNDECIDED: "undecided, for the board",
}
_SIGNS: Final = {True: "yes", False: "no "}
_OPEN: Final = "..."  # neither yet


def decision_as_text(decision: Decision) -> str:
    """The whole decision, the verdict that decides first."""
    outcome = decision.outcome
    lines = [
        f"{outcome.programme.title}, version {outcome.programme.version}, on {decision.today}",
        f"Holder: {decision.wallet.name or decision.wallet.holder}",
        _headline(decision),
    ]
    if decision.hypothetical:
        lines.append("Some badges are hypothetical: this only asks what would be.")
    lines += _verdict_lines(decision, outcome)
    for other in decision.verdicts:
        if other is not outcome:
            lines += ["", *_other_lines(other, decision.wallet.pathway)]
    return "\n".join(lines) + "\n"


def _headline(decision: Decision) -> str:
    awards = {award.id: award for award in decision.outcome.programme.awards}
    earned = decision.outcome.earned
    said = "No award is earned yet."
    if not decision.outcome.awards:
        said = none_on(decision.wallet.pathway)
    if earned:
        best = earned.best_class
        said = f"Earned: {awards[earned.award].title}{f', {spoken(best.id)}' if best else ''}."
        if earned.award != decision.outcome.programme.awards[-1].id:
            said += " Lower awards were not tried."
    titles = [awards[each.award].title for each in decision.outcome.referred]
    classes = earned.classes if earned else ()
    titles += [spoken(each.id) for each in classes if each.answer is Answer.UNDECIDED]
    referred = ", ".join(titles)
    return f"{said} For the board to decide: {referred}." if referred else said


def _verdict_lines(decision: Decision, verdict: Verdict) -> Iterable[str]:
    records = {record.id: record for record in decision.wallet.records}
    if verdict.concessions:
        yield f"With concessions: {', '.join(each.id for each in verdict.concessions)}."
    for each, why in decision.refused.items():
        yield f"The concession {each} does not apply: {why}."
    for answer in verdict.awards:
        layout = laid_out(verdict, answer, decision.wallet, today=decision.today)
        yield ""
        yield from _award_lines(verdict, answer, layout, decision.wallet, today=decision.today)
    if verdict.set_aside:
        yield ""
        yield "Never counted:"
        yield from _aside_lines(verdict.set_aside, records)


def _other_lines(verdict: Verdict, pathway: str) -> Iterable[str]:
    kind = "with concessions" if verdict.concessions else "without concessions"
    yield f"By version {verdict.programme.version}, {kind}:"
    for answer in verdict.awards:
        yield f"  {answer.award}: {_ANSWERS[answer.answer]}"
    if not verdict.awards:
        yield f"  {none_on(pathway)}"


def _award_lines(
    verdict: Verdict,
    answer: AwardAnswer,
    layout: Layout,
    wallet: Wallet,
    *,
    today: date,
) -> Iterable[str]:
    records = {record.id: record for record in wallet.records}
    yield f"{layout.award.title} ({layout.award.id}): {_ANSWERS[answer.answer]}"
    if answer.because is not None:
        yield f"  {because(answer)}"
    label = "No longer possible" if answer.is_lost else "Why not"
    needed = refused(verdict, answer, layout, today=today)
    yield from (f"  {label}: {each}" for each in needed)
    for each in answer.classes:
        yield f"  {spoken(each.id)}: {_ANSWERS[each.answer]}"
    if not answer.is_lost:  # what is short besides could be taken for a way there
        yield from _finding_lines(layout, records)
        if kept := told_together(also_kept(verdict, layout, wallet)):
            yield f"  {_SIGNS[True]}  {ALSO_KEPT}: {kept}"
    yield from _year_lines(verdict.programme, answer, today=today)
    if not answer.is_lost:
        yield from _filled_lines(layout, records)


def _finding_lines(layout: Layout, records: Mapping[str, Record]) -> Iterable[str]:
    """One for each rule, those that are broken first."""
    for finding in sorted(layout.findings, key=lambda finding: finding.met):
        now = ", as the badges are placed now" if _could_move(finding, layout) else ""
        sign = _OPEN if finding.is_open else _SIGNS[finding.met]
        yield f"  {sign}  {heading(finding)}: {says(finding)}{now}"
        if not finding.met:
            yield from (f"         {_named(records[each])}" for each in finding.behind)


def _could_move(finding: Finding, layout: Layout) -> bool:
    """Whether what is missing may only be missing in the placing that is shown."""
    amount = finding.asks and finding.counts is Counts.CREDITS
    return amount and not finding.met and not layout.filled and not layout.near


def _year_lines(programme: Programme, answer: AwardAnswer, *, today: date) -> Iterable[str]:
    rule = programme.obligations
    for each in answer.years:
        assert rule is not None  # years are kept where there are obligations
        year, runs = each.year, not each.kept and each.year.last >= today
        yield (
            f"  {_OPEN if runs else _SIGNS[each.kept]}  Year {year.number}, {year.first} to "
            f"{year.last}{paused(year)}: joined {len(each.joined)} ({rule.joined} asked), "
            f"co-provided {len(each.co_provided)} ({rule.co_provided} asked)"
            f"{', so far' if runs else ''}"
        )


def _filled_lines(layout: Layout, records: Mapping[str, Record]) -> Iterable[str]:
    if layout.placements:
        yield "  What fills what:" if layout.filled else "  Filled so far:"
    for name in layout.award.bucket_names:
        inside = [each for each in layout.placements if name in each.buckets]
        if inside:
            yield f"    {spoken(name)}"
        for each in inside:
            twice = " (shared)" if len(each.buckets) > 1 else ""
            yield f"      {_named(records[each.record])}{twice}"
    if layout.left_out:
        yield "  Not counted here:"
    for left in layout.left_out:
        yield f"    {_named(records[left.record])}: {in_the_way(left, layout.problem)}"


def _aside_lines(aside: Iterable[SetAside], records: Mapping[str, Record]) -> Iterable[str]:
    return [f"    {_named(records[kept.record])}: {kept.reason}" for kept in aside]


def _named(record: Record) -> str:
    prior = ", prior learning" if record.rpl else ""
    mark = "" if record.mark is None else f", mark {credits_text(record.mark)}"
    credits_ = credits_text(record.credits_tenths)
    return f"{record.title} ({credits_} credits, level {record.level}{prior}{mark})"
