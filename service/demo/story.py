"""What happens after badges were earned, and the names from which larger communities are made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from service.charter.reading import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That one of a person's badges is revoked or suspended, when and why."""

    person: str
    reason: str
    on: date
    by_audit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """That a reader opened a share link, with how many badges, when and for what purpose."""

    person: str
    reader: str
    purpose: str
    on: date
    badges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`conferred` is the person to whom the degree is conferred when the rules are met."""

    revocations: tuple[Withdrawal, ...]
    suspensions: tuple[Withdrawal, ...]
    shares: tuple[Opening, ...]
    conferred: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Names, learners and settings of one context."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    learners: tuple[str, ...]
    setting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """From what further people are composed."""

    profiles: tuple[str, ...]
    origins: Mapping[str, Origin]


def read_story(entry: Entry, *, people: Collection[str]) -> Story:
    """The story in the mapping of story.yaml. Raises Malformed."""
    story = Story(
        revocations=tuple(_withdrawal(each, people) for each in entry.entries("revocations")),
        suspensions=tuple(_withdrawal(each, people) for each in entry.entries("suspensions")),
        shares=tuple(_opening(each, people) for each in entry.entries("shares")),
        conferred=entry.chosen("conferred", people),
    )
    entry.done()
    return story


def read_names(entry: Entry, *, contexts: Collection[str]) -> Names:
    """The names in the mapping of names.yaml, for every context. Raises Malformed."""
    by_context = entry.entry("contexts")
    names = Names(
        profiles=entry.texts("profiles"),
        origins={context: _origin(by_context.entry(context)) for context in contexts},
    )
    by_context.done()
    entry.done()
    return names


def _withdrawal(entry: Entry, people: Collection[str]) -> Withdrawal:
    withdrawal = Withdrawal(
        person=entry.chosen("person", people),
        reason=entry.text("reason"),
        on=entry.date("date"),
        by_audit=entry.flag("by_audit") if "by_audit" in entry else False,
    )
    entry.done()
    return withdrawal


def _opening(entry: Entry, people: Collection[str]) -> Opening:
    opening = Opening(
        person=entry.chosen("person", people),
        reader=entry.text("reader"),
        purpose=entry.text("purpose"),
        on=entry.date("opened"),
        badges=entry.integer("badges"),
    )
    entry.done()
    return opening


def _origin(entry: Entry) -> Origin:
    origin = Origin(
        given=entry.texts("given"),
        family=entry.texts("family"),
        learners=entry.texts("learners"),
        setting=entry.texts("setting"),
    )
    entry.done()
    return origin
