"""A badge in a dossier: what it says, how it was judged, and how it was verified, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from degree.receiving.exhibit import Exhibit
from degree.rules.exact import credits_text
from degree.rules.records import Record, Role, Status
from degree.wording import both_units, day, in_words

_ROLES: Final = {Role.PARTICIPANT: "took part", Role.CO_PROVIDER: "provided it with others"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A badge that counts, numbered through the dossier; a stated record has no exhibit."""

    number: int
    record: Record
    exhibit: Exhibit | None
    facts: tuple[tuple[str, str], ...]


def entry(
    number: int, record: Record, exhibit: Exhibit | None, *, fills: Iterable[str], checked_at: str
) -> Entry:
    """The entry of a badge that fills these requirements; `checked_at` is a timestamp."""
    said = _said(exhibit) if exhibit else ()
    facts = (
        ("Counts for", " and ".join(fills)),
        ("Credit", _credit(record)),
        ("Activity", _activity(record)),
        ("Issued", _issued(record, exhibit)),
        ("Prior learning", "Yes" if record.rpl else ""),
        *said,
        ("Judges", _judges(record, exhibit)),
        ("Verification", _verification(record, exhibit, checked_at)),
        ("Identifier", record.id),
        ("Digest", record.digest),
    )
    return Entry(number=number, record=record, exhibit=exhibit, facts=facts)


def _credit(record: Record) -> str:
    mark = "" if record.mark is None else f"; mark {credits_text(record.mark)}"
    return f"{both_units(record.credits_tenths)}, level {record.level} of the FHEQ{mark}"


def _activity(record: Record) -> str:
    when = f"{day(record.activity_start)} to {day(record.activity_end)}"
    return f"{when}; the holder {_ROLES[record.role]}"


def _issued(record: Record, exhibit: Exhibit | None) -> str:
    # What a badge calls its issuer anybody could write: the identifier is what was verified.
    named = exhibit.issuer_name if exhibit else ""
    calls_itself = f", which calls itself “{named}”" if named else ""
    return f"{day(record.issued)} by {record.issuer}{calls_itself}"


def _said(exhibit: Exhibit) -> tuple[tuple[str, str], ...]:
    criteria = " ".join(each for each in (exhibit.criteria, exhibit.criteria_address) if each)
    return (("What was learned", exhibit.description), ("Criteria", criteria))


def _judges(record: Record, exhibit: Exhibit | None) -> str:
    """How many endorsed it, and how many could have: the votes that the badge itself states."""
    endorsed = len({judge.id for judge in record.judges})
    people = "person" if endorsed == 1 else "people"
    checks = exhibit.checks if exhibit else ()
    votes = " ".join(check.sentence for check in checks if check.name == "recount")
    return f"{endorsed} {people} beside its issuer endorsed it. {votes}".strip()


def _verification(record: Record, exhibit: Exhibit | None, checked_at: str) -> str:
    if exhibit is None:
        return "None: this is stated by whoever wrote the file of records."
    against = [check.sentence for check in exhibit.checks if check.outcome != "pass"]
    when = in_words(checked_at[:10])
    if against or record.status is not Status.VALID:
        return f"On {when}: {' '.join(against)}"
    return f"All {len(exhibit.checks)} checks of the credential passed on {when}."
