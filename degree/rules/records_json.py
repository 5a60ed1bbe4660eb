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

All but form, holder, registered and records, and in a record the fields of OPTIONAL, may be left
out; any other key is a fault. A record says `credits` (UK, at most one decimal) or `ects` instead.
Status, role and the meaning of every field are those of records.Record; cases_json.py reads what
people say of the case.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from degree.rules.cases_json import attestations, case_as_json, concessions
from degree.rules.exact import UK_CREDITS, CreditUnit, credits_text
from degree.rules.faults import Faults
from degree.rules.json_values import read_json, read_object
from degree.rules.reading import Keys, Reader
from degree.rules.records import Interruption, Judge, Record, Role, Status, Wallet
from vc.documents import JsonObject

FORM: Final = "learnometer-records/1"
LARGEST: Final = 4_194_304  # bytes; 500 records with a dozen judges each have about 1,000,000
MOST_NODES: Final = 100_000  # values; those 500 records have about 30,000
REQUIRED: Final = (
    *("id", "title", "issuer", "level"),
    *("activity_start", "activity_end", "issued", "status"),
)
TEXTS: Final = ("code", "kind", "activity", "circle", "used_in", "digest")
LISTS: Final = ("tags", "contexts", "co_participants")
OPTIONAL: Final = (
    *("credits", "ects", "role", "rpl", "judges", "mark", "first_attempt", "hypothetical"),
    *(*TEXTS, *LISTS),
)


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
    _record(read_object(_record_as_json(record), faults=faults))
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
    root.faults.refuse_any()
    keys["form"].choice((FORM,))
    breaks = keys.read("interruptions", Reader.elements, otherwise=[])
    contexts = keys.read("context_names", Reader.entries, otherwise=[])
    facts: dict[str, Any] = {
        "holder": keys["holder"].text(),
        "registered": keys["registered"].day(),
        "records": tuple(_record(element) for element in keys["records"].elements()),
        "interruptions": tuple(_interruption(element) for element in breaks),
        "name": keys.read("name", Reader.text, otherwise=""),
        "context_names": {code: text.text() for code, text in contexts},
        "pathway": keys.read("pathway", Reader.text, otherwise=""),
        "attestations": attestations(keys.get("attestations")),
        "concessions": concessions(keys.get("concessions")),
    }
    root.faults.refuse_any()
    return Wallet(**facts)


def _record(place: Reader) -> Record:
    keys = place.keys(required=REQUIRED, optional=OPTIONAL)
    start = keys.read("activity_start", Reader.day, otherwise=date.min)
    end = keys.read("activity_end", Reader.day, otherwise=date.max)
    if end < start:
        keys["activity_end"].fault(f"a day not before the start, {start}")
    texts: dict[str, Any] = {name: keys[name].text() for name in TEXTS if name in keys}
    lists: dict[str, Any] = {name: frozenset(_texts(keys[name])) for name in LISTS if name in keys}
    return Record(
        id=keys.read("id", Reader.text, otherwise=""),
        title=keys.read("title", Reader.text, otherwise=""),
        issuer=keys.read("issuer", Reader.text, otherwise=""),
        credits_tenths=_credits(place, keys),
        level=keys.read("level", Reader.whole, otherwise=0),
        activity_start=start,
        activity_end=end,
        issued=keys.read("issued", Reader.day, otherwise=date.min),
        status=keys.read("status", lambda each: each.member(Status), otherwise=Status.UNKNOWN),
        role=keys.read("role", lambda each: each.member(Role), otherwise=Role.PARTICIPANT),
        rpl=keys.read("rpl", Reader.truth, otherwise=False),
        judges=keys.read("judges", _judges, otherwise=()),
        mark=keys.read("mark", Reader.mark, otherwise=None),
        first_attempt=keys.read("first_attempt", Reader.truth, otherwise=True),
        hypothetical=keys.read("hypothetical", Reader.truth, otherwise=False),
        **lists,
        **texts,
    )


def _credits(place: Reader, keys: Keys) -> int:
    if isinstance(place.value, dict) and ("credits" in keys) is ("ects" in keys):
        found = "both" if "ects" in keys else "neither"
        place.fault("credits, or ects instead", found=found)
    if "ects" in keys:
        return keys["ects"].in_unit(UK_CREDITS[CreditUnit.ECTS]).credits()
    return keys.read("credits", Reader.credits, otherwise=0)


def _judges(place: Reader) -> tuple[Judge, ...]:
    return tuple(_judge(element) for element in place.elements())


def _judge(place: Reader) -> Judge:
    if not isinstance(place.value, dict):
        return Judge(place.text())
    keys = place.keys(required=("id",), optional=("level", "relation"))
    return Judge(
        id=keys.read("id", Reader.text, otherwise=""),
        level=keys.read("level", Reader.whole, otherwise=0),
        relation=keys.read("relation", Reader.text, otherwise=""),
    )


def _texts(place: Reader) -> tuple[str, ...]:
    return tuple(element.text() for element in place.elements())


def _interruption(place: Reader) -> Interruption:
    keys = place.keys(required=("first", "last"))
    first = keys.read("first", Reader.day, otherwise=date.min)
    last = keys.read("last", Reader.day, otherwise=date.max)
    if last < first:
        keys["last"].fault(f"a day not before the first, {first}")
    return Interruption(first=first, last=last)
