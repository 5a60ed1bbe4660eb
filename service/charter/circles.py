"""A community's circles, and the contexts from which their members come."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from service.charter.reading import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where somebody teaches; the code is `country-sector`."""

    code: str
    country: str
    sector: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A learning circle, the platform on which it meets, and the contexts of its members."""

    id: str
    name: str
    purpose: str
    platform: str
    link: str
    contexts: tuple[str, ...]


def read_contexts(path: Path) -> dict[str, Context]:
    """The contexts in contexts.csv, by code."""
    found: dict[str, Context] = {}
    for row in table(path, columns=("context", "country", "sector", "name")):
        context = Context(
            code=row.new("context", found),
            country=row.text("country"),
            sector=row.text("sector"),
            name=row.text("name"),
        )
        found[context.code] = context
    return found


def read_circles(path: Path, *, contexts: Collection[str]) -> dict[str, Circle]:
    """The circles in circles.csv, by id; each has members from two contexts or more."""
    found: dict[str, Circle] = {}
    columns = ("circle", "name", "purpose", "platform", "link", "contexts")
    for row in table(path, columns=columns):
        circle = Circle(
            id=row.new("circle", found),
            name=row.text("name"),
            purpose=row.text("purpose"),
            platform=row.text("platform"),
            link=row.text("link"),
            contexts=row.all_chosen("contexts", contexts),
        )
        if len(circle.contexts) < 2:
            raise row.fault("contexts", "A circle has members from two contexts or more.")
        found[circle.id] = circle
    return found
