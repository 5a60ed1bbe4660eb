"""The one way to write JSON-LD that is taken here, checked before JSON-LD itself is asked.

JSON-LD reads many spellings as the same statements, and so under the same signature. A spelling
that plain code would read in another way, or not at all, is refused.
"""

from typing import Any, Final

import contexts
from vc.documents import JsonObject, Way, place_at
from vc.errors import Malformed
from vc.own_terms import refuse_renaming

# Names of contexts in one document, nested ones included; each may cost a millisecond. A badge
# with thirty endorsements names some sixty.
MOST_CONTEXTS: Final = 512

# A text with its language; its direction has no form in RDF, is not signed, and not read here.
_TAGGED_TEXT: Final = frozenset({"@value", "@language"})
_OF_TEXTS: Final = _TAGGED_TEXT | {"@direction"}
_DIRECTIONS: Final = frozenset({"ltr", "rtl"})


def refuse_uncertain(document: JsonObject) -> None:
    """Raise Malformed, naming the place, for what two readers could read differently."""
    named = _refuse(document, place="")
    if named > MOST_CONTEXTS:
        raise Malformed("contexts", f"The document names contexts over {MOST_CONTEXTS} times.")


def refuse_keywords(document: JsonObject) -> None:
    """Raise Malformed for a keyword of JSON-LD beside the plain names, whatever signs it.

    `@id` beside `id` would name one subject to JSON-LD, and another to everybody else.
    """
    waiting: list[tuple[Way, Any]] = [(None, document)]
    while waiting:
        way, node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(((way, index), item) for index, item in enumerate(node))
        elif isinstance(node, dict):
            for key, value in node.items():
                if key == "@context":
                    continue
                if key.startswith("@") and key not in _OF_TEXTS:
                    sentence = f"{key[:64]} may not be used here."
                    raise Malformed("keyword", sentence, place=place_at((way, key[:64])))
                waiting.append(((way, key), value))


def _refuse(node: Any, *, place: str) -> int:
    """How many contexts are named in `node`; raises for what is uncertain in it."""
    if node is None:
        raise Malformed("null", "A null says nothing and is not signed.", place=place)
    if isinstance(node, list):
        if any(isinstance(item, list) for item in node):
            raise Malformed(
                "nested-list", "A list within a list is no list of its own.", place=place
            )
        return sum(_refuse(item, place=f"{place}/{index}") for index, item in enumerate(node))
    if not isinstance(node, dict):
        return 0
    if not node.keys().isdisjoint(_OF_TEXTS) and not _is_tagged_text(node):
        raise Malformed("keyword", "Only a text with its language has a @value.", place=place)
    return sum(_member(key, value, place=f"{place}/{key}") for key, value in node.items())


def _is_tagged_text(node: JsonObject) -> bool:
    if node.get("@direction", "ltr") not in _DIRECTIONS:
        return False
    return node.keys() - {"@direction"} == _TAGGED_TEXT


def _member(key: str, value: Any, *, place: str) -> int:
    if key == "@context":
        return _refuse_unknown_contexts(value, place=place)
    if key.startswith("@") and key not in _OF_TEXTS:
        raise Malformed("keyword", f"{key} may not be used here.", place=place)
    if ":" in key:
        raise Malformed("undefined-term", "A key must be a term of the contexts.", place=place)
    return _refuse(value, place=place)


def _refuse_unknown_contexts(value: Any, *, place: str) -> int:
    entries = value if isinstance(value, list) else [value]
    for entry in entries:
        if isinstance(entry, dict):
            refuse_renaming(entry, place=place)
        elif not isinstance(entry, str):
            raise Malformed("context", "A context is a URL or an object.", place=place)
        elif entry not in contexts.known():
            raise Malformed("unknown-context", str(contexts.UnknownContext(entry)), place=place)
    return len(entries)
