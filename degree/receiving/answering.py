"""What the process for strangers does with its question: read, decide, check, lay out; or draw."""

import copy
import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

from degree.checker import objections
from degree.receiving.dossier import Drawing
from degree.receiving.judged import Answer, Judged, Question, Refusal, Rules
from degree.receiving.values import as_json, from_json
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, digest, written
from degree.rules.explain import Verdict
from degree.rules.faults import Faulty
from degree.rules.grammar import programme_from_json, read_programme
from degree.rules.linting import lint
from degree.rules.programme import Programme
from degree.rules.records import Record, Status
from degree.rules.records_json import read_records
from degree.statement import stated
from vc.errors import Conflict, Refused
from vc.model import instant


def answer(question: bytes) -> bytes:
    """The answer to a question, both as JSON of their dataclasses; the PDF of a drawing."""
    asked = json.loads(question)
    if "dossier" in asked:
        return _drawn(from_json(Drawing, asked))
    found = answered(from_json(Question, asked))
    return json.dumps(as_json(found), ensure_ascii=False).encode()


def answered(question: Question) -> Answer:
    """What the programme says of the wallet, or what is wrong with it."""
    sources = [source.encode() for source in question.sources]
    try:
        handed = [read_programme(source) for source in sources]
        judged = _judged(question, handed) if question.wallet else None
        linted = sources if question.with_remarks else []
        return Answer(judged=judged, remarks=tuple(chain.from_iterable(map(lint, linted))))
    except Faulty as error:
        return Answer(faults=error.faults)
    except Refused as error:
        kind = type(error).__name__
        refusal = Refusal(kind=kind, code=error.code, sentence=error.sentence, place=error.place)
        return Answer(refusal=refusal)


def _drawn(drawing: Drawing) -> bytes:
    from degree.receiving.printed import printed  # which takes as long to load as all the rest

    return printed(
        drawing.dossier,
        software=drawing.software,
        author=drawing.author,
        when=instant(drawing.when, place="when"),
    )


def _judged(question: Question, handed: Iterable[Programme]) -> Judged:
    handed_digests = {}
    applied = []
    for each in handed:
        applied.append(_trusting(each, question.trusting))
        handed_digests[applied[-1].digest] = each.digest
    decision = decide(applied, read_records(question.wallet), today=question.today)
    record = decision_record(decision, learnometer=question.software)
    # The checker knows nothing of how the decision was found; what it refuses is not shown.
    if against := objections(record):
        raise Conflict("objection", f"The checker refuses this decision: {against[0]}")
    programme = decision.outcome.programme
    untrusted = _untrusted(decision.outcome, decision.wallet.records)
    held = {each.issuer for each in decision.wallet.records if each.status is Status.VALID}
    return Judged(
        rules=_rules(programme, handed_digest=handed_digests[programme.digest]),
        record=written(record).decode(),
        digest=digest(record),
        statement=stated(decision, programme),
        untrusted=tuple(sorted(untrusted)),
        trusts_some=bool(held - untrusted),
    )


def _trusting(programme: Programme, issuers: tuple[str, ...]) -> Programme:
    """The programme with more issuers on its trust list: another one, with another digest."""
    if not issuers:
        return programme
    document: dict[str, Any] = copy.deepcopy(dict(programme.document))
    document["trust_lists"][programme.gate.trust_list] += issuers
    return programme_from_json(document)


def _untrusted(verdict: Verdict, records: Iterable[Record]) -> frozenset[str]:
    rule = f"{verdict.programme.gate.path}.issuer_in"
    aside = {each.record for each in verdict.set_aside if each.rule == rule}
    return frozenset(
        each.issuer for each in records if each.id in aside and each.status is Status.VALID
    )


def _rules(programme: Programme, *, handed_digest: str) -> Rules:
    return Rules(
        title=programme.title,
        id=programme.id,
        version=programme.version,
        in_force_from=programme.in_force_from,
        source=programme.source,
        digest=programme.digest,
        handed_digest=handed_digest,
        trust_list=programme.gate.trust_list,
    )
