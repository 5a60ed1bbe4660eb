"""One wallet before one version of a programme: what all its awards need to know of the records."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from degree.rules.concessions import Relief
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
            fits, accepted = self._fits(bucket), self.relief.accepted
            self._taken[bucket.name] = tuple(
                number
                for number, record in enumerate(self.records)
                if (record.id not in self.admitted and fits(number, record))
                or (accepted and (record.id, bucket.name) in accepted)
            )
        return self._taken[bucket.name]

    def _fits(self, bucket: Bucket) -> Callable[[int, Record], bool]:
        """Whether a record fits without any concession."""
        failed, takes, mark = self.failed, bucket.where.takes, bucket.min_mark
        floor = self.condoned_from(bucket)

        def fits(number: int, record: Record) -> bool:
            if record.rpl and not bucket.rpl:
                return False
            if mark is not None and (record.mark is None or record.mark < mark):
                return False
            if number in failed and (floor is None or record.mark is None or record.mark < floor):
                return False
            return takes(record)

        return fits

    def condoned_from(self, bucket: Bucket) -> int | None:
        """The lowest mark of a failed badge that may count in the bucket."""
        rule = self.programme.condonement
        if rule is None or not bucket.compensatable or bucket.name in rule.not_in:
            return None
        return rule.mark_floor
