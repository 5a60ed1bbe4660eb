"""The documented JSON of records, so that the engine runs without credentials.

    {"form": "learnometer-records/1",
     "holder": "did:key:z6Mk…", "name": "A. Member", "registered": "2023-09-01",
     "pathway": "digital",
     "interruptions": [{"first": "2024-09-01", "last": "2025-02-28"}],
     "records": [{"id": "urn:uuid:…", "title": "Action research", "issuer": "did:web:…",
                  "credits": 10, "level": 7, "status": "valid",
                  "activity_start": "2024-01-10", "activity_end": "2024-03-20",
                  "issued": "2024-03-28", "mark": 67.5,
                  "judges": ["did:key:z6Mk…", {"id": "did:key:…", "level": 7, "relation": "…"}],
                  …}],
     "attestations": {"viva": {"value": "yes", "by": "Dr E. Examiner", "on": "2026-10-01"}},
     "concessions": [{"id": "c1", "action": "waive", "path": "distinct.circles",
                      "date": "2026-09-30", …}]}

What may be left out is all but form, holder, registered and records, and of a record the judges and
the fields of OPTIONAL. Beside these, `context_names` gives contexts names by code; any other key is
a fault. A record says `credits` (UK, at most one decimal) or
`ects` instead. Status, role and the meaning of every field are those of records.Record;
cases_json.py reads what people say of the case.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from degree.rules import checks
from degree.rules.cases_json import attestations, case_as_json, concessions
from degree.rules.checks import Check, Misfit
from degree.rules.exact import UK_CREDITS, CreditUnit, credits_text
from degree.rules.faults import Faults
from degree.rules.json_values import read_json, read_object
from degree.rules.reading import Reader
from degree.rules.records import Interruption, Judge, Record, Role, Status, Wallet
from degree.rules.shapes import Facts, listed, mapping, once, set_of
from degree.rules.values import Written
from vc.documents import JsonObject

FORM: Final = "learnometer-records/1"
LARGEST: Final = 4_194_304  # bytes; 500 records with a dozen judges each have about 1,000,000
MOST_NODES: Final = 100_000  # values; those 500 records have about 30,000
TEXTS: Final = ("code", "kind", "activity", "circle", "used_in", "digest")
REQUIRED: Final[Mapping[str, Check[object]]] = {
    **dict.fromkeys(("id", "title", "issuer"), checks.text),
    "level": partial(checks.whole, least=1, most=checks.HIGHEST_LEVEL),
    **dict.fromkeys(("activity_start", "activity_end", "issued"), checks.day),
    "status": checks.member(Status),
}
OPTIONAL: Final[Mapping[str, Check[object]]] = {  # beside the judges
    "credits": checks.credit,
    "ects": partial(checks.credit, unit=UK_CREDITS[CreditUnit.ECTS]),
    "role": checks.member(Role),
    "mark": checks.mark,
    **dict.fromkeys(("rpl", "first_attempt", "hypothetical"), checks.truth),
    **dict.fromkeys(("tags", "contexts", "co_participants"), set_of(checks.text)),
    **dict.fromkeys(TEXTS, checks.text),
}


def read_records(source: bytes | str) -> Wallet:
    """The wallet in `source`. Raises Malformed, or its kind Faulty with every fault by path."""
    faults = Faults("records")
    return _wallet(read_json(source, faults=faults, largest=LARGEST, most_nodes=MOST_NODES))


def wallet_from_json(document: Mapping[str, object]) -> Wallet:
    """The wallet in the JSON object `document`. Raises as read_records does."""
    return _wallet(read_object(document, faults=Faults("records")))


def records_as_json(wallet: Wallet) -> JsonObject:
    """The wallet in the documented form; `wallet_from_json` gives the same wallet back."""
    return {
        "form": FORM,
        "holder": wallet.holder,
        **({"name": wallet.name} if wallet.name else {}),
        **({"context_names": dict(wallet.context_names)} if wallet.context_names else {}),
        "registered": wallet.registered.isoformat(),
        **({"pathway": wallet.pathway} if wallet.pathway else {}),
        "interruptions": [
            {"first": pause.first.isoformat(), "last": pause.last.isoformat()}
            for pause in wallet.interruptions
        ],
        "records": [_record_as_json(record) for record in wallet.records],
        **case_as_json(wallet),
    }


def expect_readable(record: Record) -> None:
    """Raise Faulty for a record that this JSON could not carry, such as one of the year 9999."""
    faults = Faults("record")
    read_object(_record_as_json(record), faults=faults).read(_record(_judge), otherwise=None)
    faults.refuse_any()


def _record_as_json(record: Record) -> JsonObject:
    return {
        "id": record.id,
        "title": record.title,
        "issuer": record.issuer,
        "credits": _tenths_as_json(record.credits_tenths),
        "level": record.level,
        "activity_start": record.activity_start.isoformat(),
        "activity_end": record.activity_end.isoformat(),
        "issued": record.issued.isoformat(),
        "status": record.status.value,
        "role": record.role.value,
        "rpl": record.rpl,
        "tags": sorted(record.tags),
        "contexts": sorted(record.contexts),
        "judges": [_judge_as_json(judge) for judge in record.judges],
        **({"mark": _tenths_as_json(record.mark)} if record.mark is not None else {}),
        **({} if record.first_attempt else {"first_attempt": False}),
        **({"hypothetical": True} if record.hypothetical else {}),
        **({"co_participants": sorted(record.co_participants)} if record.co_participants else {}),
        **{name: getattr(record, name) for name in TEXTS if getattr(record, name)},
    }


def _tenths_as_json(amount: int) -> int | float:
    written = credits_text(amount)
    return float(written) if "." in written else int(written)


def _judge_as_json(judge: Judge) -> str | JsonObject:
    known = {
        **({"level": judge.level} if judge.level else {}),
        **({"relation": judge.relation} if judge.relation else {}),
    }
    return {"id": judge.id, **known} if known else judge.id


def _wallet(root: Reader) -> Wallet:
    keys = root.keys(
        required=("form", "holder", "registered", "records"),
        optional=(
            *("name", "pathway", "interruptions", "context_names"),
            *("attestations", "concessions"),
        ),
    )
    keys.read("form", lambda form: form.choice((FORM,)), otherwise=FORM)
    contexts = keys.read("context_names", Reader.entries, otherwise=[])
    facts: dict[str, Any] = {
        "holder": keys.read("holder", Reader.text, otherwise=""),
        "registered": keys.read("registered", Reader.day, otherwise=date.min),
        "records": keys.read("records", _records, otherwise=()),
        "interruptions": keys.read("interruptions", _interruptions, otherwise=()),
        "name": keys.read("name", Reader.text, otherwise=""),
        "context_names": {code: text.text() for code, text in contexts},
        "pathway": keys.read("pathway", Reader.text, otherwise=""),
        "attestations": attestations(keys.get("attestations")),
        "concessions": concessions(keys.get("concessions")),
    }
    root.faults.refuse_any()
    return Wallet(**facts)


def _records(place: Reader) -> tuple[Record, ...]:
    judge = once(_judge)  # the same people judge most badges of a wallet
    return place.read(listed(_record(judge)), otherwise=())


def _record(judge: Check[Judge]) -> Check[Record]:
    """The check of a record, whose judges are read by `judge`."""
    facts_of = mapping(
        required=REQUIRED,
        optional={**OPTIONAL, "judges": listed(judge)},
        together=_misfits_of_record,
    )

    def read(value: Written) -> Record:
        facts = facts_of(value)
        facts["credits_tenths"] = facts.pop("credits" if "credits" in facts else "ects")
        return Record(**facts)

    return read


def _misfits_of_record(written: Mapping[str, Written], facts: Facts) -> Iterator[Misfit]:
    if ("credits" in written) is ("ects" in written):
        found = "both" if "ects" in written else "neither"
        yield Misfit("credits, or ects instead", found)
    start = facts.get("activity_start", date.min)
    if facts.get("activity_end", date.max) < start:
        yield Misfit(f"a day not before the start, {start}", way=("activity_end",))


def _judge(value: Written) -> Judge:
    return Judge(**_JUDGE(value)) if isinstance(value, dict) else Judge(checks.text(value))


def _interruptions(place: Reader) -> tuple[Interruption, ...]:
    return place.read(listed(_interruption), otherwise=())


def _interruption(value: Written) -> Interruption:
    return Interruption(**_INTERRUPTION(value))


def _misfits_of_interruption(_: Mapping[str, Written], facts: Facts) -> Iterator[Misfit]:
    first = facts.get("first", date.min)
    if facts.get("last", date.max) < first:
        yield Misfit(f"a day not before the first, {first}", way=("last",))


_JUDGE: Final = mapping(
    required={"id": checks.text},
    optional={
        "level": partial(checks.whole, most=checks.HIGHEST_LEVEL),
        "relation": checks.text,
    },
)
_INTERRUPTION: Final = mapping(
    required={"first": checks.day, "last": checks.day},
    optional={},
    together=_misfits_of_interruption,
)
