"""From a JSON-LD document to RDF statements, by PyLD made strict.

A term without a meaning, a relative IRI, a null or a foreign context would be dropped or guessed
in silence, and so would stand in the document without being signed.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from pyld import jsonld
from pyld.context_resolver import ContextResolver
from pyld.resolved_context import ResolvedContext

import contexts
from vc.documents import JsonObject, is_learner_record
from vc.errors import Malformed
from vc.spelling import refuse_uncertain

# RDF as PyLD has it: under the name of each graph, its triples.
Dataset = dict[str, Any]

# A relative IRI resolves to this base, and so gives itself away.
_BASE: Final = "https://relative.invalid/"
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")

# Pairs of values of one property of one node, about a microsecond each; thirty endorsements make
# a thousand.
MOST_PAIRS: Final = 150_000
# In a learner record, whose badges name the same holder, circles and rules; forty make 260,000.
MOST_PAIRS_OF_A_RECORD: Final = 400_000


def expand(document: JsonObject) -> Any:
    """`document` in JSON-LD's expanded form. Raises Malformed for what has no certain meaning."""
    refuse_uncertain(document)
    dropped: list[str] = []
    processor = _Expansion(on_property_dropped=dropped.append)
    try:
        with _one_at_a_time:
            expanded = processor.expand(document, _options())
    except jsonld.JsonLdError as error:
        raise _explained(error) from error
    if dropped:
        raise Malformed(
            "undefined-term", f"The term {str(dropped[0])!r} is not defined by the contexts."
        )
    _refuse_uncertain_iris(expanded)
    record = is_learner_record(document)
    _refuse_crowd(expanded, most=MOST_PAIRS_OF_A_RECORD if record else MOST_PAIRS)
    return expanded


def to_dataset(expanded: Any) -> Dataset:
    """The RDF statements of an expanded document. Raises Malformed."""
    try:
        with _one_at_a_time:
            dataset: Dataset = _ToRdf().to_rdf(expanded, _options())
    except jsonld.JsonLdError as error:
        raise _explained(error) from error
    return dataset


def _options() -> dict[str, Any]:
    return {
        "documentLoader": _load_context,
        "contextResolver": _pinned,
        "base": _BASE,
        "processingMode": "json-ld-1.1",
    }


class _PinnedContexts(ContextResolver):  # type: ignore[misc]
    """Resolves each context once for the life of the program: their texts never change.

    PyLD would build them anew for each document, and write out every context within a context
    to find it again, which takes longer than all the rest.
    """

    def __init__(self) -> None:
        super().__init__({}, _load_context)
        self._within: dict[int, tuple[Any, list[ResolvedContext]]] = {}

    def resolve(
        self, active_ctx: Any, context: Any, base: str, cycles: set[str] | None = None
    ) -> list[ResolvedContext]:
        """The resolved contexts; one that stands in a pinned context is known by its identity."""
        known = self._within.get(id(context))
        if known is not None and known[0] is context:
            return known[1]
        resolved: list[ResolvedContext] = super().resolve(active_ctx, context, base, cycles)
        if isinstance(context, Mapping):
            # Documents bring contexts of their own; those of the pinned ones come again.
            if len(self._within) >= _CONTEXTS_WITHIN:
                self._within.clear()
            self._within[id(context)] = (context, resolved)
        return resolved


# Contexts within contexts that are remembered, about 20 kilobytes each; a badge has some thirty.
_CONTEXTS_WITHIN: Final = 512


class _Expansion(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """Remembers what comes of a pinned context within another, which PyLD works out for each node.

    The objects stand in the values too, so that their identities are not given away again.
    """

    _known: ClassVar[dict[tuple[object, ...], tuple[Any, Any, Any]]] = {}

    def _process_context(self, active_ctx: Any, local_ctx: Any, options: Any, **how: Any) -> Any:
        if not isinstance(local_ctx, Mapping) or how.get("cycles") is not None:
            return super()._process_context(active_ctx, local_ctx, options, **how)
        key = (id(active_ctx), id(local_ctx), *sorted(how.items()))
        known = self._known.get(key)
        if known is None:
            processed = super()._process_context(active_ctx, local_ctx, options, **how)
            if len(self._known) >= _CONTEXTS_WITHIN:
                self._known.clear()
            known = self._known[key] = (active_ctx, local_ctx, processed)
        return known[2]


class _ToRdf(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """Takes expanded documents, which PyLD would expand once more."""

    def expand(self, input_: Any, options: Any) -> Any:
        """The same."""
        del options
        return input_


def _explained(error: Exception) -> Malformed:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, contexts.UnknownContext):
            return Malformed("unknown-context", str(cause), place="/@context")
        cause = getattr(cause, "cause", None) or cause.__cause__
    code = getattr(error, "code", None) or "invalid"
    return Malformed("json-ld", f"The document is not sound JSON-LD: {code}.")


def _load_context(url: str, _options: object) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": contexts.load(url),
    }


_pinned: Final = _PinnedContexts()
# PyLD keeps what it knows of contexts in structures that two threads may not change at once.
_one_at_a_time: Final = threading.Lock()


def _refuse_uncertain_iris(expanded: Any) -> None:
    for iri in _iris(expanded):
        if iri.startswith(_BASE) or not _ABSOLUTE_IRI.fullmatch(iri):
            shown = iri.removeprefix(_BASE)
            raise Malformed("relative-iri", f"{shown!r} is not an absolute IRI or a defined type.")


def _refuse_crowd(expanded: Any, *, most: int) -> None:
    """Refuse so many values in one place that PyLD, comparing each with each, would take long."""
    crowds: Counter[tuple[object, str]] = Counter()
    nodes = [expanded]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes.extend(node)
        elif isinstance(node, dict) and "@value" not in node:
            # Nodes of one name become one, so their values come together.
            name = node.get("@id", id(node))
            for key, values in node.items():
                if isinstance(values, list):
                    crowds[name, key] += len(values)
                    nodes.append(values)
    if sum(size * size for size in crowds.values()) > most:
        raise Malformed("crowd", "The document holds too many values in one place.")


def _iris(node: Any) -> Iterator[str]:
    """Every identifier, type and datatype of an expanded document; checks languages on the way."""
    if isinstance(node, list):
        for item in node:
            yield from _iris(item)
    elif isinstance(node, dict):
        language = node.get("@language")
        if language is not None and not _LANGUAGE.fullmatch(language):
            raise Malformed("language", f"{language!r} is not a language tag.")
        if node.get("@type") == "@json":
            return
        for key, value in node.items():
            if key in ("@id", "@type"):
                yield from [value] if isinstance(value, str) else value
            elif key != "@value":
                yield from _iris(value)
