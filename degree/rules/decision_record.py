"""The decision record: everything that a decision rests on, and its proof, as JSON.

docs/decision-record.md is its definition; degree/checker.py accepts or refuses it without us.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import rfc8785

from degree.rules import checks, highs
from degree.rules.checks import Unexpected
from degree.rules.cuts import Cut
from degree.rules.deciding import decide
from degree.rules.explain import (
    Answer,
    AwardAnswer,
    Because,
    Cases,
    ClassAnswer,
    Decision,
    NamedSplit,
    Placement,
    Proof,
    Verdict,
)
from degree.rules.grammar import programme_from_json
from degree.rules.programme import Programme
from degree.rules.records import Wallet
from degree.rules.records_json import records_as_json, wallet_from_json
from vc.documents import JsonObject
from vc.errors import Malformed

FORM: Final = "learnometer-decision/2"


def decision_record(decision: Decision, *, learnometer: str) -> JsonObject:
    """The record of a decision; `learnometer` is the version of this software."""
    outcome, earned = decision.outcome, decision.outcome.earned
    best = earned.best_class if earned else None
    return {
        "form": FORM,
        "engine": {"learnometer": learnometer, "highspy": highs.version()},
        "today": decision.today.isoformat(),
        "programmes": {
            each.programme.digest: each.programme.document for each in decision.verdicts
        },
        "wallet": records_as_json(decision.wallet),
        "verdicts": [_verdict(each) for each in decision.verdicts],
        "outcome": {
            "programme": outcome.programme.digest,
            "answer": decision.answer.value,
            "award": earned.award if earned else None,
            "class": best.id if best else None,
            "hypothetical": decision.hypothetical,
        },
        "approvals": [],
    }


def written(record: Mapping[str, object]) -> bytes:
    """The bytes of a record: RFC 8785, the same on every machine."""
    return rfc8785.dumps(record)  # type: ignore[arg-type]  # it knows dict only


def digest(record: Mapping[str, object]) -> str:
    """What approvals sign: the digest of the record without them."""
    kept = {name: value for name, value in record.items() if name != "approvals"}
    return "sha256:" + hashlib.sha256(written(kept)).hexdigest()


def replayed(record: Mapping[str, object], *, learnometer: str) -> JsonObject:
    """The record of the same decision made again, with the approvals of the old one.

    Raises vc.errors.Malformed when the record lacks what a decision needs.
    """
    programmes, wallet, today = inputs(record)
    again = decision_record(decide(programmes, wallet, today=today), learnometer=learnometer)
    return {**again, "approvals": record.get("approvals", [])}


def inputs(record: Mapping[str, object]) -> tuple[Sequence[Programme], Wallet, date]:
    """The programmes, the wallet and the day in a record. Raises vc.errors.Malformed."""
    documents, today = record.get("programmes"), record.get("today")
    if record.get("form") != FORM:
        raise Malformed("form", f"A record in the form {FORM} was expected.", place="form")
    if not isinstance(documents, dict) or not documents:
        raise Malformed("programmes", "The programmes were expected here.", place="programmes")
    try:
        day = checks.day(today if isinstance(today, str) else None)
    except Unexpected as error:
        expected = error.misfits[0].expected
        sentence = f"The day of the decision was expected: {expected}."
        raise Malformed("today", sentence, place="today") from error
    programmes = [programme_from_json(document) for document in documents.values()]
    wallet = record.get("wallet")
    if not isinstance(wallet, dict):
        raise Malformed("wallet", "The records of the wallet were expected.", place="wallet")
    return programmes, wallet_from_json(wallet), day


def _verdict(verdict: Verdict) -> JsonObject:
    aside = sorted(verdict.set_aside, key=lambda each: each.record)
    return {
        "programme": verdict.programme.digest,
        "concessions": [each.id for each in verdict.concessions],
        "set_aside": [{"record": each.record, "rule": each.rule} for each in aside],
        "awards": [_award(each) for each in verdict.awards],
    }


def _award(answer: AwardAnswer) -> JsonObject:
    said: JsonObject = {"award": answer.award, "answer": answer.answer.value}
    if answer.because is not None:
        said["because"] = _because(answer.because)
        said["placements"] = _placements(answer.placements) if answer.is_placed else None
        said["proof"] = _proof(answer.proof) if answer.proof else None
    elif answer.proof is not None:
        said["proof"] = _proof(answer.proof)
    else:
        said["placements"] = _placements(answer.placements)
        if answer.classes:
            said["classes"] = [_class(each) for each in answer.classes]
    return said


def _class(answer: ClassAnswer) -> JsonObject:
    said: JsonObject = {"class": answer.id, "answer": answer.answer.value}
    if answer.proof is not None:
        said["proof"] = _proof(answer.proof)
    elif answer.answer is Answer.SATISFIED:  # were it by nothing at all
        said["placements"] = _placements(answer.placements)
    return said


def _because(because: Because) -> JsonObject:
    return {
        "years": list(because.years),
        "pending": list(because.pending),
        "search": because.search,
    }


def _placements(placements: Iterable[Placement]) -> list[JsonObject]:
    return [{"record": each.record, "buckets": list(each.buckets)} for each in placements]


def _proof(proof: Proof) -> JsonObject:
    if proof.years:
        return {"years": list(proof.years)}
    if proof.cuts:
        return {"cuts": [_cut(each) for each in proof.cuts]}
    assert proof.cases is not None  # a proof is one of the three
    return {"tree": _tree(proof.cases), "conflict": list(proof.conflict)}


def _tree(cases: Cases | Cut) -> JsonObject:
    if isinstance(cases, Cut):
        return {"cut": _cut(cases)}
    return {"split": _split(cases.split), "low": _tree(cases.low), "high": _tree(cases.high)}


def _split(split: NamedSplit) -> JsonObject:
    if split.choice:
        return {"choice": split.choice}
    return {
        "records": list(split.records),
        "in": list(split.buckets),
        "at_most": split.at_most,
    }


def _cut(cut: Cut) -> JsonObject:
    return {
        "rows": dict(cut.rows),
        "whole": cut.whole,
        "needed": cut.needed,
        "could_count": cut.could_count,
    }
