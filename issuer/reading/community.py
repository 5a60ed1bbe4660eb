"""Who is a member, what is known of each, and who took part: for the desk and for providers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from issuer import roll
from issuer.peers.activity import Part
from issuer.reading.store import Reader, ReadingStore
from issuer.states import ActivityState
from issuer.tables.community import CircleRow, ContextRow, MemberRow
from issuer.tables.judging import ActivityRow
from vc.errors import Forbidden, Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A member as the desk knows them; `calibrated` are the ids of rubrics, in their order."""

    person_id: str
    name: str
    circle: str
    context: str
    joined_on: date
    has_wallet: bool
    identity_confirmed_at: datetime | None
    calibrated: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose in a form: what it is known by, and what people call it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredConflict:
    """A conflict of interest that a member declared."""

    other: str
    declared_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """One line of an activity's roll; `is_reader` says that it is the reader's own."""

    person_id: str
    name: str
    context: str
    part: str
    confirmed_at: datetime | None
    is_reader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RollView:
    """Who took part in an activity; attendance can be confirmed while it is open."""

    is_open: bool
    lines: tuple[Present, ...]


class CommunityRecord:
    """Reads what is recorded of members."""

    def __init__(self, store: ReadingStore) -> None:
        self._store = store

    def members(self, search: str = "") -> tuple[Enrolled, ...]:
        """The members whose name has the words, by name."""
        words = search.strip().casefold()
        with self._store.reader() as reader:
            rows = [row for row in reader.every(MemberRow) if words in row.name.casefold()]
            return tuple(sorted(_enrolled(reader, rows), key=lambda one: one.name.casefold()))

    def member(self, person_id: str) -> Enrolled:
        """One member. Raises Missing."""
        with self._store.reader() as reader:
            (found,) = _enrolled(reader, [reader.get(MemberRow, person_id)])
            return found

    def rubrics(self) -> tuple[Choice, ...]:
        """Every rubric that was published, whatever its versions, by title."""
        with self._store.reader() as reader:
            known = [roll.rubric_of(reader, row.digest) for row in reader.rules("rubric")]
        titles = {rubric.id: rubric.title for rubric in known}
        return _choices(titles.items())

    def contexts(self) -> tuple[Choice, ...]:
        """The contexts from which members come, by name."""
        with self._store.reader() as reader:
            return _choices((row.id, row.name) for row in reader.every(ContextRow))

    def conflicts(self, person_id: str) -> tuple[DeclaredConflict, ...]:
        """What a member declared, the latest first."""
        with self._store.reader() as reader:
            rows = [row for row in reader.conflicts([person_id]) if row.person_id == person_id]
            found = [
                DeclaredConflict(
                    other=reader.get(MemberRow, row.other_id).name, declared_at=row.declared_at
                )
                for row in rows
            ]
        return tuple(sorted(found, key=lambda one: one.declared_at, reverse=True))

    def others(self, person_id: str) -> tuple[Choice, ...]:
        """All members but one, with whom no conflict was declared by that one; by name."""
        with self._store.reader() as reader:
            declared = {row.other_id for row in reader.conflicts([person_id])}
            return _choices(
                (row.person_id, row.name)
                for row in reader.every(MemberRow)
                if row.person_id not in {person_id, *declared}
            )

    def roll(self, tenant: str, activity_id: str, *, reader_id: str, at_desk: bool) -> RollView:
        """Who took part, makers first. Raises Missing, Forbidden for who does not provide it."""
        with self._store.reader() as reader:
            row = reader.find(ActivityRow, activity_id)
            if row is None or reader.get(CircleRow, row.circle_id).tenant_id != tenant:
                raise Missing("activity", "There is no such activity.")
            parts = reader.participations(activity_id)
            provides = any(p.person_id == reader_id and p.part == Part.PROVIDER for p in parts)
            if not (provides or at_desk):
                raise Forbidden("provider", "Only who provides the activity sees its roll.")
            members = {m.person_id: m for m in reader.members([p.person_id for p in parts])}
            lines = [
                Present(
                    person_id=part.person_id,
                    name=members[part.person_id].name,
                    context=reader.get(ContextRow, members[part.person_id].context_id).name,
                    part=part.part,
                    confirmed_at=part.confirmed_at,
                    is_reader=part.person_id == reader_id,
                )
                for part in parts
            ]
        lines.sort(key=lambda line: (line.part == Part.PARTICIPANT, line.name.casefold()))
        return RollView(is_open=row.state == ActivityState.OPEN, lines=tuple(lines))


def _enrolled(reader: Reader, rows: Iterable[MemberRow]) -> Iterable[Enrolled]:
    rows = list(rows)
    circles = {row.id: row.name for row in reader.every(CircleRow)}
    contexts = {row.id: row.name for row in reader.every(ContextRow)}
    known = roll.members(reader, rows)
    for row in rows:
        yield Enrolled(
            person_id=row.person_id,
            name=row.name,
            circle=circles[row.circle_id],
            context=contexts[row.context_id],
            joined_on=row.joined_on,
            has_wallet=row.did is not None,
            identity_confirmed_at=row.identity_confirmed_at,
            calibrated=tuple(sorted(known[row.person_id].calibrated)),
        )


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    named = [Choice(id=key, name=name) for key, name in pairs]
    return tuple(sorted(named, key=lambda choice: choice.name.casefold()))
