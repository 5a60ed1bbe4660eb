"""Which badges a rule means: `where` in the language of docs/degree.md."""

from dataclasses import dataclass

from degree.rules.records import Record, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Every part that is given must hold; none given takes any badge.

    `level` is the lowest level taken, `level_max` the highest, `mark` the lowest mark in tenths; a
    badge without a mark has none that is high enough.
    """

    tags: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    codes: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    circles: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()
    level: int = 0
    level_max: int | None = None
    mark: int | None = None
    rpl: bool | None = None
    all_of: tuple["Where", ...] = ()
    any_of: tuple["Where", ...] = ()
    negated: "Where | None" = None

    def takes(self, record: Record) -> bool:
        """Whether all that is asked for holds of the record."""
        return (
            record.level >= self.level
            and (self.level_max is None or record.level <= self.level_max)
            and (not self.tags or not self.tags.isdisjoint(record.tags))
            and (not self.kinds or record.kind in self.kinds)
            and (not self.roles or record.role in self.roles)
            and (not self.codes or record.code in self.codes)
            and (not self.issuers or record.issuer in self.issuers)
            and (not self.circles or record.circle in self.circles)
            and (not self.contexts or not self.contexts.isdisjoint(record.contexts))
            and (self.rpl is None or record.rpl is self.rpl)
            and (self.mark is None or (record.mark is not None and record.mark >= self.mark))
            and self._nested(record)
        )

    def _nested(self, record: Record) -> bool:
        return (
            all(part.takes(record) for part in self.all_of)
            and (not self.any_of or any(part.takes(record) for part in self.any_of))
            and (self.negated is None or not self.negated.takes(record))
        )


ANY = Where()
