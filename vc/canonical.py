"""From a JSON-LD document to the canonical N-Quads that are signed (RDFC-1.0). The only PyLD user.

PyLD is made strict here. A term without a meaning, a relative IRI, a null or a foreign context
would be dropped or guessed in silence, and so would stand in the document without being signed.
"""

import hashlib
import json
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver
from pyld.identifier_issuer import IdentifierIssuer
from pyld.resolved_context import ResolvedContext

import contexts
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.spelling import refuse_uncertain

# A relative IRI resolves to this base, and so gives itself away.
_BASE: Final = "https://relative.invalid/"
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")

# RDFC-1.0 section 7.1 obliges implementations to bound the work on poisoned graphs. Counted in
# copies of an issuer, about 25 microseconds each; a real credential needs none or a few dozen.
WORK_LIMIT: Final = 20_000

# Pairs of values of one property of one node, about a microsecond each; thirty endorsements make
# a thousand.
MOST_PAIRS: Final = 1_000_000

# C0 controls and DEL that N-Quads escapes as \uXXXX in canonical form (RDFC-1.0 section 5), and
# that PyLD 3.3.0 leaves as they are; \t \n \r it escapes itself.
_UNESCAPED: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F) if code not in (9, 10, 13)},
    8: "\\b",
    12: "\\f",
}

_CACHE_SIZE: Final = 8_192  # digests remembered, about 150 bytes each


def canonical(document: JsonObject, *, algorithm: str = "sha256") -> str:
    """The canonical N-Quads of `document`, lines ended by newline, sorted.

    `algorithm` hashes while blank nodes are labelled. Raises Malformed for a term, context, IRI or
    value whose meaning is not certain, and for a graph whose blank nodes would take too long to
    label.
    """
    refuse_uncertain(document)
    return canonical_dataset(_dataset(document), algorithm=algorithm)


def canonical_digest(document: JsonObject, *, algorithm: str = "sha256") -> bytes:
    """The digest of the canonical N-Quads of `document`. Raises as `canonical` does.

    The same endorsement is met when it is signed, when it is counted and each time that a badge
    around it is verified, so digests of exactly equal documents are remembered.
    """
    key = hashlib.sha256(f"{algorithm} {json.dumps(document, sort_keys=True)}".encode()).digest()
    return _remembered(
        key,
        lambda: hashlib.new(algorithm, canonical(document, algorithm=algorithm).encode()).digest(),
    )


_digests: OrderedDict[bytes, bytes] = OrderedDict()


def _remembered(key: bytes, compute: Callable[[], bytes]) -> bytes:
    known = _digests.get(key)
    if known is not None:
        return known
    digest = compute()
    _digests[key] = digest
    while len(_digests) > _CACHE_SIZE:
        _digests.popitem(last=False)
    return digest


def canonical_dataset(dataset: dict[str, Any], *, algorithm: str = "sha256") -> str:
    """The canonical N-Quads of an RDF dataset in PyLD's form. Raises Malformed for poison."""
    labelling = _BoundedRdfc10(algorithm)
    text: str = labelling.main(dataset, {"format": "application/n-quads"})
    return "".join(sorted(line.translate(_UNESCAPED) + "\n" for line in text.split("\n") if line))


class _BoundedRdfc10(URDNA2015):  # type: ignore[misc]
    """PyLD's labelling with RDFC-1.0 escapes before each hash, and a limit on its work."""

    def __init__(self, algorithm: str) -> None:
        super().__init__()
        self._algorithm = algorithm
        self._work = 0

    def create_hash(self) -> Any:
        return hashlib.new(self._algorithm)

    def hash_nquads(self, nquads: list[str]) -> str:
        escaped = sorted(quad[:-1].translate(_UNESCAPED) + "\n" for quad in nquads)
        result: str = super().hash_nquads(escaped)
        return result

    def hash_n_degree_quads(self, id_: str, issuer: IdentifierIssuer) -> dict[str, Any]:
        self.work()
        if not isinstance(issuer, _CountedIssuer):
            issuer = _CountedIssuer(issuer, self.work)
        result: dict[str, Any] = super().hash_n_degree_quads(id_, issuer)
        return result

    def work(self) -> None:
        self._work += 1
        if self._work > WORK_LIMIT:
            raise Malformed(
                "graph-poison", "The document's unnamed nodes are too alike to be put in order."
            )


class _CountedIssuer(IdentifierIssuer):  # type: ignore[misc]
    """An identifier issuer whose copies are counted: the algorithm copies it per permutation."""

    def __init__(self, source: IdentifierIssuer, work: Callable[[], None]) -> None:
        super().__init__(source.prefix)
        self.counter = source.counter
        self.existing = dict(source.existing)
        self.order = list(source.order)
        self._count = work

    def __deepcopy__(self, memo: dict[int, Any]) -> "_CountedIssuer":
        self._count()
        return _CountedIssuer(self, self._count)


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
            self._within[id(context)] = (context, resolved)
        return resolved


# Contexts within contexts that are remembered, about 20 kilobytes each; a badge has some thirty.
_CONTEXTS_WITHIN: Final = 512


def _dataset(document: JsonObject) -> dict[str, Any]:
    dropped: list[str] = []
    options = {
        "documentLoader": _load_context,
        "contextResolver": _pinned,
        "base": _BASE,
        "processingMode": "json-ld-1.1",
    }
    processor = _Expansion(on_property_dropped=dropped.append)
    try:
        with _one_at_a_time:
            expanded = processor.expand(document, options)
        if dropped:
            raise Malformed(
                "undefined-term", f"The term {str(dropped[0])!r} is not defined by the contexts."
            )
        _refuse_uncertain_iris(expanded)
        _refuse_crowd(expanded)
        with _one_at_a_time:
            dataset: dict[str, Any] = _ToRdf().to_rdf(expanded, options)
    except jsonld.JsonLdError as error:
        raise _explained(error) from error
    return dataset


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


def _refuse_crowd(expanded: Any) -> None:
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
    if sum(size * size for size in crowds.values()) > MOST_PAIRS:
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
