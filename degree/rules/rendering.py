"""The decision for machines (JSON) and for a terminal (text). It adds nothing and leaves nothing
out; pages render the same values."""

from collections.abc import Iterable
from typing import Final

from degree.rules.exact import credits_text
from degree.rules.explain import Answer, AwardOutcome, Decision, Finding, Shortfall
from degree.rules.gate import SetAside
from degree.rules.records import Record, Wallet
from degree.rules.requirements import spoken
from vc.documents import JsonObject

FORM: Final = "learnometer-decision/1"

_ANSWERS: Final = {
    Answer.SATISFIED: "satisfied",
    Answer.NOT_SATISFIED: "not satisfied",
    Answer.UNDECIDED: "undecided, for the board",
}
_SIGNS: Final = {True: "yes", False: "no ", None: "?  "}


def decision_as_json(decision: Decision) -> JsonObject:
    """The whole decision. Amounts of credit are in tenths of a UK credit, as the names say."""
    return {
        "form": FORM,
        "programme": {
            "id": decision.programme,
            "title": decision.programme_title,
            "version": decision.version,
            "digest": decision.digest,
        },
        "holder": decision.holder,
        "name": decision.name,
        "today": decision.today.isoformat(),
        "answer": decision.answer.value,
        "earned": decision.earned.award if decision.earned else None,
        "referred": [outcome.award for outcome in decision.referred],
        "awards": [_award(outcome) for outcome in decision.awards],
        "set_aside": [_set_aside(aside) for aside in decision.set_aside],
    }


def _award(outcome: AwardOutcome) -> JsonObject:
    return {
        "award": outcome.award,
        "title": outcome.title,
        "answer": outcome.answer.value,
        "summary": outcome.summary,
        "findings": [_finding(finding) for finding in outcome.findings],
        "placements": [
            {"record": placement.record, "bucket": placement.bucket}
            for placement in outcome.placements
        ],
        "shortfalls": [_shortfall(shortfall) for shortfall in outcome.shortfalls],
        "conflict": list(outcome.conflict),
        "set_aside": [_set_aside(aside) for aside in outcome.set_aside],
    }


def _finding(finding: Finding) -> JsonObject:
    return {
        "rule": finding.rule,
        "met": finding.met,
        "reason": finding.reason,
        "used": list(finding.used),
    }


def _shortfall(shortfall: Shortfall) -> JsonObject:
    return {
        "requirements": list(shortfall.requirements),
        "needed_tenths": shortfall.needed,
        "could_count_tenths": shortfall.could_count,
        "at_least_tenths": shortfall.at_least,
        "candidates": list(shortfall.candidates),
        "limits": list(shortfall.limits),
        "sentence": shortfall.sentence,
    }


def _set_aside(aside: SetAside) -> JsonObject:
    return {"record": aside.record, "rule": aside.rule, "reason": aside.reason}


def decision_as_text(decision: Decision, wallet: Wallet) -> str:
    """The decision for a terminal; `wallet` gives the records their titles."""
    records = {record.id: record for record in wallet.records}
    lines = [
        f"{decision.programme_title}, version {decision.version}, on {decision.today}",
        f"Holder: {decision.name or decision.holder}",
        _verdict(decision),
    ]
    for outcome in decision.awards:
        lines += ["", *_award_lines(outcome, records)]
    if decision.set_aside:
        lines += ["", "Never counted:", *_aside_lines(decision.set_aside, records)]
    return "\n".join(lines) + "\n"


def _verdict(decision: Decision) -> str:
    earned = f"Earned: {decision.earned.title}." if decision.earned else "No award is earned yet."
    referred = ", ".join(outcome.title for outcome in decision.referred)
    return f"{earned} For the board to decide: {referred}." if referred else earned


def _award_lines(outcome: AwardOutcome, records: dict[str, Record]) -> Iterable[str]:
    yield f"{outcome.title} ({outcome.award}): {_ANSWERS[outcome.answer]}"
    for shortfall in outcome.shortfalls:
        yield f"  Still needed: {shortfall.sentence}"
    for finding in outcome.findings:
        yield f"  {_SIGNS[finding.met]}  {finding.rule}: {finding.reason}"
    placed: dict[str, list[str]] = {}
    for placement in outcome.placements:
        placed.setdefault(placement.bucket, []).append(placement.record)
    if placed:
        yield "  What fills what:" if outcome.answer is Answer.SATISFIED else "  Filled so far:"
    for bucket, identifiers in placed.items():
        yield f"    {spoken(bucket)}"
        yield from (f"      {_named(records[identifier])}" for identifier in identifiers)
    if outcome.set_aside:
        yield "  Not counted here:"
        yield from _aside_lines(outcome.set_aside, records)


def _aside_lines(aside: Iterable[SetAside], records: dict[str, Record]) -> Iterable[str]:
    return [f"    {_named(records[kept.record])}: {kept.reason}" for kept in aside]


def _named(record: Record) -> str:
    prior = ", prior learning" if record.rpl else ""
    credits_ = credits_text(record.credits_tenths)
    return f"{record.title} ({credits_} credits, level {record.level}{prior})"
