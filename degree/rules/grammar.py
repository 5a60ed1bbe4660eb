"""Reads a programme file. A wrong file is refused with all its faults at once.

Each fault says the rule's path, the line, what was found and what was expected; docs/degree.md
teaches the language by example.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from degree.rules.clauses import Distinct, exclusion, gate, obligations, prerequisite
from degree.rules.exact import credits_text
from degree.rules.programme import AtLevel, Award, Bucket, Part, Programme, Where
from degree.rules.reading import MOST_YEARS, Faults, Reader
from degree.rules.records import Role
from degree.rules.yaml_nodes import read_yaml

NO_MARKS: Final = "no such rule: a badge carries no mark, so it could not be decided"
NO_SHARING: Final = "no such rule: each badge counts in one bucket only"
NO_CONCESSIONS: Final = "no such rule: the one concession that is decided is obligations.misses"
ONE_VERSION: Final = "no such rule: one version of the programme is decided at a time"


def read_programme(source: bytes) -> Programme:
    """The programme in a YAML file. Raises Malformed, or its kind Faulty with every fault."""
    faults = Faults("programme")
    root = read_yaml(source, faults=faults)
    keys = root.keys(
        required=("programme", "ruleset", "trust_lists", "awards", "evidence_gate", "buckets"),
        optional=("distinct", "obligations", "prerequisites", "exclusions", "sharing"),
        refused={
            "condonement": NO_MARKS,
            "classification": NO_MARKS,
            "concessions": NO_CONCESSIONS,
        },
    )
    reading = _Reading(keys)
    faults.refuse_any()
    return reading.programme(digest="sha256:" + sha256(source).hexdigest())


class _Reading:
    """One pass over the file; awards need the buckets, and the clauses need the awards."""

    def __init__(self, keys: dict[str, Reader]) -> None:
        self._keys = keys
        self._title = keys["programme"].text() if "programme" in keys else ""
        self._ruleset = _ruleset(keys.get("ruleset"))
        self._buckets = {name: _bucket(name, place) for name, place in self._entries("buckets")}
        self._awards = tuple(self._award(place) for place in self._elements("awards", at_least=1))
        self._trust_lists = {
            name: frozenset(place.texts()) for name, place in self._entries("trust_lists")
        }
        self._award_ids = tuple(award.id for award in self._awards)
        self._refuse_awards_out_of_order()
        self._gate = (
            gate(keys["evidence_gate"], self._trust_lists) if ("evidence_gate" in keys) else None
        )
        self._distinct = Distinct(keys.get("distinct"), self._award_ids)
        self._obligations = (
            obligations(keys["obligations"], self._award_ids) if "obligations" in keys else None
        )
        self._prerequisites = tuple(
            prerequisite(place, self._buckets) for place in self._elements("prerequisites")
        )
        self._exclusions = tuple(exclusion(place) for place in self._elements("exclusions"))
        self._refuse_sharing()

    def programme(self, *, digest: str) -> Programme:
        """What was read; the caller has refused any fault before. `digest` names the file."""
        assert self._gate is not None  # its key is required, and faults have been raised
        return Programme(
            title=self._title,
            id=self._ruleset.id,
            version=self._ruleset.version,
            in_force_from=self._ruleset.in_force_from,
            digest=digest,
            awards=self._awards,
            gate=self._gate,
            contexts=self._distinct.contexts,
            circles=self._distinct.circles,
            validators=self._distinct.validators,
            obligations=self._obligations,
            prerequisites=self._prerequisites,
            exclusions=self._exclusions,
        )

    def _elements(self, key: str, *, at_least: int = 0) -> list[Reader]:
        return self._keys[key].elements(at_least=at_least) if key in self._keys else []

    def _entries(self, key: str) -> list[tuple[str, Reader]]:
        return self._keys[key].entries() if key in self._keys else []

    def _award(self, place: Reader) -> Award:
        identifier = _id_of(place)
        place = place.named(identifier) if identifier else place
        keys = place.keys(
            required=("id", "credits"),
            optional=(
                *("title", "buckets", "min_at_level", "max_below_level"),
                *("rpl_cap", "max_registration_years"),
            ),
        )
        cap, years = keys.get("rpl_cap"), keys.get("max_registration_years")
        return Award(
            id=identifier,
            path=place.path,
            title=keys["title"].text() if "title" in keys else identifier,
            credits=keys["credits"].credits() if "credits" in keys else 0,
            parts=self._parts(place, keys.get("buckets")),
            floors=_at_levels(keys.get("min_at_level")),
            ceilings=_at_levels(keys.get("max_below_level")),
            rpl_cap=cap.credits() if cap else None,
            max_registration_years=years.whole(least=1, most=MOST_YEARS) if years else None,
        )

    def _parts(self, award: Reader, listed: Reader | None) -> tuple[Part, ...]:
        path = f"{award.path}.buckets"
        if listed is None:
            return tuple(
                Part(path=f"{path}.{name}", bucket=bucket, minimum=bucket.minimum)
                for name, bucket in self._buckets.items()
            )
        parts = []
        for name, place in listed.entries():
            bucket = self._buckets.get(name)
            if bucket is None:
                place.fault("one of " + ", ".join(self._buckets), found=f"the bucket {name!r}")
                continue
            minimum = place.credits()
            if bucket.mandatory and minimum < bucket.minimum:
                least = credits_text(bucket.minimum)
                place.fault(f"{least} or more, because the bucket is mandatory")
            parts.append(Part(path=place.path, bucket=bucket, minimum=minimum))
        return tuple(parts)

    def _refuse_awards_out_of_order(self) -> None:
        places = self._elements("awards")
        for index, award in enumerate(self._awards[1:], start=1):
            if award.credits > self._awards[index - 1].credits:
                places[index].named(award.id).fault("the awards from the highest to the lowest")
            if award.id in self._award_ids[:index]:
                places[index].named(award.id).fault("each award once")

    def _refuse_sharing(self) -> None:
        sharing = self._keys.get("sharing")
        most = sharing.keys(required=("max_badges",)).get("max_badges") if sharing else None
        if most and most.whole() != 0:
            most.fault("0: " + NO_SHARING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruleset:
    id: str
    version: str
    in_force_from: date


def _ruleset(place: Reader | None) -> _Ruleset:
    keys = (
        place.keys(
            required=("id", "version", "in_force_from"),
            refused={"supersedes": ONE_VERSION, "choose": ONE_VERSION},
        )
        if place
        else {}
    )
    return _Ruleset(
        id=keys["id"].text() if "id" in keys else "",
        version=keys["version"].label() if "version" in keys else "",
        in_force_from=keys["in_force_from"].day() if "in_force_from" in keys else date.min,
    )


def _id_of(place: Reader) -> str:
    """The award's own name, which its rules' paths carry."""
    found = dict(place.entries()).get("id") if isinstance(place.node.value, dict) else None
    return found.text() if found else ""


def _bucket(name: str, place: Reader) -> Bucket:
    keys = place.keys(
        required=("min", "where"),
        optional=("mandatory", "rpl", "max_badges", "max_below_level"),
        refused={"min_mark": NO_MARKS, "compensatable": NO_MARKS, "shared_with": NO_SHARING},
    )
    most = keys.get("max_badges")
    return Bucket(
        name=name,
        minimum=keys["min"].credits() if "min" in keys else 0,
        where=_where(keys["where"]) if "where" in keys else Where(),
        mandatory=keys["mandatory"].truth() if "mandatory" in keys else False,
        rpl=keys["rpl"].truth() if "rpl" in keys else True,
        max_badges=most.whole(least=1) if most else None,
        ceilings=_at_levels(keys.get("max_below_level")),
    )


def _where(place: Reader) -> Where:
    keys = place.keys(optional=("any", "tag", "kind", "role", "level"))
    if "any" in keys:
        alone = len(keys) == 1
        if keys["any"].node.value is False or (keys["any"].truth() and not alone):
            keys["any"].fault("any: true alone, or other filters without it")
        return Where()
    if not place.node.value:
        place.fault("any: true, or at least one of tag, kind, role, level", found="no filter")
    return Where(
        tags=frozenset(keys["tag"].texts()) if "tag" in keys else frozenset(),
        kinds=frozenset(keys["kind"].texts()) if "kind" in keys else frozenset(),
        roles=_roles(keys["role"]) if "role" in keys else frozenset(),
        level=keys["level"].whole() if "level" in keys else 0,
    )


def _roles(place: Reader) -> frozenset[Role]:
    several = isinstance(place.node.value, list)
    places = place.elements(at_least=1) if several else [place]
    return frozenset(Role(element.choice(Role)) for element in places)


def _at_levels(place: Reader | None) -> tuple[AtLevel, ...]:
    """`{7: 150}`: an amount of credit for each level, from the lowest level."""
    bounds = []
    for level, amount in place.entries() if place else ():
        if not level.isdecimal() or len(level) > 2:
            amount.fault("an FHEQ level such as 7", found=f"the key {level!r}")
            continue
        bounds.append(AtLevel(path=amount.path, level=int(level), amount=amount.credits()))
    return tuple(sorted(bounds, key=lambda bound: bound.level))
