"""The documented JSON of records, so that the engine runs without credentials.

    {"form": "learnometer-records/1",
     "holder": "did:key:z6Mk…", "name": "A. Member", "registered": "2023-09-01",
     "interruptions": [{"first": "2024-09-01", "last": "2025-02-28"}],
     "records": [{"id": "urn:uuid:…", "title": "Action research", "issuer": "did:web:…",
                  "credits": 10, "level": 7, "status": "valid",
                  "activity_start": "2024-01-10", "activity_end": "2024-03-20",
                  "issued": "2024-03-28", …}]}

`name`, `interruptions`, `context_names` (a context's name by its code) and the fields of OPTIONAL
may be left out; any other key is a fault.
Credits are UK credits with at most one decimal. Status, role and the meaning of every field are
those of records.Record.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from degree.rules.exact import credits_text
from degree.rules.reading import Faults, Node, Reader, Written
from degree.rules.records import Interruption, Record, Role, Status, Wallet
from vc.documents import JsonObject, parse

FORM: Final = "learnometer-records/1"
LARGEST: Final = 4_194_304  # bytes; 500 records with a dozen judges each have about 1,000,000
REQUIRED: Final = (
    *("id", "title", "issuer", "credits", "level"),
    *("activity_start", "activity_end", "issued", "status"),
)
TEXTS: Final = ("code", "kind", "activity", "circle", "used_in", "digest")
OPTIONAL: Final = (*TEXTS, "role", "rpl", "tags", "contexts", "judges")


def read_records(source: bytes | str) -> Wallet:
    """The wallet in `source`. Raises Malformed, or its kind Faulty with every fault by path."""
    faults = Faults("records")
    document = parse(source, largest=LARGEST)
    keys = Reader(_node(document), "", faults).keys(
        required=("form", "holder", "registered", "records"),
        optional=("name", "interruptions", "context_names"),
    )
    faults.refuse_any()
    keys["form"].choice((FORM,))
    records = tuple(_record(element) for element in keys["records"].elements())
    breaks = keys["interruptions"].elements() if "interruptions" in keys else []
    interruptions = tuple(_interruption(element) for element in breaks)
    holder, registered = keys["holder"].text(), keys["registered"].day()
    name = keys["name"].text() if "name" in keys else ""
    contexts = keys["context_names"].entries() if "context_names" in keys else []
    context_names = {code: text.text() for code, text in contexts}
    faults.refuse_any()
    return Wallet(
        holder=holder,
        registered=registered,
        name=name,
        context_names=context_names,
        interruptions=interruptions,
        records=records,
    )


def records_as_json(wallet: Wallet) -> JsonObject:
    """The wallet in the documented form; `read_records` gives the same wallet back."""
    return {
        "form": FORM,
        "holder": wallet.holder,
        **({"name": wallet.name} if wallet.name else {}),
        **({"context_names": dict(wallet.context_names)} if wallet.context_names else {}),
        "registered": wallet.registered.isoformat(),
        "interruptions": [
            {"first": pause.first.isoformat(), "last": pause.last.isoformat()}
            for pause in wallet.interruptions
        ],
        "records": [_record_as_json(record) for record in wallet.records],
    }


def _record_as_json(record: Record) -> JsonObject:
    written = credits_text(record.credits_tenths)
    return {
        "id": record.id,
        "title": record.title,
        "issuer": record.issuer,
        "credits": float(written) if "." in written else int(written),
        "level": record.level,
        "activity_start": record.activity_start.isoformat(),
        "activity_end": record.activity_end.isoformat(),
        "issued": record.issued.isoformat(),
        "status": record.status.value,
        "role": record.role.value,
        "rpl": record.rpl,
        "tags": sorted(record.tags),
        "contexts": sorted(record.contexts),
        "judges": list(record.judges),
        **{name: getattr(record, name) for name in TEXTS if getattr(record, name)},
    }


# Returned where a fault is already noted; reading goes on, and the faults are raised at the end.
_NO_PAUSE: Final = Interruption(first=date.min, last=date.min)
_STAND_IN: Final = Record(
    id="",
    title="",
    issuer="",
    credits_tenths=0,
    level=0,
    activity_start=date.min,
    activity_end=date.min,
    issued=date.min,
    status=Status.UNKNOWN,
)


def _record(place: Reader) -> Record:
    keys = place.keys(required=REQUIRED, optional=OPTIONAL)
    if not keys.keys() >= set(REQUIRED):
        return _STAND_IN
    start, end = keys["activity_start"].day(), keys["activity_end"].day()
    if end < start:
        keys["activity_end"].fault(f"a day not before the start, {start}")
    return Record(
        id=keys["id"].text(),
        title=keys["title"].text(),
        issuer=keys["issuer"].text(),
        credits_tenths=keys["credits"].credits(),
        level=keys["level"].whole(),
        activity_start=start,
        activity_end=end,
        issued=keys["issued"].day(),
        status=Status(keys["status"].choice(Status)),
        role=Role(keys["role"].choice(Role)) if "role" in keys else Role.PARTICIPANT,
        rpl=keys["rpl"].truth() if "rpl" in keys else False,
        tags=frozenset(_texts(keys, "tags")),
        contexts=frozenset(_texts(keys, "contexts")),
        judges=_texts(keys, "judges"),
        **{name: keys[name].text() for name in TEXTS if name in keys},
    )


def _texts(keys: dict[str, Reader], name: str) -> tuple[str, ...]:
    return tuple(element.text() for element in keys[name].elements()) if name in keys else ()


def _interruption(place: Reader) -> Interruption:
    keys = place.keys(required=("first", "last"))
    if len(keys) < 2:
        return _NO_PAUSE
    first, last = keys["first"].day(), keys["last"].day()
    if last < first:
        keys["last"].fault(f"a day not before the first, {first}")
    return Interruption(first=first, last=last)


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(child) for key, child in value.items()}, 0)
    if isinstance(value, list):
        return Node([_node(child) for child in value], 0)
    written: Written = Decimal(str(value)) if isinstance(value, float) else value
    return Node(written, 0)
