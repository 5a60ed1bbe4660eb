"""One wallet before one version of a programme: what all its awards need to know of the records."""

from dataclasses import dataclass
from functools import cached_property

from degree.rules.concessions import Relief
from degree.rules.filters import ANY
from degree.rules.programme import Bucket, Programme
from degree.rules.records import Record, Wallet


@dataclass(frozen=True)
class Case:
    """`records` may count, in canonical order; those of `admitted` by a concession alone.

    With `hoping` the pending records are among them and pending attestations count as yes;
    otherwise as no.
    """

    programme: Programme
    wallet: Wallet
    records: tuple[Record, ...]
    admitted: frozenset[str]
    relief: Relief
    hoping: bool

    @cached_property
    def credits(self) -> tuple[int, ...]:
        """Tenths of credit of each record."""
        return tuple(record.credits_tenths for record in self.records)

    @cached_property
    def failed(self) -> frozenset[int]:
        """The records below the pass mark, by number."""
        mark = self.programme.pass_mark
        return frozenset(
            number
            for number, record in enumerate(self.records)
            if mark is not None and record.mark is not None and record.mark < mark
        )

    @cached_property
    def _taken(self) -> dict[str, tuple[int, ...]]:
        return {}

    def taken(self, bucket: Bucket) -> tuple[int, ...]:
        """The records that the bucket takes, by number."""
        if bucket.name not in self._taken:
            found, accepted = self._fitting(bucket), self.relief.accepted
            if accepted or self.admitted:
                fits = frozenset(found)
                found = [
                    number
                    for number, record in enumerate(self.records)
                    if (number in fits and record.id not in self.admitted)
                    or (record.id, bucket.name) in accepted
                ]
            self._taken[bucket.name] = tuple(found)
        return self._taken[bucket.name]

    def _fitting(self, bucket: Bucket) -> list[int]:
        """The records that fit without any concession."""
        records, takes = self.records, bucket.where.takes
        found = list(range(len(records)))
        if not bucket.rpl:
            found = [number for number in found if not records[number].rpl]
        if bucket.min_mark is not None:
            found = [number for number in found if _reaches(records[number], bucket.min_mark)]
        if self.failed:
            floor = self.condoned_from(bucket)
            found = [
                number
                for number in found
                if number not in self.failed
                or (floor is not None and _reaches(records[number], floor))
            ]
        if bucket.where == ANY:
            return found
        return [number for number in found if takes(records[number])]

    def condoned_from(self, bucket: Bucket) -> int | None:
        """The lowest mark of a failed badge that may count in the bucket."""
        rule = self.programme.condonement
        if rule is None or not bucket.compensatable or bucket.name in rule.not_in:
            return None
        return rule.mark_floor


def _reaches(record: Record, mark: int) -> bool:
    return record.mark is not None and record.mark >= mark
