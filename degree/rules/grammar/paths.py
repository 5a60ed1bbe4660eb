"""The paths of a programme's rules, as messages, proofs and concessions name them."""

from collections.abc import Iterator

from degree.rules.exact import credits_text
from degree.rules.programme import (
    Award,
    Class,
    Condonement,
    Criteria,
    Distinct,
    Part,
    Programme,
    Sharing,
)
from degree.rules.requirements import Filled, everything


def paths(programme: Programme) -> frozenset[str]:
    """Every path that a concession can touch: of rules, and of buckets and obligations whole."""
    return frozenset(_paths(programme))


def waivable(programme: Programme) -> frozenset[str]:
    """The paths of rules that a concession can waive.

    Buckets are waived for one award, years are forgiven one by one, and what has no row is nothing.
    """
    idle = {f"buckets.{name}" for name in programme.listed_buckets}
    if programme.obligations:
        idle.add(programme.obligations.path)
    if programme.sharing and programme.sharing.max_badges is None:
        idle.add(f"{programme.sharing.path}.max_badges")
    return paths(programme) - idle


def reducible(programme: Programme) -> frozenset[str]:
    """Those of them that have an amount, which a concession can make another."""
    classes = programme.classification.classes if programme.classification else ()
    plain = {f"{class_.path}.first_attempts" for class_ in classes}
    plain |= {rule.path for rule in programme.prerequisites}
    plain |= {rule.path for rule in programme.needs}
    plain |= {rule.path for rule in programme.exclusions}
    for award in programme.awards:
        required = everything(award.requires)
        plain |= {each.path for each in required if not isinstance(each, Filled)}
    return waivable(programme) - plain


def _paths(programme: Programme) -> Iterator[str]:
    for award in programme.awards:
        yield from _of_award(award)
        yield from (f"buckets.{part.bucket.name}" for part in award.parts)
    for distinct in programme.distinct:
        yield from _of_distinct(distinct)
    yield from (rule.path for rule in programme.prerequisites)
    yield from (rule.path for rule in programme.needs)
    yield from (rule.path for rule in programme.exclusions)
    if programme.sharing:
        yield from _of_sharing(programme.sharing)
    if programme.condonement:
        yield from _of_condonement(programme.condonement)
    for class_ in programme.classification.classes if programme.classification else ():
        yield from _of_class(class_)
    if programme.obligations:
        yield programme.obligations.path


def _of_award(award: Award) -> Iterator[str]:
    yield f"{award.path}.credits"
    for name in ("rpl_cap", "reuse_cap", "max_registration_years"):
        if getattr(award, name) is not None:
            yield f"{award.path}.{name}"
    yield from (level.path for level in (*award.floors, *award.ceilings))
    yield from (bound.path for bound in (*award.at_least, *award.at_most))
    for part in award.parts:
        yield from _of_part(part)
    for child in award.requires.children:
        yield from (each.path for each in everything(child) if not isinstance(each, Filled))


def _of_part(part: Part) -> Iterator[str]:
    bucket = part.bucket
    yield part.path
    if bucket.min_badges:
        yield f"{part.path}.min_badges"
    for name in ("max_badges", "max_credits"):
        if getattr(bucket, name) is not None:
            yield f"{part.path}.{name}"
    within = [ceiling.path for ceiling in bucket.ceilings]
    within += [bound.path for bound in (*bucket.at_least, *bucket.at_most)]
    yield from map(part.path_of, within)


def _of_distinct(rule: Distinct) -> Iterator[str]:
    if rule.at_least:
        yield rule.path
    if rule.max_share is not None:
        yield f"{rule.path}.max_share_each"
    if rule.max_credits is not None:
        yield f"{rule.path}.max_credits_each"


def _of_sharing(rule: Sharing) -> Iterator[str]:
    yield f"{rule.path}.max_badges"
    if rule.max_credits is not None:
        yield f"{rule.path}.max_credits"


def _of_condonement(rule: Condonement) -> Iterator[str]:
    yield f"{rule.path}.max_credits"
    if rule.mean is not None:
        yield f"{rule.path}.mean_at_least"


def _of_class(class_: Class) -> Iterator[str]:
    yield f"{class_.path}.graded"
    yield from _of_criteria(class_.criteria)
    for alternative in class_.alternatives:
        yield from _of_criteria(alternative)
    if class_.first_attempts:
        yield f"{class_.path}.first_attempts"


def _of_criteria(criteria: Criteria) -> Iterator[str]:
    if criteria.mean is not None:
        yield f"{criteria.path}.mean"
    yield from (f"{criteria.path}.bucket_means.{bucket}" for bucket in criteria.bucket_means)
    yield from (f"{criteria.path}.credits_at.{credits_text(at)}" for at in criteria.credits_at)
    yield from (f"{criteria.path}.share_at.{credits_text(at)}" for at in criteria.share_at)
