"""Which rules of docs/degree.md a case has in it, so that none is left out of the comparison."""

from collections.abc import Iterator
from typing import Any

from degree_reading import Json
from degree_sketch import Instance

# Parts of the JSON forms whose keys a programme's author chooses.
NAMED = (
    *("buckets", "bucket_means", "attestations", "credits_at", "share_at"),
    *("min_at_level", "max_below_level"),
)
HEAD = ("programme", "ruleset", "credit_unit", "pass_mark", "trust_lists")


def constructs(instance: Instance) -> set[str]:
    """The names of all that the case has in it, such as `awards.at_most share`."""
    found = set()
    for programme in instance.programmes:
        found |= set(_programme(programme))
    found |= set(_wallet(instance.wallet))
    if len(instance.programmes) > 1:
        found.add("versions")
        found.add(f"versions {instance.programme['ruleset'].get('choose', 'start_version')}")
    return found


def _programme(programme: Json) -> Iterator[str]:
    if programme.get("credit_unit") == "ects":
        yield "credit_unit ects"
    if "pass_mark" in programme:
        yield "pass_mark"
    for entries in programme["trust_lists"].values():
        for entry in entries:
            if isinstance(entry, dict):
                yield from (f"trusted {key}" for key in entry)
    if "not_expired" not in programme["evidence_gate"]["status"]:
        yield "not_expired left out"
    rest = {key: value for key, value in programme.items() if key not in HEAD}
    rest["evidence_gate"] = {
        key: value
        for key, value in rest["evidence_gate"].items()
        if key not in {"issuer_in", "status"}
    }
    yield from _paths(rest, "")
    for award in programme["awards"]:
        if "buckets" not in award:
            yield "awards without buckets"
    if len(programme["awards"]) > 1:
        yield "several awards"


def _paths(value: Any, path: str) -> Iterator[str]:
    """Every key with those above it, without numbers and without names that an author chose."""
    last = path.rsplit(".", 1)[-1]
    if isinstance(value, list):
        if path == "exclusions":
            yield from ("exclusions plain" for child in value if isinstance(child, list))
        for child in value:
            yield from _paths(child, path)
    elif not isinstance(value, dict):
        if last in {"measured_at", "finished", "rpl_marks", "mean_rounding", "allowed"}:
            yield f"{path} {value}"
        elif path == "condonement.cap_class":
            yield f"{path} {'pass' if value == 'pass' else 'of a class'}"
    elif last in NAMED:
        for child in value.values():
            yield from _paths(child, f"{path}.*")
    elif last == "where" or path == "where":
        for key, child in value.items():
            yield f"where {key}"
            if key in {"any_of", "all_of", "not"}:
                yield from _paths(child, "where")
    elif "requires" in path:
        for key, child in value.items():
            yield f"requires {key}"
            yield from _paths(child, path)
    else:
        for key, child in value.items():
            yield f"{path} {key}" if last in {"at_least", "at_most"} else f"{path}.{key}".strip(".")
            yield from _paths(child, f"{path}.{key}".strip("."))


def _wallet(wallet: Json) -> Iterator[str]:
    yield from (f"wallet {key}" for key in ("interruptions", "pathway") if key in wallet)
    for record in wallet["records"]:
        yield f"status {record['status']}"
        yield from (f"record {key}" for key in ("mark", "used_in", "activity") if key in record)
        yield from ("hypothetical" for _ in range(int(record.get("hypothetical", False))))
        if not record.get("first_attempt", True):
            yield "resit"
    for word in wallet.get("attestations", {}).values():
        yield f"attested {word['value']}"
    for concession in wallet.get("concessions", ()):
        yield f"concession {concession['action']}"
