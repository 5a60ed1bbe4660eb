"""What people call the rules, awards and badges that exceptions name."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from degree.rules.exact import CreditUnit, amount_in
from degree.rules.programme import Programme
from degree.rules.records import Record, Wallet
from degree.rules.saying import spoken, title
from degree.wording import day

_AWARD: Final = re.compile(r"awards\.([^.]+)\.")

Named = tuple[str, str]  # a name of the programme or wallet, and what people call it


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What awards and badges are called, by their ids."""

    awards: Mapping[str, str]
    badges: Mapping[str, str]

    def rule(self, path: str) -> str:
        """A rule within a sentence, and for which award: "“Electives” for the MSc"."""
        award = self._award(path)
        return f"“{title(path)}” for the {award}" if award else f"“{title(path)}”"

    def badge(self, record_id: str) -> str:
        """A badge by its title, with the day where two have the same."""
        return self.badges.get(record_id, record_id)

    def rules(self, paths: Iterable[str]) -> tuple[Named, ...]:
        """Rules to choose from, those of each award together, no two called the same."""
        order = [*self.awards, ""]
        found = sorted(paths, key=lambda path: (order.index(self._award_id(path)), path))
        called = {path: self._listed(path) for path in found}
        for same in (lambda path: spoken(path.rpartition(".")[2]), str):
            times = Counter(called.values())
            for path in found:
                if times[called[path]] > 1:
                    called[path] = f"{self._listed(path)} ({same(path)})"
        return tuple(called.items())

    def _listed(self, path: str) -> str:
        award = self._award(path)
        return f"{award}: {title(path)}" if award else title(path)

    def _award_id(self, path: str) -> str:
        found = _AWARD.match(path)
        return found[1] if found and found[1] in self.awards else ""

    def _award(self, path: str) -> str:
        return self.awards.get(self._award_id(path), "")


def names_of(programmes: Iterable[Programme], wallet: Wallet) -> Names:
    """The names in these versions of a programme, the later one's counting, and in a wallet."""
    titles = Counter(record.title for record in wallet.records)
    return Names(
        awards={award.id: award.title for one in programmes for award in one.awards},
        badges={
            record.id: record.title if titles[record.title] == 1 else _dated(record)
            for record in wallet.records
        },
    )


def badges_of(records: Iterable[Record], unit: CreditUnit) -> tuple[Named, ...]:
    """Badges to choose from, with the day on which the activity ended and the credits."""
    return tuple(
        (record.id, f"{_dated(record)}, {amount_in(unit, record.credits_tenths)}")
        for record in records
    )


def _dated(record: Record) -> str:
    return f"{record.title}, {day(record.activity_end)}"
