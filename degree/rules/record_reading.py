"""A decision read back from its record, to be shown; what it says is what the record says.

Only what can be worked out without deciding is worked out again: why a badge was set aside, and how
the registration years were kept.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from degree.rules.bench import Bench
from degree.rules.concessions import refusals
from degree.rules.cuts import Cut
from degree.rules.decision_record import inputs
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
from degree.rules.programme import Award, Programme
from degree.rules.records import Wallet


def read_decision(record: Mapping[str, Any]) -> Decision:
    """The decision in a record that the checker has accepted.

    Raises vc.errors.Malformed when programmes, wallet or day cannot be read.
    """
    programmes, wallet, today = inputs(record)
    by_digest = {programme.digest: programme for programme in programmes}
    verdicts = tuple(
        _verdict(written, by_digest[written["programme"]], wallet, today)
        for written in record["verdicts"]
    )
    considered = verdicts[len(by_digest) :] or verdicts
    outcome = next(
        each for each in considered if each.programme.digest == record["outcome"]["programme"]
    )
    return Decision(
        wallet=wallet,
        today=today,
        verdicts=verdicts,
        outcome=outcome,
        refused=refusals(outcome.programme, wallet, today=today),
    )


def _verdict(
    written: Mapping[str, Any], programme: Programme, wallet: Wallet, today: date
) -> Verdict:
    applied = tuple(each for each in wallet.concessions if each.id in written["concessions"])
    empty = Verdict(programme=programme, concessions=applied, awards=(), set_aside=())
    bench = Bench.of(empty, wallet, today=today)
    awards = {award.id: award for award in programme.awards}
    return replace(
        empty,
        awards=tuple(
            _with_years(_award(each), bench, awards[each["award"]]) for each in written["awards"]
        ),
        set_aside=bench.sifted.set_aside,
    )


def _with_years(answer: AwardAnswer, bench: Bench, award: Award) -> AwardAnswer:
    """A no by years shows what is missed though everything pending counts."""
    refused = answer.answer is Answer.NOT_SATISFIED
    by_years = refused and answer.proof is not None and bool(answer.proof.years)
    return replace(answer, years=bench.years(award, hoping=by_years))


def _award(written: Mapping[str, Any]) -> AwardAnswer:
    because, proof = written.get("because"), written.get("proof")
    return AwardAnswer(
        award=written["award"],
        answer=Answer(written["answer"]),
        placements=_placements(written.get("placements")),
        classes=tuple(_class(each) for each in written.get("classes", [])),
        proof=_proof(proof) if proof else None,
        because=_because(because) if because else None,
    )


def _class(written: Mapping[str, Any]) -> ClassAnswer:
    proof = written.get("proof")
    return ClassAnswer(
        id=written["class"],
        answer=Answer(written["answer"]),
        placements=_placements(written.get("placements")),
        proof=_proof(proof) if proof else None,
    )


def _because(written: Mapping[str, Any]) -> Because:
    return Because(
        years=tuple(written["years"]),
        pending=tuple(written["pending"]),
        search=written["search"],
    )


def _placements(written: list[Mapping[str, Any]] | None) -> tuple[Placement, ...]:
    return tuple(
        Placement(record=each["record"], buckets=tuple(each["buckets"])) for each in written or ()
    )


def _proof(written: Mapping[str, Any]) -> Proof:
    return Proof(
        cuts=tuple(_cut(each) for each in written.get("cuts", [])),
        cases=_tree(written["tree"]) if "tree" in written else None,
        conflict=tuple(written.get("conflict", [])),
        years=tuple(written.get("years", [])),
    )


def _tree(written: Mapping[str, Any]) -> Cases | Cut:
    if "cut" in written:
        return _cut(written["cut"])
    split = written["split"]
    return Cases(
        split=NamedSplit(
            records=tuple(split.get("records", [])),
            buckets=tuple(split.get("in", [])),
            at_most=split.get("at_most", 0),
            choice=split.get("choice", ""),
        ),
        low=_tree(written["low"]),
        high=_tree(written["high"]),
    )


def _cut(written: Mapping[str, Any]) -> Cut:
    return Cut(
        rows=dict(written["rows"]),
        whole=written["whole"],
        needed=written["needed"],
        could_count=written["could_count"],
    )
