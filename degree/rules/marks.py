"""The rows about marks: condonement, and what a class of an award asks for."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from degree.rules.exact import credits_text
from degree.rules.programme import Class, Classification, Criteria
from degree.rules.rows import Counts, Term
from degree.rules.writing import Writing

_HALF: Final = 5  # tenths of a mark


def write_condonement(writing: Writing) -> None:
    """What holds when failed badges count."""
    rule = writing.case.programme.condonement
    failed = [n for n in writing.able if n in writing.case.failed]
    if rule is None or not failed:
        return
    credits_ = writing.credits(None)
    theirs = {n: credits_[n] for n in failed if n in credits_}
    name = f"{rule.path}.max_credits"
    writing.limit(name, rule.max_credits, None, theirs, counts=Counts.CREDITS)
    if rule.mean is None:
        return
    used = writing.choice(f"{rule.path}.used")
    writing.row(
        f"{rule.path}.used",
        asks=True,
        bound=0,
        terms=(Term(None, dict.fromkeys(failed, 1), times=-1),),
        choices={used: len(failed)},
    )
    name = f"{rule.path}.mean_at_least"
    mean = _asked(writing, name, rule.mean)
    _write_mean(writing, name, None, mean, when=used)


def write_class(writing: Writing, class_: Class) -> None:
    """What a class asks for beside the award."""
    rules = writing.case.programme.classification
    assert rules is not None  # a class belongs to one
    name, graded = f"{class_.path}.graded", _graded(writing, None)
    least = max(1, int(writing.amount(name, rules.graded_at_least, Counts.CREDITS)))
    writing.ask(name, least, None, graded, counts=Counts.CREDITS, fixed=True)
    _write_criteria(writing, rules, class_.criteria, when=None)
    if class_.first_attempts:
        records = writing.case.records
        resits = {n: 1 for n in writing.able if not records[n].first_attempt}
        name = f"{class_.path}.first_attempts"
        writing.limit(name, 0, None, resits, counts=Counts.BADGES, fixed=True)
    if _is_above_cap(writing, rules, class_):
        failed = dict.fromkeys((n for n in writing.able if n in writing.case.failed), 1)
        name = f"{class_.path}.uncondoned"
        writing.limit(name, 0, None, failed, counts=Counts.BADGES, fixed=True)
    if class_.alternatives:
        path = f"{class_.path}.any_of"
        choices = {writing.choice(criteria.path): 1 for criteria in class_.alternatives}
        for choice, criteria in zip(choices, class_.alternatives, strict=True):
            _write_criteria(writing, rules, criteria, when=choice)
        writing.row(path, asks=True, bound=1, choices=choices)


def _write_criteria(
    writing: Writing, rules: Classification, criteria: Criteria, *, when: int | None
) -> None:
    path = criteria.path
    if criteria.mean is not None:
        mean = _asked(writing, f"{path}.mean", criteria.mean, half_up=rules.half_up)
        _write_mean(writing, f"{path}.mean", None, mean, when=when)
    for bucket, written in sorted(criteria.bucket_means.items()):
        name, number = f"{path}.bucket_means.{bucket}", _number(writing, bucket)
        mean = _asked(writing, name, written, half_up=rules.half_up)
        _write_mean(writing, name, number, mean, when=when, listed=number is not None)
        # A mean of nothing does not exist.
        some = {} if number is None else _graded(writing, number)
        name = f"{path}.graded.{bucket}"
        writing.ask(name, 1, number, some, counts=Counts.OTHER, when=when, fixed=True)
    graded = _graded(writing, None)
    for mark, amount in sorted(criteria.credits_at.items()):
        name = f"{path}.credits_at.{credits_text(mark)}"
        reached = _reaching(writing, graded, mark)
        writing.ask(name, amount, None, reached, counts=Counts.CREDITS, when=when)
    for mark, written_share in sorted(criteria.share_at.items()):
        name = f"{path}.share_at.{credits_text(mark)}"
        share = writing.amount(name, written_share, Counts.OTHER)
        writing.ratio(name, None, _reaching(writing, graded, mark), graded, share, when=when)


def _asked(writing: Writing, name: str, mean: int, *, half_up: bool = False) -> int:
    """The mean that is enough, in tenths of a mark."""
    granted = writing.case.relief.amount(name)
    asked = mean if granted is None else int(granted * 10)
    return asked - _HALF if half_up else asked


def _write_mean(
    writing: Writing,
    name: str,
    bucket: int | None,
    mean: int,
    *,
    when: int | None,
    listed: bool = True,
) -> None:
    """The mean over graded records, weighted by credit, against tenths of a mark."""
    records = writing.case.records
    graded = _graded(writing, bucket) if listed else {}
    marks = {n: amount * (records[n].mark or 0) for n, amount in graded.items()}
    writing.ratio(name, bucket, marks, graded, Fraction(mean), when=when)


def _graded(writing: Writing, bucket: int | None) -> dict[int, int]:
    rules = writing.case.programme.classification
    prior = rules is None or rules.rpl_marks
    return writing.credits(bucket, lambda r: r.mark is not None and (prior or not r.rpl))


def _reaching(writing: Writing, graded: Mapping[int, int], mark: int) -> dict[int, int]:
    records = writing.case.records
    return {n: amount for n, amount in graded.items() if (records[n].mark or 0) >= mark}


def _number(writing: Writing, bucket: str) -> int | None:
    """The bucket's number in the award; None where the award has no such bucket."""
    names = writing.award.bucket_names
    return names.index(bucket) if bucket in names else None


def _is_above_cap(writing: Writing, rules: Classification, class_: Class) -> bool:
    """Whether condoned badges keep an award below this class."""
    rule = writing.case.programme.condonement
    if rule is None:
        return False
    ids = [each.id for each in rules.classes]
    return rule.cap_class not in ids or ids.index(class_.id) < ids.index(rule.cap_class)
