"""Remarks on a programme without faults: what nobody can reach, and what never does anything.

    lint(source)    the remarks on a YAML file, in the order of its lines

They are plain reasoning over the filters and amounts of the file, not a search: what they say is
certain, and they do not say everything. Concessions are left out of account.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from degree.rules.faults import Faults
from degree.rules.grammar.whole import programme_at
from degree.rules.linting.binding import never_binding
from degree.rules.linting.demands import Demands
from degree.rules.linting.idle import idle
from degree.rules.linting.ladder import never_conferred
from degree.rules.linting.places import line_of, places
from degree.rules.linting.reach import asks_more, out_of_reach
from degree.rules.linting.remarks import Code, Remark
from degree.rules.programme import Programme
from degree.rules.reading import Reader
from degree.rules.yaml_values import read_yaml

__all__ = ["Code", "Remark", "lint"]

# The clauses that may say for which awards they hold.
FOR_AWARDS: Final = ("distinct", "prerequisites", "exclusions", "obligations", "classification")


def lint(source: bytes) -> tuple[Remark, ...]:
    """The remarks on a programme file. Raises Malformed, or its kind Faulty with every fault."""
    root = read_yaml(source, faults=Faults("programme"))
    programme, located = programme_at(root), places(root)
    found: dict[tuple[Code, str], Remark] = {}
    for remark in (*_of_rules(programme), *_all_awards(programme, located)):
        found.setdefault((remark.code, remark.path), remark)
    lined = (replace(each, line=line_of(each.path, located)) for each in found.values())
    return tuple(sorted(lined, key=lambda each: each.line))


def _of_rules(programme: Programme) -> Iterator[Remark]:
    demands = tuple(Demands(programme, award) for award in programme.awards)
    able = []
    for each in demands:
        unreachable = tuple(out_of_reach(each))
        yield from unreachable
        if all(remark.code is not Code.NEVER_SATISFIED for remark in unreachable):
            able.append(each)
            yield from asks_more(each)
    yield from _everywhere(programme, able)
    yield from never_conferred(programme)
    yield from idle(programme, demands)


def _everywhere(programme: Programme, able: Iterable[Demands]) -> Iterator[Remark]:
    """What never binds. A rule of several awards is told once, when it binds in none of them."""
    found: dict[str, list[Remark]] = {}
    for each in able:
        for remark in never_binding(each):
            parts = remark.path.split(".")
            shared = parts[0] == "awards" and parts[2] == "buckets" and len(parts) > 4
            path = ".".join(parts[2:]) if shared else remark.path
            found.setdefault(path, []).append(replace(remark, path=path))
    awards = {rule.path: len(rule.awards) for rule in programme.exclusions}
    for award in programme.awards:
        for part in award.parts:
            name = f"buckets.{part.bucket.name}"
            awards[name] = awards.get(name, 0) + 1
    for path, remarks in found.items():
        whole = path if path in awards else ".".join(path.split(".")[:2])
        if len(remarks) == awards.get(whole, len(remarks)):
            yield remarks[0]


def _all_awards(programme: Programme, found: Mapping[str, Reader]) -> Iterator[Remark]:
    """Clauses that name every award, which they would mean as well without naming any."""
    for path, place in found.items():
        if not path.endswith(".awards") or path.split(".")[0] not in FOR_AWARDS:
            continue
        named = {str(each) for each in place.value} if isinstance(place.value, list) else ()
        if len(named) == len(programme.awards) > 1:
            sentence = "It names every award, as if it named none."
            yield Remark(code=Code.ALL_AWARDS, path=path, sentence=sentence)
