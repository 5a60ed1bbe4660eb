"""Contexts that stand in a document itself, and give it terms of its own; and those of operators.

Which name a statement goes by is not signed, only the statement is. Whoever could write any
context into a document could rename what is signed: hide its end under another name, or make an
end out of something else. So a document's own context may add names, and never touch one that a
pinned context gives, nor give another name to what a pinned context names.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import contexts
from vc.documents import JsonObject
from vc.errors import Malformed

MOST_TERMS: Final = 256
_DEEPEST: Final = 4  # a type's terms, and the terms of one of those
_NAMESPACES: Final = (
    "https://www.w3.org/2018/credentials#",
    "https://www.w3.org/ns/credentials",
    "https://w3id.org/security#",
    "https://purl.imsglobal.org/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",  # another name for @type would hide a type
)
_ABOUT_EVERYTHING: Final = frozenset({"@vocab", "@base", "@import", "@language", "@direction"})
_ALIASES: Final = {"id": "@id", "type": "@type"}
_MEMBERS: Final = frozenset({"@id", "@type", "@context", "@protected"})
_IRI: Final = re.compile(r"(?:https?://[^\s/?#:@<>\"{}|^`\\]+|urn:[a-z0-9-]+:)[^\s<>\"{}|^`\\]*")
_ENDS_OF_PREFIXES: Final = tuple(":/?#[]@")  # JSON-LD 1.1 API, section 4.2.2
_TERM: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}")


def refuse_renaming(context: Mapping[str, Any], *, place: str) -> None:
    """Raise Malformed, naming the place, unless `context` only adds names."""
    if _count(context) > MOST_TERMS:
        sentence = f"A document's own context has at most {MOST_TERMS} terms."
        raise Malformed("own-terms", sentence, place=place)
    _check(context, place=place, depth=_DEEPEST)


def refuse_unsafe(context: Any) -> None:
    """Raise Malformed, naming the place, for a context that is not to be installed.

    Whoever hands a badge over may add an installed context to it: it must rename nothing in any
    badge, and give no meaning to names that it does not define.
    """
    if not _objects(context):
        raise Malformed("context", "An object under @context was expected.", place="/@context")
    for place, one, outermost in _contexts(context, "/@context", outermost=True):
        for keyword in sorted(_ABOUT_EVERYTHING & one.keys()):
            sentence = f"{keyword} would change the meaning of whatever it is added to."
            raise Malformed("own-terms", sentence, place=f"{place}/{keyword}")
        for term, iri in _defined(one, {}, within=False):
            if not iri.startswith("@"):
                _check_known(term, iri, place=f"{place}/{term[:64]}", outermost=outermost)


def _contexts(
    context: Any, place: str, *, outermost: bool
) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """A context and those within it, with their places, and whether each is for the whole."""
    for one in context if isinstance(context, list) else [context]:
        if not isinstance(one, dict):
            raise Malformed("own-terms", "A context within a context is an object.", place=place)
        yield place, one, outermost
        for term, definition in one.items():
            if isinstance(definition, dict) and "@context" in definition:
                at = f"{place}/{term[:64]}/@context"
                yield from _contexts(definition["@context"], at, outermost=False)


def _check(context: Mapping[str, Any], *, place: str, depth: int) -> None:
    if depth == 0:
        raise Malformed("own-terms", "The document's own context is nested too deep.", place=place)
    for term, definition in context.items():
        at = f"{place}/{term[:64]}"
        if term == "@protected":
            if definition is not True:
                raise Malformed("own-terms", "@protected is true where it stands.", place=at)
        elif (term, definition) not in _ALIASES.items():
            _check_term(term, definition, place=at, depth=depth)


def _check_term(term: str, definition: Any, *, place: str, depth: int) -> None:
    if not _TERM.fullmatch(term) or term in _ALIASES:
        raise Malformed("own-terms", "A document may not define this term.", place=place)
    members = {"@id": definition} if isinstance(definition, str) else definition
    if not isinstance(members, dict) or not members.keys() <= _MEMBERS:
        sentence = "A term of a document's own has an @id, and perhaps a @type and a @context."
        raise Malformed("own-terms", sentence, place=place)
    iri, datatype = members.get("@id"), members.get("@type", "@id")
    if not isinstance(iri, str) or not _IRI.fullmatch(iri):
        raise Malformed("own-terms", "A term stands for an absolute IRI.", place=place)
    if isinstance(definition, str) and iri.endswith(_ENDS_OF_PREFIXES):
        # As a prefix it would spell identifiers that are signed in another way.
        raise Malformed("own-terms", "A document may not define a prefix.", place=place)
    if datatype != "@id" and not (isinstance(datatype, str) and _IRI.fullmatch(datatype)):
        raise Malformed("own-terms", "A term's @type is @id or an absolute IRI.", place=place)
    if members.get("@protected", True) is not True:
        raise Malformed("own-terms", "@protected is true where it stands.", place=place)
    _check_known(term, iri, place=place, outermost=depth == _DEEPEST)
    within = members.get("@context", {})
    if not isinstance(within, dict):
        raise Malformed("own-terms", "The context of a term is an object.", place=place)
    _check(within, place=f"{place}/@context", depth=depth - 1)


def _check_known(term: str, iri: str, *, place: str, outermost: bool) -> None:
    """What a pinned context names keeps its name, and a name of one means what it means there.

    Within a term of the document's own nothing is read by name here, so other names do no harm.
    """
    names, meanings = _pinned()
    known = names.get(iri, frozenset() if iri.startswith(_reserved()) else {term})
    if term not in known:
        sentence = f"{iri[:128]} has another name already."
        raise Malformed("own-terms", sentence, place=place)
    if outermost and iri not in meanings.get(term, {iri}):
        sentence = f"{term} means something else already."
        raise Malformed("own-terms", sentence, place=place)


def defines(document_contexts: list[Any], name: str) -> bool:
    """Whether contexts, given by URL or as objects, give `name` a meaning at the outermost level.

    Each is known here, or was found to rename nothing.
    """
    for one in document_contexts:
        terms = _outermost(one) if isinstance(one, str) else frozenset(one)
        if terms is None or name in terms:
            return True
    return False


@cache
def _outermost(url: str) -> frozenset[str] | None:
    """The names that a known context defines; None where it gives a meaning to every name."""
    found = _objects(contexts.load(url).get("@context"))
    if any("@vocab" in one for one in found):
        return None
    return frozenset(term for one in found for term in one)


@cache
def _pinned() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Every name of an IRI, and every IRI of a name, in any pinned context."""
    names: dict[str, set[str]] = {}
    meanings: dict[str, set[str]] = {}
    for url in contexts.pinned():
        for term, iri in _defined(contexts.load(url).get("@context"), {}):
            names.setdefault(iri, set()).add(term)
            meanings.setdefault(term, set()).add(iri)
    frozen = [{key: frozenset(of) for key, of in table.items()} for table in (names, meanings)]
    return frozen[0], frozen[1]


def _defined(
    context: Any, prefixes: Mapping[str, str], *, within: bool = True
) -> Iterator[tuple[str, str]]:
    """Each term of a context, and of the contexts in it, with the IRI that it stands for."""
    for one in _objects(context):
        stand_for = {
            term: of.get("@id") if isinstance(of, dict) else of for term, of in one.items()
        }
        here = {**prefixes, **{term: of for term, of in stand_for.items() if isinstance(of, str)}}
        for term, definition in one.items():
            if isinstance(definition, str) and not term.startswith("@"):
                yield term, _expanded(definition, here)
            elif isinstance(definition, dict):
                yield term, _expanded(str(definition.get("@id", term)), here)
                if within:
                    yield from _defined(definition.get("@context"), here)


@cache
def _reserved() -> tuple[str, ...]:
    """Where the names stand that are read here, and what pinned contexts give undefined names."""
    found = (
        context.get("@vocab")
        for url in contexts.pinned()
        for context in _objects(contexts.load(url).get("@context"))
    )
    return (*_NAMESPACES, *(one for one in found if isinstance(one, str)))


def _count(context: Mapping[str, Any]) -> int:
    within = (one.get("@context") for one in context.values() if isinstance(one, dict))
    return len(context) + sum(_count(one) for one in within if isinstance(one, dict))


def _objects(node: Any) -> list[JsonObject]:
    return [one for one in (node if isinstance(node, list) else [node]) if isinstance(one, dict)]


def _expanded(spelled: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a term, through prefixes that are themselves written with prefixes."""
    for _ in range(len(prefixes)):
        prefix, colon, rest = spelled.partition(":")
        if not colon or rest.startswith("//") or prefix not in prefixes:
            break
        spelled = prefixes[prefix] + rest
    return spelled
