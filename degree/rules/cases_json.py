"""The JSON of what people say of a case: attestations and concessions, beside the records.

    "attestations": {"viva": {"value": "yes", "by": "Dr E. Examiner", "on": "2026-10-01"}},
    "concessions": [
      {"id": "c1", "action": "waive", "path": "distinct.circles", "date": "2026-09-30",
       "expiry": "2027-09-30", "authority": "Board", "rationale": "…", "clause_ref": "E1 4.2"},
      {"id": "c2", "action": "reduce", "path": "awards.MSc.buckets.ethics", "to": 5, "date": …},
      {"id": "c3", "action": "accept", "record": "urn:uuid:…", "bucket": "electives", "date": …},
      {"id": "c4", "action": "forgive_year", "year": 2, "date": …}]

An attestation's `by` and `on` may be left out, and of a concession `expiry` and what is said
(authority, rationale, clause_ref): whether they must be there, the programme tells.
"""

from datetime import date
from typing import Final

from degree.rules.reading import MOST_YEARS, Reader
from degree.rules.records import Action, Attestation, Concession, Wallet, Word
from degree.rules.values import as_json_number
from vc.documents import JsonObject

SAID: Final = ("authority", "rationale", "clause_ref")
OF_ACTION: Final = {
    Action.WAIVE: ("path",),
    Action.REDUCE: ("path", "to"),
    Action.ACCEPT: ("record", "bucket"),
    Action.FORGIVE_YEAR: ("year",),
}


def attestations(place: Reader | None) -> dict[str, Attestation]:
    """What people attested, by the name in the programme. Faults are noted."""
    found = {}
    for name, entry in place.entries() if place else []:
        keys = entry.keys(required=("value",), optional=("by", "on"))
        value = keys.read("value", lambda each: each.member(Word), otherwise=Word.PENDING)
        by = keys.read("by", Reader.text, otherwise="")
        on = keys.read("on", Reader.day, otherwise=None)
        found[name] = Attestation(value=value, by=by, on=on)
    return found


def concessions(place: Reader | None) -> tuple[Concession, ...]:
    """What was granted, in the order of the document. Faults are noted."""
    found: dict[str, Concession] = {}
    for element in place.elements() if place else []:
        concession = _concession(element)
        if concession.id in found and concession.id:
            element.fault("each id once", found=f"the id {concession.id!r} a second time")
        found[concession.id] = concession
    return tuple(found.values())


def _concession(place: Reader) -> Concession:
    value = place.value
    written = str(value.get("action", "")) if isinstance(value, dict) else ""
    own = OF_ACTION[Action(written)] if written in set(Action) else ()
    others = () if own else (key for keys in OF_ACTION.values() for key in keys)
    keys = place.keys(required=("id", "action", "date", *own), optional=("expiry", *SAID, *others))
    granted = keys.read("date", Reader.day, otherwise=date.min)
    expiry = keys.read("expiry", Reader.day, otherwise=None)
    if expiry is not None and expiry < granted:
        keys["expiry"].fault(f"a day not before the date, {granted}")
    return Concession(
        id=keys.read("id", Reader.text, otherwise=""),
        action=keys.read("action", lambda each: each.member(Action), otherwise=Action.WAIVE),
        granted=granted,
        expiry=expiry,
        path=keys.read("path", Reader.text, otherwise=""),
        to=keys.read("to", Reader.number, otherwise=None),
        record=keys.read("record", Reader.text, otherwise=""),
        bucket=keys.read("bucket", Reader.text, otherwise=""),
        year=keys.read("year", lambda each: each.whole(least=1, most=MOST_YEARS), otherwise=0),
        said={key: keys[key].text() for key in SAID if key in keys},
    )


def case_as_json(wallet: Wallet) -> JsonObject:
    """The attestations and concessions of the wallet; nothing for none."""
    said = {name: _attestation_as_json(each) for name, each in wallet.attestations.items()}
    granted = [_concession_as_json(each) for each in wallet.concessions]
    return {
        **({"attestations": said} if said else {}),
        **({"concessions": granted} if granted else {}),
    }


def _attestation_as_json(attestation: Attestation) -> JsonObject:
    return {
        "value": attestation.value.value,
        **({"by": attestation.by} if attestation.by else {}),
        **({"on": attestation.on.isoformat()} if attestation.on else {}),
    }


def _concession_as_json(concession: Concession) -> JsonObject:
    to = {} if concession.to is None else {"to": as_json_number(concession.to)}
    texts = {name: getattr(concession, name) for name in ("path", "record", "bucket", "year")}
    return {
        "id": concession.id,
        "action": concession.action.value,
        "date": concession.granted.isoformat(),
        **({"expiry": concession.expiry.isoformat()} if concession.expiry else {}),
        **{name: value for name, value in texts.items() if value},
        **to,
        **concession.said,
    }
