"""What stands in a programme and does nothing: unused names, and clauses that others empty."""

from collections.abc import Collection, Iterator, Mapping

from degree.rules.filters import Where
from degree.rules.linting.demands import Demands, bucket_filter
from degree.rules.linting.ladder import bare
from degree.rules.linting.meaning import meaning_of, takes_nothing
from degree.rules.linting.remarks import Code, Remark
from degree.rules.programme import Bound, Class, Criteria, Dimension, Programme
from degree.rules.records import Action
from degree.rules.requirements import AllOf, Choose, Needed, attested


def idle(programme: Programme, demands: tuple[Demands, ...]) -> Iterator[Remark]:
    """Each clause that does nothing, wherever it stands."""
    yield from _filters(programme)
    yield from _gate(programme)
    yield from _unused(programme)
    for award in programme.awards:
        yield from _twice(award.requires)
    yield from _sharing(programme, demands)
    yield from _order(programme, demands)
    yield from _across(programme)
    yield from _condonement(programme)
    yield from _classes(programme)


def _idle(path: str, sentence: str) -> Remark:
    return Remark(code=Code.NEVER_BINDS, path=path, sentence=sentence)


def _filters(programme: Programme) -> Iterator[Remark]:
    """Filters that take no badge at all."""
    issuers = Where(issuers=programme.gate.issuers)
    buckets = programme.listed_buckets
    bounds: list[Bound] = [
        bound for award in programme.awards for bound in (*award.at_least, *award.at_most)
    ]
    for bucket in buckets.values():
        bounds += [*bucket.at_least, *bucket.at_most]
        path = f"buckets.{bucket.name}.where"
        if takes_nothing(meaning_of(bucket.where)):
            yield _takes_nothing(path, "its conditions contradict each other")
        elif takes_nothing(meaning_of(bucket_filter(bucket))):
            yield _takes_nothing(path, "it contradicts the bucket's rpl or min_mark")
        elif takes_nothing(meaning_of(bucket_filter(bucket), issuers)):
            yield _takes_nothing(path, "none of its issuers is on the trust list")
    for bound in bounds:
        if takes_nothing(meaning_of(bound.where)):
            path = f"{bound.path}.where"
            yield _takes_nothing(path, "its conditions contradict each other")


def _takes_nothing(path: str, why: str) -> Remark:
    sentence = f"It takes no badge: {why}."
    return Remark(code=Code.TAKES_NOTHING, path=path, sentence=sentence)


def _gate(programme: Programme) -> Iterator[Remark]:
    gate = programme.gate
    if not gate.min_endorsers:
        yield _idle(f"{gate.path}.endorsements.min", "No endorsement is asked for.")
    for award in programme.awards:
        if gate.not_used_before and award.reuse_cap is not None:
            sentence = f"Badges used in another award fail {gate.path} already."
            yield _idle(f"{award.path}.reuse_cap", sentence)


def _unused(programme: Programme) -> Iterator[Remark]:
    document = programme.document
    listed = programme.listed_buckets.keys()
    words = {name for award in programme.awards for name in attested(award.requires)}
    used = {
        "trust_lists": ({programme.gate.trust_list}, "The gate uses another list."),
        "buckets": (listed, "No award lists this bucket."),
        "attestations": (words, "No award requires this attestation."),
    }
    for clause, (names, sentence) in used.items():
        entries = document.get(clause)
        for name in entries if isinstance(entries, Mapping) else ():
            if name not in names:
                yield Remark(code=Code.UNUSED, path=f"{clause}.{name}", sentence=sentence)
    rules = programme.concessions
    if rules and Action.FORGIVE_YEAR in rules.allowed and not programme.obligations:
        sentence = "There are no obligations, so that no year can be forgiven."
        yield Remark(code=Code.UNUSED, path=f"{rules.path}.allowed", sentence=sentence)


def _twice(node: Needed) -> Iterator[Remark]:
    """Children that stand twice beside each other; `choose` counts such a one twice."""
    if isinstance(node, AllOf | Choose):
        there: set[Needed] = set()
        for child in node.children:
            if bare(child) in there:
                sentence = "It stands there a second time."
                yield Remark(code=Code.TWICE, path=child.path, sentence=sentence)
            there.add(bare(child))
            yield from _twice(child)


def _sharing(programme: Programme, demands: tuple[Demands, ...]) -> Iterator[Remark]:
    rule = programme.sharing
    if rule is None:
        return
    if rule.max_badges == 0 or rule.max_credits == 0:
        yield _idle(rule.path, "No badge may be shared, as without this clause.")
        return
    for pair in sorted(rule.between or (), key=sorted):
        if not any(_shared(each, pair) for each in demands):
            sentence = f"No badge can fill both {' and '.join(sorted(pair))} for an award."
            yield _idle(f"{rule.path}.between", sentence)


def _shared(demands: Demands, pair: frozenset[str]) -> bool:
    filters = [
        demands.filters[number]
        for number in demands.everywhere
        if demands.parts[number].bucket.name in pair
    ]
    return len(filters) == len(pair) and not takes_nothing(*filters)


def _order(programme: Programme, demands: tuple[Demands, ...]) -> Iterator[Remark]:
    """Prerequisites that no award's buckets bring into question."""
    for rule in programme.prerequisites:
        pair = {rule.before, rule.after}
        listed = [set(each.award.bucket_names) for each in demands if each.award.id in rule.awards]
        if not any(pair <= names for names in listed):
            yield _idle(rule.path, "No award for which it holds lists both buckets.")
    for need in programme.needs:
        mine = [each for each in demands if each.award.id in need.awards]
        code, needed = (
            meaning_of(Where(codes=frozenset({each}))) for each in (need.code, need.needed)
        )
        able = [each for each in mine if not each.takes_none(code, each.everywhere)]
        if not able:
            yield _idle(need.path, f"No badge with the code {need.code} can count.")
        elif all(each.takes_none(needed, each.everywhere) for each in able):
            sentence = f"{need.code} never counts, as no bucket takes {need.needed}."
            yield Remark(code=Code.DEAD_BRANCH, path=need.path, sentence=sentence)


def _across(programme: Programme) -> Iterator[Remark]:
    for rule in programme.distinct:
        if rule.dimension is Dimension.ISSUERS and rule.at_least == 1 and not rule.credits_each:
            yield _idle(f"{rule.path}.at_least", "Every badge has an issuer.")
    duties = programme.obligations
    if duties and not duties.joined and not duties.co_provided:
        yield _idle(duties.path, "No activity is asked for.")
    elif duties and duties.disjoint and not (duties.joined and duties.co_provided):
        path = f"{duties.path}.co_provided.disjoint_from"
        yield _idle(path, "Only one role is asked for.")


def _condonement(programme: Programme) -> Iterator[Remark]:
    rule = programme.condonement
    buckets = programme.listed_buckets
    if rule is None:
        for bucket in buckets.values():
            if not bucket.compensatable:
                path = f"buckets.{bucket.name}.compensatable"
                yield _idle(path, "No failed badge is condoned anywhere.")
        return
    reason = ""
    if not rule.max_credits:
        reason = "No credit may be condoned."
    elif programme.pass_mark is not None and rule.mark_floor >= programme.pass_mark:
        reason = "No mark is below the pass mark and not below mark_floor."
    elif not any(_condones(programme, name) for name in buckets):
        reason = "No bucket takes a badge that could be condoned."
    if reason:
        yield _idle(rule.path, reason)
    for name in sorted(rule.not_in & buckets.keys()):
        if not buckets[name].compensatable:
            yield _idle(f"{rule.path}.not_in", f"{name} is not compensatable anyway.")


def _condones(programme: Programme, name: str) -> bool:
    rule, floor = programme.condonement, programme.pass_mark
    assert rule is not None
    assert floor is not None  # the grammar asks for it beside condonement
    bucket = programme.listed_buckets[name]
    below = Where(negated=Where(mark=floor))
    failed = Where(all_of=(Where(mark=rule.mark_floor), below))
    able = bucket.compensatable and name not in rule.not_in
    return able and not takes_nothing(meaning_of(bucket_filter(bucket), failed))


def _classes(programme: Programme) -> Iterator[Remark]:
    """Classes that ask for a mean in a bucket in which no badge of the award can count."""
    rule = programme.classification
    if rule is None:
        return
    for class_ in rule.classes:
        for award in programme.awards:
            if award.id in rule.awards and not _in_reach(class_, award.bucket_names):
                sentence = f"It asks for a mean in a bucket that {award.id} does not list."
                yield Remark(code=Code.CLASS_OUT_OF_REACH, path=class_.path, sentence=sentence)


def _in_reach(class_: Class, listed: Collection[str]) -> bool:
    def able(criteria: Criteria) -> bool:
        return all(name in listed for name in criteria.bucket_means)

    any_ = not class_.alternatives or any(map(able, class_.alternatives))
    return able(class_.criteria) and any_
