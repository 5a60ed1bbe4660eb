"""The menu of badges: what can be earned, where, and by how many it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from issuer import roll
from issuer.addresses import Addresses
from issuer.peers.rubric import Rubric
from issuer.reading.store import ReadingStore
from issuer.states import ActivityState
from issuer.tables.community import AchievementRow, TenantRow
from issuer.tables.judging import ActivityRow
from vc.errors import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """One badge of the menu; `url` is its id in credentials, and `path` that on this site."""

    id: str
    url: str
    name: str
    description: str
    kind: str
    level: int
    credits_tenths: int
    themes: tuple[str, ...]
    holders: int

    @property
    def path(self) -> str:
        """Where its page is."""
        return urlsplit(self.url).path

    @property
    def uk_credits(self) -> str:
        """UK credits, such as 12.5."""
        return f"{self.credits_tenths / 10:g}"

    @property
    def ects(self) -> str:
        """ECTS credits: half of the UK credits (QAA)."""
        return f"{self.credits_tenths / 20:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPage:
    """The entries that match a filter, and all themes and levels there are to choose from."""

    entries: tuple[MenuEntry, ...]
    total: int
    themes: tuple[str, ...]
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An activity in which a badge can be earned, or was."""

    path: str
    title: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementView:
    """All that the menu says of one badge. `alignments` have framework, code, name and url."""

    entry: MenuEntry
    issuer: str
    criteria: str
    rubric: Rubric
    alignments: tuple[Mapping[str, str], ...]
    open_in: tuple[Place, ...]
    earned_in: tuple[Place, ...]


class Menu:
    """Reads the menu of all tenants."""

    def __init__(self, store: ReadingStore, *, origin: str) -> None:
        self._store = store
        self._origin = origin

    def page(self, *, theme: str = "", level: int | None = None) -> MenuPage:
        """The menu, of one theme or level if asked, from the highest level and credit down."""
        with self._store.reader() as reader:
            holders = reader.holders()
            rows = reader.every(AchievementRow)
            entries = [entry(row, self._origin, holders.get(row.id, 0)) for row in rows]
        entries.sort(key=lambda e: (-e.level, -e.credits_tenths, e.name))
        return MenuPage(
            entries=tuple(
                e for e in entries if theme in ("", *e.themes) and level in (None, e.level)
            ),
            total=len(entries),
            themes=tuple(sorted({name for e in entries for name in e.themes})),
            levels=tuple(sorted({e.level for e in entries})),
        )

    def achievement(self, tenant: str, achievement_id: str) -> AchievementView:
        """One badge of the menu. Raises Missing."""
        with self._store.reader() as reader:
            row = reader.find(AchievementRow, achievement_id)
            if row is None or row.tenant_id != tenant:
                raise Missing("achievement", "There is no such badge on the menu.")
            addresses = Addresses(self._origin, tenant)
            places = [(a.state, _place(a, addresses)) for a in reader.leading_to(row.id)]
            going_on = {ActivityState.PROPOSED, ActivityState.OPEN}
            return AchievementView(
                entry=entry(row, self._origin, reader.holders().get(row.id, 0)),
                issuer=reader.get(TenantRow, tenant).name,
                criteria=row.criteria,
                rubric=roll.rubric_of(reader, row.rubric_digest),
                alignments=tuple(row.alignments),
                open_in=tuple(place for state, place in places if state in going_on),
                earned_in=tuple(place for state, place in places if state not in going_on),
            )


def entry(row: AchievementRow, origin: str, holders: int = 0) -> MenuEntry:
    """A badge as the menu lists it."""
    return MenuEntry(
        id=row.id,
        url=Addresses(origin, row.tenant_id).achievement(row.id),
        name=row.name,
        description=row.description,
        kind=row.achievement_type,
        level=row.level,
        credits_tenths=row.credits_tenths,
        themes=tuple(row.tags),
        holders=holders,
    )


def _place(row: ActivityRow, addresses: Addresses) -> Place:
    path = urlsplit(addresses.activity(row.id)).path
    return Place(path=path, title=row.title, state=row.state)
