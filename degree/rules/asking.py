"""The rows of an award: credits and levels, buckets, and the tree of what it requires."""

from degree.rules.filters import Where
from degree.rules.programme import AtLevel, Bound, Part, Unit
from degree.rules.records import Word
from degree.rules.requirements import (
    AllOf,
    Attested,
    Choose,
    Filled,
    Held,
    Needed,
    always_filled,
)
from degree.rules.rows import Counts
from degree.rules.writing import Writing

ALWAYS = None  # the choice of what is required without condition


def write_award(writing: Writing) -> None:
    """Every row under the award's own path, and those of sharing."""
    award, path = writing.award, writing.award.path
    credits_ = writing.credits(None)
    writing.ask(f"{path}.credits", award.credits, None, credits_, counts=Counts.CREDITS)
    for floor in award.floors:
        _ask_level(writing, floor)
    for ceiling in award.ceilings:
        _limit_level(writing, ceiling, None, ceiling.path)
    if award.rpl_cap is not None:
        prior = writing.credits(None, lambda r: r.rpl)
        writing.limit(f"{path}.rpl_cap", award.rpl_cap, None, prior, counts=Counts.CREDITS)
    if award.reuse_cap is not None:
        used = writing.credits(None, lambda r: bool(r.used_in))
        writing.limit(f"{path}.reuse_cap", award.reuse_cap, None, used, counts=Counts.CREDITS)
    for bound in (*award.at_least, *award.at_most):
        _write_bound(writing, bound, None, bound.path, asks=bound in award.at_least)
    _write_sharing(writing)
    _Tree(writing).write()


def _ask_level(writing: Writing, floor: AtLevel) -> None:
    above = writing.credits(None, lambda r: r.level >= floor.level)
    writing.ask(floor.path, floor.amount, None, above, counts=Counts.CREDITS)


def _limit_level(writing: Writing, ceiling: AtLevel, bucket: int | None, path: str) -> None:
    below = writing.credits(bucket, lambda r: r.level <= ceiling.level)
    writing.limit(path, ceiling.amount, bucket, below, counts=Counts.CREDITS)


def _write_bound(
    writing: Writing,
    bound: Bound,
    bucket: int | None,
    path: str,
    *,
    asks: bool,
    when: int | None = ALWAYS,
) -> None:
    if bound.unit is Unit.SHARE:
        pool, part = writing.credits(bucket), writing.credits(bucket, bound.where.takes)
        share = writing.amount(path, bound.amount, Counts.OTHER)
        slack = share.numerator * sum(pool.values())
        writing.ratio(path, bucket, part, pool, share, asks=asks, when=when, slack=slack)
        return
    if bound.unit is Unit.CREDITS:
        counts, amounts = Counts.CREDITS, writing.credits(bucket, bound.where.takes)
    else:
        counts, amounts = Counts.BADGES, writing.badges(bucket, bound.where)
    if asks:
        writing.ask(path, bound.amount, bucket, amounts, counts=counts, when=when)
    else:
        writing.limit(path, bound.amount, bucket, amounts, counts=counts)


def _write_sharing(writing: Writing) -> None:
    rule, credits_ = writing.case.programme.sharing, writing.case.credits
    double = [n for n in writing.able if any(len(option) > 1 for option in writing.options[n])]
    if rule is None or not double:
        return
    if rule.max_badges is not None:
        name = f"{rule.path}.max_badges"
        bound = int(writing.amount(name, rule.max_badges, Counts.BADGES))
        once = dict.fromkeys(double, 1)
        writing.row(name, asks=False, bound=bound, shared=once, counts=Counts.BADGES)
    if rule.max_credits is not None:
        name = f"{rule.path}.max_credits"
        bound = int(writing.amount(name, rule.max_credits, Counts.CREDITS))
        amounts = {n: credits_[n] for n in double}
        writing.row(name, asks=False, bound=bound, shared=amounts, counts=Counts.CREDITS)


class _Tree:
    """Writes what an award requires. What is required without condition has no choice."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._parts = {part.bucket.name: number for number, part in enumerate(writing.award.parts)}
        self._filled: dict[str, int | None] = {}

    def write(self) -> None:
        award = self._writing.award
        for name in sorted(always_filled(award.requires)):
            self._filled[name] = ALWAYS
            self._ask_bucket(self._parts[name], ALWAYS)
        self._require(award.requires)
        for number, part in enumerate(award.parts):
            self._limit_bucket(number, part)

    def _require(self, node: Needed) -> None:
        """Write a node that must hold."""
        match node:
            case AllOf():
                for child in node.children:
                    self._require(child)
            case Choose():
                self._choose(node, conditional=False)
            case Held():
                self._held(node, ALWAYS)
            case Attested():
                self._attested(node, ALWAYS)
            case Filled():
                pass  # written with the buckets that are always required

    def _choice(self, node: Needed) -> int | None:
        """Write a node that may hold, and give its choice."""
        if isinstance(node, Filled):
            if node.bucket not in self._filled:
                number = self._parts[node.bucket]
                choice = self._writing.choice(self._writing.award.parts[number].path)
                self._filled[node.bucket] = choice
                self._ask_bucket(number, choice)
            return self._filled[node.bucket]
        if isinstance(node, AllOf):
            return self._all_of(node)
        if isinstance(node, Choose):
            return self._choose(node, conditional=True)
        choice = self._writing.choice(node.path)
        if isinstance(node, Held):
            self._held(node, choice)
        else:
            self._attested(node, choice)
        return choice

    def _all_of(self, node: AllOf) -> int:
        children = [self._choice(child) for child in node.children]
        choice = self._writing.choice(node.path)
        for number, child in enumerate(children):
            if child is not ALWAYS:
                self._writing.row(
                    f"{node.path}#{number}",
                    path=node.path,
                    asks=True,
                    bound=0,
                    choices=_summed((child, 1), (choice, -1)),
                )
        return choice

    def _choose(self, node: Choose, *, conditional: bool) -> int | None:
        children = [self._choice(child) for child in node.children]
        certain = sum(child is ALWAYS for child in children)
        weights = [(child, 1) for child in children if child is not ALWAYS]
        choice = ALWAYS
        if conditional:
            choice = self._writing.choice(node.path)
            weights.append((choice, -node.at_least))
        bound = (0 if conditional else node.at_least) - certain
        self._writing.row(node.path, asks=True, bound=bound, choices=_summed(*weights))
        return choice

    def _held(self, node: Held, choice: int | None) -> None:
        badges = self._writing.badges(None, Where(codes=frozenset({node.code})))
        self._writing.ask(node.path, 1, None, badges, counts=Counts.BADGES, when=choice, fixed=True)

    def _attested(self, node: Attested, choice: int | None) -> None:
        said = self._writing.case.wallet.attestations.get(node.name)
        value = said.value if said else Word.PENDING
        if value is Word.YES or (value is Word.PENDING and self._writing.case.hoping):
            return
        if choice is ALWAYS:
            self._writing.row(node.path, asks=True, bound=1)
        else:
            self._writing.row(node.path, asks=True, bound=0, choices={choice: -1})

    def _ask_bucket(self, number: int, choice: int | None) -> None:
        part = self._writing.award.parts[number]
        ask = self._writing.ask
        credits_ = self._writing.credits(number)
        ask(part.path, part.minimum, number, credits_, counts=Counts.CREDITS, when=choice)
        if part.bucket.min_badges:
            badges = self._writing.badges(number)
            name, least = f"{part.path}.min_badges", part.bucket.min_badges
            ask(name, least, number, badges, counts=Counts.BADGES, when=choice)
        for bound in part.bucket.at_least:
            path = part.path_of(bound.path)
            _write_bound(self._writing, bound, number, path, asks=True, when=choice)

    def _limit_bucket(self, number: int, part: Part) -> None:
        bucket, limit = part.bucket, self._writing.limit
        if bucket.max_badges is not None:
            badges = self._writing.badges(number)
            name = f"{part.path}.max_badges"
            limit(name, bucket.max_badges, number, badges, counts=Counts.BADGES)
        if bucket.max_credits is not None:
            credits_ = self._writing.credits(number)
            name = f"{part.path}.max_credits"
            limit(name, bucket.max_credits, number, credits_, counts=Counts.CREDITS)
        for ceiling in bucket.ceilings:
            _limit_level(self._writing, ceiling, number, part.path_of(ceiling.path))
        for bound in bucket.at_most:
            _write_bound(self._writing, bound, number, part.path_of(bound.path), asks=False)


def _summed(*weights: tuple[int | None, int]) -> dict[int, int]:
    """Weights by choice; one that stands twice weighs twice."""
    total: dict[int, int] = {}
    for choice, weight in weights:
        if choice is not None:
            total[choice] = total.get(choice, 0) + weight
    return total
