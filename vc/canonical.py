"""From a JSON-LD document to the canonical N-Quads that are signed (RDFC-1.0)."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pyld.canon import URDNA2015
from pyld.identifier_issuer import IdentifierIssuer
from pyld.nquads import serialize_nquads

from vc.documents import JsonObject, is_learner_record
from vc.effort import spend, steps_in
from vc.errors import Malformed
from vc.json_ld import Dataset, expand, to_dataset

# RDFC-1.0 section 7.1 obliges implementations to bound the work on poisoned graphs. Counted in
# looks at a node and copies of an issuer, some 4 microseconds each, with one more for so many
# labels in it; a real credential needs none or a few dozen.
WORK_LIMIT: Final = 10_000
_LABELS: Final = 16
# Steps of vc.effort in one document; a badge with thirty judges takes 1,500.
MOST_STEPS: Final = 11_000
# In a learner record, whose canonical form has those of all credentials in it; a badge adds 640.
MOST_STEPS_OF_A_RECORD: Final = 28_000

# C0 controls and DEL that N-Quads escapes as \uXXXX in canonical form (RDFC-1.0 section 5), and
# that PyLD 3.3.0 leaves as they are; \t \n \r it escapes itself.
_UNESCAPED: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F) if code not in (9, 10, 13)},
    8: "\\b",
    12: "\\f",
}


def canonical(document: JsonObject, *, algorithm: str = "sha256") -> str:
    """The canonical N-Quads of `document`, lines ended by newline, sorted.

    `algorithm` hashes while blank nodes are labelled. Raises Malformed for a term, context, IRI or
    value whose meaning is not certain, and for a graph whose blank nodes would take too long to
    label; Exhausted within a limit of vc.effort. The last few are remembered: each of a document's
    proofs asks for the same.
    """
    _expect_possible(document)
    return _canonical(document, algorithm).value


def canonical_digest(document: JsonObject, *, algorithm: str = "sha256") -> bytes:
    """The digest of the canonical N-Quads of `document`. Raises as `canonical` does.

    The same endorsement is met when it is signed, when it is counted and each time that a badge
    around it is verified, so digests of exactly equal documents are remembered.
    """
    _expect_possible(document)

    def digested() -> _Worked[bytes]:
        text = _canonical(document, algorithm)
        return _Worked(hashlib.new(algorithm, text.value.encode()).digest(), text.labelling)

    return _digests.of(_key(document, algorithm), digested).value


def _expect_possible(document: JsonObject) -> None:
    """Raises Malformed for too large a document, Exhausted where the whole was too large."""
    steps = steps_in(document)
    most = MOST_STEPS_OF_A_RECORD if is_learner_record(document) else MOST_STEPS
    if steps > most:
        raise Malformed("crowd", "The document holds too much to be put in canonical form.")
    spend(steps=steps)


def _canonical(document: JsonObject, algorithm: str) -> "_Worked[str]":
    return _texts.of(
        _key(document, algorithm), lambda: _ordered(to_dataset(expand(document)), algorithm)
    )


def _key(document: JsonObject, algorithm: str) -> bytes:
    return hashlib.sha256(f"{algorithm} {json.dumps(document, sort_keys=True)}".encode()).digest()


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Worked(Generic[Value]):
    """What was made of a document, and the labelling that it took."""

    value: Value
    labelling: int


class _Remembered(Generic[Value]):
    """What was made of the last documents that were asked for.

    Whoever asks again is charged again, so that no verdict hangs on what was met before.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[bytes, _Worked[Value]] = OrderedDict()

    def of(self, key: bytes, compute: Callable[[], _Worked[Value]]) -> _Worked[Value]:
        known = self._values.get(key)
        if known is not None:
            spend(labelling=known.labelling)
            self._values.move_to_end(key)
            return known
        value = compute()
        self._values[key] = value
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value


_digests: Final = _Remembered[bytes](8_192)  # about 150 bytes each
_texts: Final = _Remembered[str](4)  # of half a megabyte at most


def canonical_dataset(dataset: Dataset, *, algorithm: str = "sha256") -> str:
    """The canonical N-Quads of an RDF dataset. Raises Malformed for poison."""
    return _ordered(dataset, algorithm).value


def _ordered(dataset: Dataset, algorithm: str) -> _Worked[str]:
    labelling = _BoundedRdfc10(algorithm)
    text: str = labelling.main(dataset, {"format": "application/n-quads"})
    return _Worked("".join(sorted(_lines(text))), labelling.worked)


def canonical_labels(dataset: Dataset) -> dict[str, str]:
    """The canonical label (`_:c14n0`) of each blank node. Raises Malformed for poison."""
    labelling = _BoundedRdfc10("sha256")
    labelling.main(dataset, {"format": "application/n-quads"})
    return dict(labelling.canonical_issuer.existing)


def statements(dataset: Dataset) -> list[str]:
    """The N-Quads of a dataset with the blank nodes' labels as they are, sorted, each once."""
    return sorted(set(_lines(serialize_nquads(dataset))))


def _lines(text: str) -> Iterator[str]:
    return (line.translate(_UNESCAPED) + "\n" for line in text.split("\n") if line)


class _BoundedRdfc10(URDNA2015):  # type: ignore[misc]
    """PyLD's labelling with RDFC-1.0 escapes before each hash, and a limit on its work."""

    def __init__(self, algorithm: str) -> None:
        super().__init__()
        self._algorithm = algorithm
        self.worked = 0

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

    def work(self, labels: int = 0) -> None:
        """Count a look at a node, or a copy of an issuer with so many labels."""
        amount = 1 + labels // _LABELS
        self.worked += amount
        if self.worked > WORK_LIMIT:
            raise Malformed(
                "graph-poison", "The document's unnamed nodes are too alike to be put in order."
            )
        spend(labelling=amount)


class _CountedIssuer(IdentifierIssuer):  # type: ignore[misc]
    """An identifier issuer whose copies are counted: the algorithm copies it per permutation."""

    def __init__(self, source: IdentifierIssuer, work: Callable[[int], None]) -> None:
        super().__init__(source.prefix)
        self.counter = source.counter
        self.existing = dict(source.existing)
        self.order = list(source.order)
        self._count = work

    def __deepcopy__(self, memo: dict[int, Any]) -> "_CountedIssuer":
        self._count(len(self.existing))
        return _CountedIssuer(self, self._count)
