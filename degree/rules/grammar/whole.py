"""Reads a whole programme: every clause in one pass, so that all faults are told at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Final

import rfc8785

from degree.rules.exact import UK_CREDITS, CreditUnit
from degree.rules.faults import Faults
from degree.rules.grammar.across import distinct, exclusions, order_in_time, sharing
from degree.rules.grammar.awards import awards
from degree.rules.grammar.buckets import bucket
from degree.rules.grammar.concessions import attestations, concession_rules
from degree.rules.grammar.gate import equivalences, gate, trust_lists
from degree.rules.grammar.marks import classification, condonement
from degree.rules.grammar.obligations import obligations
from degree.rules.json_values import as_json, read_object
from degree.rules.programme import Programme, WhichVersion
from degree.rules.reading import Keys, Reader
from degree.rules.yaml_values import read_yaml

REQUIRED: Final = ("programme", "ruleset", "trust_lists", "awards", "evidence_gate", "buckets")
OPTIONAL: Final = (
    *("credit_unit", "pass_mark", "equivalences", "sharing", "distinct", "prerequisites"),
    *("exclusions", "obligations", "condonement", "classification", "attestations", "concessions"),
)


def read_programme(source: bytes) -> Programme:
    """The programme in a YAML file. Raises Malformed, or its kind Faulty with every fault."""
    return programme_at(read_yaml(source, faults=Faults("programme")))


def programme_from_json(document: Mapping[str, object]) -> Programme:
    """The programme whose `document` this is. Raises as read_programme does; lines are 0."""
    return programme_at(read_object(document, faults=Faults("programme")))


def programme_at(root: Reader) -> Programme:
    """The programme whose file begins at `root`. Raises Faulty with every fault."""
    keys = root.keys(required=REQUIRED, optional=OPTIONAL)
    unit = keys.read("credit_unit", lambda place: place.member(CreditUnit), otherwise=CreditUnit.UK)
    keys = keys.in_unit(UK_CREDITS[unit])
    ruleset = _ruleset(keys.get("ruleset"))
    places = keys.read("buckets", Reader.named_entries, otherwise=[])
    buckets = {name: bucket(name, place) for name, place in places}
    attested = attestations(keys.get("attestations"))
    ladder = awards(keys.get("awards"), buckets, attested={each.name for each in attested})
    ids = frozenset(award.id for award in ladder)
    pass_mark = keys.read("pass_mark", Reader.mark, otherwise=None)
    classes = classification(keys.get("classification"), ids, buckets)
    prerequisites, needs = order_in_time(keys.get("prerequisites"), ids, buckets)
    programme = Programme(
        title=keys.read("programme", Reader.text, otherwise=""),
        id=ruleset.id,
        version=ruleset.version,
        in_force_from=ruleset.in_force_from,
        choose=ruleset.choose,
        source=ruleset.source,
        digest="",
        document={},
        awards=ladder,
        gate=gate(keys.get("evidence_gate"), trust_lists(keys.get("trust_lists"))),
        pass_mark=pass_mark,
        equivalences=equivalences(keys.get("equivalences")),
        distinct=distinct(keys.get("distinct"), ids),
        obligations=obligations(keys.get("obligations"), ids),
        prerequisites=prerequisites,
        needs=needs,
        exclusions=exclusions(keys.get("exclusions"), ids),
        sharing=sharing(keys.get("sharing"), buckets),
        condonement=condonement(keys.get("condonement"), buckets, classes, pass_mark=pass_mark),
        classification=classes,
        attestations=attested,
    )
    concessions = concession_rules(keys.get("concessions"), programme)
    root.faults.refuse_any()
    return _with_document(replace(programme, concessions=concessions), root)


def _with_document(programme: Programme, root: Reader) -> Programme:
    document = as_json(root.value)
    assert isinstance(document, dict)  # its keys have been read
    digest = "sha256:" + sha256(rfc8785.dumps(document)).hexdigest()
    return replace(programme, document=document, digest=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruleset:
    id: str
    version: str
    in_force_from: date
    choose: WhichVersion
    source: str


def _ruleset(place: Reader | None) -> _Ruleset:
    keys = Keys()
    if place:
        keys = place.keys(
            required=("id", "version", "in_force_from"), optional=("supersedes", "choose", "source")
        )
    version = keys.read("version", Reader.label, otherwise="")
    earlier = keys.get("supersedes")
    if earlier and earlier.value is not None and earlier.label() == version:
        earlier.fault("another version than this one, or null")
    return _Ruleset(
        id=keys.read("id", Reader.name, otherwise=""),
        version=version,
        in_force_from=keys.read("in_force_from", Reader.day, otherwise=date.min),
        choose=keys.read(
            "choose", lambda each: each.member(WhichVersion), otherwise=WhichVersion.START
        ),
        source=keys.read("source", Reader.text, otherwise=""),
    )
