"""An SVG read once from front to back for elements of given names, within limits.

Expat reports what stands where, and nothing is built from it: no tree, no entities, no document
type with rules of its own, nothing fetched. Names are resolved here and not by expat, which would
write the whole namespace out for each element. Sources: XML 1.0, Namespaces in XML 1.0.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from vc.errors import Malformed

NAMESPACE: Final = "http://www.w3.org/2000/svg"
DEEPEST: Final = 128  # levels; drawings that people make have some twenty
MOST_ELEMENTS: Final = 32_768
MOST_ATTRIBUTES: Final = 32_768
MOST_FOUND: Final = 16
LONGEST_TAG: Final = 2_097_152  # bytes; a photograph in an attribute has up to a million

# Expat goes on to the end of a slice after a refusal, and begins a long tag anew with each.
_SLICE: Final = 262_144  # bytes
_TAG: Final = re.compile(rb"<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*+>")
_ONE_READING: Final = frozenset({"utf-8", "us-ascii", "iso-8859-1"})

Name = tuple[str, str]  # namespace and local name


@dataclass(slots=True)
class Element:
    """An element that was looked for; `start` and `end` are where it stands, in bytes."""

    name: Name
    attributes: dict[str, str]
    start: int
    end: int
    text: str = ""


@dataclass(slots=True)
class Drawing:
    """What was met: the start tag of the root, and the elements looked for in their order."""

    root: Element
    elements: list[Element] = field(default_factory=list)


def read(image: bytes, *, names: Collection[Name], largest: int) -> Drawing:
    """The elements called `names` in an SVG, at any depth.

    `largest` bounds the text of one, in characters. Raises Malformed for whatever is no SVG, or one
    with entities, beyond the limits, or with something else within such an element.
    """
    if image.count(b"=") > MOST_ATTRIBUTES:
        raise Malformed("svg-limit", f"The SVG has more than {MOST_ATTRIBUTES:,} attributes.")
    reader = _Reader(image, frozenset(names), largest)
    parser = reader.parser
    try:
        for begin in range(0, len(image), _SLICE):
            parser.Parse(image[begin : begin + _SLICE], False)
            # What is not closed yet is kept whole, and given out in up to four bytes a letter.
            if begin + _SLICE - parser.CurrentByteIndex > LONGEST_TAG:
                raise Malformed("svg-limit", f"A tag is longer than {LONGEST_TAG:,} bytes.")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        place = f"line {error.lineno}"
        raise Malformed("svg", "The image is neither PNG nor sound SVG.", place=place) from error
    if reader.drawing is None:
        raise Malformed("svg", "The image is neither PNG nor SVG.")
    return reader.drawing


class _Reader:
    """What expat calls; it may raise, and expat hands the refusal on."""

    def __init__(self, image: bytes, names: frozenset[Name], largest: int) -> None:
        self.drawing: Drawing | None = None
        self._image = image
        self._names = names
        self._largest = largest
        self._count = 0
        # Which declarations each open element made, and what each is worth now.
        self._open: list[list[str]] = []
        self._bound: dict[str, list[str]] = {}
        self._inside: Element | None = None
        self._text: list[str] = []
        self._length = 0
        self.parser = self._parser()

    def _parser(self) -> expat.XMLParserType:
        # UTF-8 whatever the file declares: two encodings would be two readings.
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._document_type
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        return parser

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        declared = (encoding or "utf-8").lower()
        if declared not in _ONE_READING or (declared != "utf-8" and not self._image.isascii()):
            raise Malformed("svg-encoding", "The SVG is not written in UTF-8.")

    def _document_type(
        self, _name: str, _system: str | None, _public: str | None, own_rules: object
    ) -> None:
        # Published badges name the type of SVG 1.1; naming it changes nothing and fetches nothing.
        if own_rules:
            self._entity()

    def _entity(self, *_: object) -> None:
        raise Malformed("svg-entity", "The SVG brings entities or rules of its own.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) == DEEPEST or self._count > MOST_ELEMENTS:
            raise Malformed("svg-limit", "The SVG has too many elements, or nests them too deep.")
        if self._inside is not None:
            raise Malformed("baked", "Something else stands within the credential.")
        declared = [key for key in attributes if key == "xmlns" or key.startswith("xmlns:")]
        for key in declared:
            self._bound.setdefault(key, []).append(attributes[key])
        self._open.append(declared)
        if self.drawing is None:
            self._begin(name, attributes)
        elif (resolved := self._resolved(name)) in self._names:
            self._inside = self._looked_for(resolved, attributes)
            self._text, self._length = [], 0
            self.parser.CharacterDataHandler = self._characters

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        start = self.parser.CurrentByteIndex
        root = Element(self._resolved(name), attributes, start, self._tag(start))
        if root.name != (NAMESPACE, "svg"):
            raise Malformed("svg", "The image is neither PNG nor SVG.")
        self.drawing = Drawing(root)

    def _looked_for(self, name: Name, attributes: dict[str, str]) -> Element:
        start = self.parser.CurrentByteIndex
        end = self._tag(start)
        if b"&" in self._image[start:end]:
            # Expat leaves out what an unread document type might have defined, and says nothing.
            self._entity()
        return Element(name, attributes, start, end)

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._largest:
            sentence = f"The baked credential is over {self._largest:,} characters."
            raise Malformed("baked-size", sentence)
        self._text.append(text)

    def _end(self, _name: str) -> None:
        for key in self._open.pop():
            self._bound[key].pop()
        if self._inside is None or self.drawing is None:
            return
        element, self._inside = self._inside, None
        self.parser.CharacterDataHandler = None
        element.text = "".join(self._text)
        if not self._image.endswith(b"/>", element.start, element.end):
            element.end = self._image.index(b">", self.parser.CurrentByteIndex) + 1
        self.drawing.elements.append(element)
        if len(self.drawing.elements) > MOST_FOUND:
            raise Malformed("baked", f"The image holds more than {MOST_FOUND} credentials.")

    def _tag(self, start: int) -> int:
        """Where the start tag that begins at `start` ends."""
        found = _TAG.match(self._image, start)
        if found is None:
            raise Malformed("svg", "The image is neither PNG nor sound SVG.")
        return found.end()

    def _resolved(self, name: str) -> Name:
        prefix, _, local = name.rpartition(":")
        bound = self._bound.get(f"xmlns:{prefix}" if prefix else "xmlns")
        return (bound[-1] if bound else "", local)
