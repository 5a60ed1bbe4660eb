"""Records, wallets and programme files for the tests of the degree rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from degree.rules.bench import Bench
from degree.rules.case import Case
from degree.rules.deciding import decide
from degree.rules.explain import Decision
from degree.rules.grammar import read_programme
from degree.rules.posing import problem_for
from degree.rules.programme import Programme
from degree.rules.records import Action, Concession, Interruption, Judge, Record, Status, Wallet
from degree.rules.rows import Problem, Row

ISSUER = "did:web:localhost%3A8000:issuer:learnometer"
HOLDER = "did:key:zHolder"
TODAY = date(2026, 11, 22)
REGISTERED = date(2023, 9, 1)
JUDGES = tuple(f"did:key:zJudge{number}" for number in range(12))
PROGRAMMES = Path(__file__).parents[1] / "degree" / "programmes"


def record(name: str, credits_: float = 10, **changes: Any) -> Record:
    """A good level 7 badge with two judges, earned in the first registration year.

    A judge may be given by name alone.
    """
    facts: dict[str, Any] = {
        "id": name,
        "title": name.capitalize(),
        "issuer": ISSUER,
        "credits_tenths": round(credits_ * 10),
        "level": 7,
        "activity_start": date(2024, 1, 10),
        "activity_end": date(2024, 3, 20),
        "issued": date(2024, 3, 28),
        "status": Status.VALID,
        "judges": JUDGES[:2],
    }
    facts.update(changes)
    if "activity_start" not in changes:
        facts["activity_start"] = min(facts["activity_start"], facts["activity_end"])
    for names in ("tags", "contexts", "co_participants"):
        facts[names] = frozenset(facts.get(names, ()))
    facts["judges"] = tuple(
        Judge(each) if isinstance(each, str) else each for each in facts["judges"]
    )
    return Record(**facts)


def wallet(records: Iterable[Record], **changes: Any) -> Wallet:
    facts: dict[str, Any] = {"holder": HOLDER, "registered": REGISTERED, "records": tuple(records)}
    facts.update(changes)
    return Wallet(**facts)


def interruption(first: date, last: date) -> Interruption:
    return Interruption(first=first, last=last)


def granted(action: str, **facts: Any) -> Concession:
    """A concession that says all that a programme may require."""
    said = {"authority": "Board", "rationale": "Ill.", "clause_ref": "E1"}
    facts = {"id": "c1", "granted": date(2026, 9, 30), "said": said} | facts
    if "to" in facts:
        facts["to"] = Fraction(str(facts["to"]))
    return Concession(action=Action(action), **facts)


def outline(
    *,
    awards: list[dict[str, Any]],
    buckets: Mapping[str, dict[str, Any]],
    **clauses: Any,
) -> dict[str, Any]:
    """A small programme as the file's mapping: trusts ISSUER, asks for no endorsements."""
    return {
        "programme": "A small programme",
        "ruleset": {"id": "small", "version": "1", "in_force_from": date(2020, 1, 1)},
        "trust_lists": {"ours": [ISSUER]},
        "awards": awards,
        "evidence_gate": {
            "issuer_in": "trust_list@ours",
            "status": ["proof_valid", "not_revoked", "not_expired"],
            "endorsements": {"min": 0},
        },
        "buckets": dict(buckets),
        **clauses,
    }


class _Plain(yaml.SafeDumper):
    """Writes equal values twice instead of as aliases, which programmes do not use."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(facts: dict[str, Any]) -> bytes:
    return yaml.dump(facts, Dumper=_Plain, sort_keys=False).encode()


def programme(**facts: Any) -> Programme:
    return read_programme(written(outline(**facts)))


def learnometer_msc() -> Programme:
    return read_programme((PROGRAMMES / "learnometer-msc.yaml").read_bytes())


def decided(
    rules: Programme | list[Programme],
    records: Iterable[Record],
    *,
    today: date = TODAY,
    **facts: Any,
) -> Decision:
    """The decision by these versions."""
    versions = rules if isinstance(rules, list) else [rules]
    return decide(versions, wallet(records, **facts), today=today)


def case(
    rules: Programme, records: Iterable[Record], *, hoping: bool = False, **facts: Any
) -> Case:
    """The records before the programme today; every concession among the facts applies."""
    presented = wallet(records, **facts)
    return Bench(rules, presented, presented.concessions, TODAY).case(hoping=hoping)


def posed(rules: Programme, records: Iterable[Record], **facts: Any) -> Problem:
    """The question of the first award over these records."""
    return problem_for(case(rules, records, **facts), rules.awards[0])


def asked(
    needs: dict[str, float],
    records: list[Record],
    *,
    credits_: float = 0,
    buckets: dict[str, Any] | None = None,
    award: dict[str, Any] | None = None,
    **clauses: Any,
) -> Problem:
    """The question of one award, with a bucket for each tag that it needs."""
    listed = {name: {"min": 0, "where": {"tag": name}} for name in needs}
    for name, more in (buckets or {}).items():
        listed[name] = listed[name] | more
    awards = [{"id": "X", "credits": credits_, "buckets": needs, **(award or {})}]
    return posed(programme(awards=awards, buckets=listed, **clauses), records)


def lines(problem: Problem) -> dict[str, str]:
    """Each row by its name, such as `100 x@a + 50 y - 40 [the choice] >= 0`.

    A record stands once for all its options where they weigh the same, otherwise with the buckets
    of each.
    """
    assert len({row.name for row in problem.rows}) == len(problem.rows)
    return {row.name: line(problem, row) for row in problem.rows}


def line(problem: Problem, row: Row) -> str:
    weights: list[tuple[int, str]] = []
    for number, record in enumerate(problem.records):
        options = problem.options[number]
        each = [row.of(number, option) for option in options]
        if len(set(each)) == 1 and each[0]:
            weights.append((each[0], record.id))
        elif len(set(each)) > 1:
            weights += [
                (weight, f"{record.id}@{option_name(problem, option)}")
                for weight, option in zip(each, options, strict=True)
                if weight
            ]
    weights += [(weight, f"[{problem.choices[each]}]") for each, weight in row.choices.items()]
    left = "".join(f" {'-' if n < 0 else '+'} {abs(n)} {what}" for n, what in weights)
    left = left.removeprefix(" + ").lstrip() or "0"
    return f"{left} {'>=' if row.asks else '<='} {row.bound}"


def option_name(problem: Problem, option: tuple[int, ...]) -> str:
    return "+".join(problem.award.parts[bucket].bucket.name for bucket in option)
