"""The question for one award: which badge counts where, under which requirements.

posing.py builds it from a programme and a wallet; allocation.py answers it.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from degree.rules.across import Different, InOrder, Share, Spread
from degree.rules.programme import Award
from degree.rules.records import Record
from degree.rules.requirements import Ceiling, Floor, Requirement

Burden = tuple[int, int]  # the number of a ceiling, and the amount under it


@dataclass(frozen=True)
class Problem:
    """`homes[i]` are the indices of the parts that record i may fill; its order is canonical."""

    award: Award
    records: tuple[Record, ...]
    homes: tuple[tuple[int, ...], ...]
    requirements: tuple[Requirement, ...]

    @cached_property
    def credits(self) -> tuple[int, ...]:
        """Tenths of credit of each record."""
        return tuple(record.credits_tenths for record in self.records)

    @cached_property
    def floors(self) -> tuple[Floor, ...]:
        """The requirements that ask for credit."""
        return tuple(rule for rule in self.requirements if isinstance(rule, Floor))

    @cached_property
    def ceilings(self) -> tuple[Ceiling, ...]:
        """The requirements that bound credit or badges; burdens name them by number."""
        return tuple(rule for rule in self.requirements if isinstance(rule, Ceiling))

    @cached_property
    def across(self) -> tuple[Different | Spread | Share, ...]:
        """The requirements that look across all counted badges."""
        return tuple(
            rule for rule in self.requirements if isinstance(rule, Different | Spread | Share)
        )

    @cached_property
    def orders(self) -> tuple[InOrder, ...]:
        """The prerequisites."""
        return tuple(rule for rule in self.requirements if isinstance(rule, InOrder))

    @cached_property
    def burdens(self) -> tuple[dict[int, tuple["Burden", ...]], ...]:
        """For each item and each of its homes the ceilings that it would weigh on."""
        return tuple(
            {
                home: tuple(
                    (number, ceiling.amounts[item])
                    for number, ceiling in enumerate(self.ceilings)
                    if ceiling.amounts[item] and ceiling.part in (None, home)
                )
                for home in homes
            }
            for item, homes in enumerate(self.homes)
        )

    @cached_property
    def twin_before(self) -> tuple[int | None, ...]:
        """For each item an earlier one that no requirement can tell from it, or None."""
        seen: dict[object, int] = {}
        before = []
        for item in range(len(self.records)):
            homes = self.homes[item]
            likeness = (homes, *(_seen_by(rule, item, homes) for rule in self.requirements))
            before.append(seen.get(likeness))
            seen[likeness] = item
        return tuple(before)

    def without(self, path: str) -> "Problem":
        """The same question without one requirement."""
        kept = tuple(rule for rule in self.requirements if rule.path != path)
        return replace(self, requirements=kept)


def _seen_by(rule: Requirement, item: int, homes: tuple[int, ...]) -> object:
    """All that the requirement knows of the item."""
    match rule:
        case Floor() | Ceiling():
            return rule.amounts[item]
        case Different():
            return rule.labels[item]
        case Spread():
            return rule.contexts[item], rule.credits[item]
        case Share():
            judges = tuple(judge for judge, items in rule.judged.items() if item in items)
            return rule.credits[item], judges
        case InOrder() if rule.before not in homes and rule.after not in homes:
            return None
        case InOrder():
            return rule.records[item].activity_start, rule.records[item].activity_end
        case _:
            return item
