"""What decision records say, in the terms of the judges of the degree engine."""

from collections.abc import Mapping, Sequence
from datetime import date

from degree_highs import can_be_earned
from degree_judging import AwardAnswer, OracleAnswer, Verdict
from degree_reading import Json


def answer_of(record: Json, programmes: Sequence[Json]) -> OracleAnswer:
    """The answer in a decision record, without proofs and placements."""
    days = [programme["ruleset"]["in_force_from"] for programme in programmes]
    version = {
        digest: days.index(programme["ruleset"]["in_force_from"])
        for digest, programme in record["programmes"].items()
    }
    outcome = record["outcome"]
    return OracleAnswer(
        verdicts=tuple(_verdict(verdict, version) for verdict in record["verdicts"]),
        version=version[outcome["programme"]],
        answer=outcome["answer"],
        award=outcome["award"],
        class_=outcome["class"],
        hypothetical=outcome["hypothetical"],
    )


def _verdict(verdict: Json, version: Mapping[str, int]) -> Verdict:
    return Verdict(
        version=version[verdict["programme"]],
        concessions=frozenset(verdict["concessions"]),
        set_aside={aside["record"]: aside["rule"] for aside in verdict["set_aside"]},
        awards=tuple(_award(award) for award in verdict["awards"]),
    )


def _award(award: Json) -> AwardAnswer:
    because = award.get("because", {"years": [], "pending": [], "search": False})
    assert not because["search"], "the search reached its limit"
    return AwardAnswer(
        award=award["award"],
        answer=award["answer"],
        years=tuple(because["years"]),
        pending=frozenset(because["pending"]),
        classes=tuple((some["class"], some["answer"]) for some in award.get("classes", ())),
    )


def in_order(answer: OracleAnswer) -> OracleAnswer:
    """The answer with its verdicts in one order, which has no meaning."""
    verdicts = sorted(answer.verdicts, key=lambda v: (v.version, sorted(v.concessions), repr(v)))
    return OracleAnswer(
        verdicts=tuple(verdicts),
        version=answer.version,
        answer=answer.answer,
        award=answer.award,
        class_=answer.class_,
        hypothetical=answer.hypothetical,
    )


def placed_well(record: Json, verdict: Json) -> bool:
    """Whether every placing that is named keeps all rules."""
    claims = [
        (award["award"], claim)
        for award in verdict["awards"]
        for claim in (award, *award.get("classes", ()))
        if claim.get("placements") is not None
    ]
    return all(
        can_be_earned(
            record["programmes"][verdict["programme"]],
            record["wallet"],
            award,
            class_=claim.get("class"),
            today=date.fromisoformat(record["today"]),
            pending=claim["answer"] == "undecided" and bool(claim["because"]["pending"]),
            concessions=bool(verdict["concessions"]),
            placings={placed["record"]: placed["buckets"] for placed in claim["placements"]},
        )
        for award, claim in claims
    )
