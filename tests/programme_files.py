"""Programme files of every kind for hypothesis: each is within the language of docs/degree.md."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from wallets import ISSUER

Facts = dict[str, Any]

BUCKETS = ("core", "ethics", "capstone", "Wahlfach-2")
AWARDS = ("MSc", "PGDip", "PGCert")
CODES = ("RM-101", "RM-LITE", "FAC A", "x.y")
CLASSES = ("distinction", "merit")

texts = st.sampled_from(["a", "ethics", "Étude", "did:web:a", "badge: x", "2026-09-01", "1.0"])
alternatives = texts | st.lists(texts, min_size=1, max_size=3)
levels = st.integers(1, 8)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
marks = st.integers(0, 1000).map(lambda tenths: tenths / 10 if tenths % 10 else tenths // 10)
shares = st.integers(1, 99).map(lambda percent: percent / 100)
amounts = st.integers(0, 2400).map(lambda tenths: tenths / 10 if tenths % 10 else tenths // 10)
counts = st.integers(0, 9)
years = st.integers(1, 100)
at_levels = st.dictionaries(levels, amounts, min_size=1, max_size=3)
labels = st.sampled_from([2026, 2026.1, "1", "2026-10", date(2026, 9, 1)])


def facts(required: dict[str, SearchStrategy[Any]], **optional: SearchStrategy[Any]) -> Any:
    return st.fixed_dictionaries(required, optional=optional)


def some(*names: str) -> Any:
    return st.lists(st.sampled_from(names), min_size=1, max_size=len(names), unique=True)


@st.composite
def filters(draw: DrawFn, depth: int = 2) -> Facts:
    nested = {} if not depth else {"not": filters(depth=depth - 1)}
    if depth:
        nested |= {
            key: st.lists(filters(depth=depth - 1), min_size=1, max_size=2)
            for key in ("all_of", "any_of")
        }
    keys = dict.fromkeys(("tag", "kind", "code", "issuer", "circle", "context"), alternatives)
    given = facts(
        {},
        **keys,
        role=st.sampled_from(["participant", ["participant", "co_provider"]]),
        level=levels,
        level_max=levels,
        mark=marks,
        rpl=st.booleans(),
        **nested,
    )
    return draw(given.filter(bool) | st.just({"any": True}))


def bounds() -> Any:
    amount = st.sampled_from(["credits", "badges", "share"]).flatmap(
        lambda unit: st.fixed_dictionaries(
            {unit: {"credits": amounts, "badges": counts, "share": shares}[unit]}
        )
    )
    bound = st.tuples(st.sampled_from(["long", "outside", "ours"]), filters(depth=1), amount)
    made = bound.map(lambda each: {"id": each[0], "where": each[1], **each[2]})
    return st.lists(made, min_size=1, max_size=2, unique_by=lambda each: each["id"])


def bucket() -> Any:
    return facts(
        {"min": amounts, "where": filters()},
        mandatory=st.just(False),
        rpl=st.booleans(),
        min_badges=counts,
        max_badges=counts,
        max_credits=amounts,
        min_mark=marks,
        compensatable=st.booleans(),
        max_below_level=at_levels,
        at_least=bounds(),
        at_most=bounds(),
    )


def needed(listed: list[str], attested: list[str], depth: int = 2) -> Any:
    leaves = st.sampled_from(listed) | st.fixed_dictionaries({"badge": st.sampled_from(CODES)})
    if attested:
        leaves |= st.fixed_dictionaries({"attested": st.sampled_from(attested)})
    if not depth:
        return leaves
    children = st.lists(needed(listed, attested, depth - 1), min_size=1, max_size=3, unique_by=repr)
    return (
        leaves
        | st.fixed_dictionaries({"all_of": children})
        | st.fixed_dictionaries({"any_of": children})
        | st.tuples(children, st.integers(1, 3)).map(
            lambda each: {"choose": min(each[1], len(each[0])), "of": each[0]}
        )
    )


@st.composite
def award(draw: DrawFn, name: str, buckets: list[str], attested: list[str]) -> Facts:
    listed = draw(some(*buckets))
    made = draw(
        facts(
            {"id": st.just(name), "credits": amounts},
            title=texts,
            min_at_level=at_levels,
            max_below_level=at_levels,
            rpl_cap=amounts,
            reuse_cap=amounts,
            max_registration_years=years,
            pathway=st.just("digital"),
            at_least=bounds(),
            at_most=bounds(),
        )
    )
    if draw(st.booleans()):
        made["buckets"] = {bucket_: draw(amounts) for bucket_ in listed}
    else:
        listed = buckets
    if draw(st.booleans()):
        made["requires"] = draw(needed(listed, attested))
    return made


def gate() -> Any:
    life = st.fixed_dictionaries(
        {"years": years, "measured_at": st.sampled_from(["registration", "decision"])}
    )
    return facts(
        {
            "issuer_in": st.just("trust_list@2026-09"),
            "status": st.permutations(["proof_valid", "not_revoked", "not_expired"]),
            "endorsements": facts(
                {"min": counts},
                distinct_endorsers=st.booleans(),
                endorser_not_in=some("holder", "line_manager"),
                endorser_level_min=levels,
            ),
        },
        currency_years=facts({"rpl": life}, earned=life),
        not_already_used_in_award=st.booleans(),
    )


def distinct(awards: list[str]) -> Any:
    dimension = facts(
        {"at_least": st.integers(1, 9)},
        min_credits_each=amounts,
        max_share_each=shares,
        max_credits_each=amounts,
        awards=some(*awards),
    )
    names = ("contexts", "circles", "validators", "co_participants", "issuers", "kinds")
    return st.dictionaries(st.sampled_from(names), dimension, min_size=1, max_size=3)


def prerequisites(buckets: list[str], awards: list[str]) -> Any:
    order = {
        "finished": st.sampled_from(["before_start", "before_end"]),
        "lapses_after_years": years,
        "awards": some(*awards),
    }
    badges = facts({"badge": st.just("RM-101"), "needs": st.just("RM-LITE")}, **order)
    if len(buckets) < 2:
        return st.lists(badges, min_size=1, max_size=1)
    first = facts({"before": st.just(buckets[0]), "after": st.just(buckets[1])}, **order)
    return st.tuples(badges, first).map(list) | st.tuples(first).map(list)


def exclusions(awards: list[str]) -> Any:
    codes = st.just(["badge:RM-101", "badge:RM-LITE"])
    narrow = st.fixed_dictionaries({"one_of": codes, "awards": some(*awards)})
    other = st.just(["badge:x.y", "badge:FAC A", "badge:RM-101"])
    return st.tuples(codes | narrow, other).map(list)


def obligations(awards: list[str]) -> Any:
    duty = {"at_least": counts, "of": st.just("activity"), "validated": st.just(True)}
    return facts(
        {
            "every": st.just("registration_year"),
            "joined": st.fixed_dictionaries(duty),
            "co_provided": facts(duty, disjoint_from=st.just("joined")),
            "misses": st.sampled_from(
                [{"concession": "none"}, {"concession": "allowed", "max": 2, "approver": "board"}]
            ),
        },
        pauses=st.just("authorised_interruptions"),
        awards=some(*awards),
    )


def classification(buckets: list[str], awards: list[str]) -> Any:
    keys = st.integers(0, 100)
    criteria: Facts = {
        "mean": marks,
        "bucket_means": st.dictionaries(st.sampled_from(buckets), marks, min_size=1),
        "credits_at": st.dictionaries(keys, amounts, min_size=1, max_size=2),
        "share_at": st.dictionaries(keys, shares, min_size=1, max_size=2),
    }
    alternatives_ = st.lists(facts({}, **criteria).filter(bool), min_size=1, max_size=2)
    classes = st.tuples(
        *(facts({"id": st.just(name)}, **criteria, any_of=alternatives_) for name in CLASSES)
    )
    return facts(
        {
            "rpl_marks": st.sampled_from(["excluded_from_mean", "included"]),
            "classes": classes.map(list),
        },
        awards=some(*awards),
        mean_rounding=st.sampled_from(["none", "half_up"]),
        graded_at_least=amounts,
    )


@st.composite
def programmes(draw: DrawFn) -> Facts:
    """A whole programme as the file's mapping, with days as dates."""
    buckets, awards = draw(some(*BUCKETS)), draw(some(*AWARDS))
    made: Facts = {
        "programme": draw(texts.filter(lambda text: text != "2026-09-01")),
        "ruleset": draw(_ruleset()),
        "trust_lists": {"2026-09": [ISSUER, *draw(st.lists(_trusted(), max_size=1))]},
        "evidence_gate": draw(gate()),
        "buckets": {name: draw(bucket()) for name in buckets},
    }
    attested = draw(st.sampled_from([[], ["viva"]]))
    if attested:
        made["attestations"] = {"viva": {"says": "It was passed.", "by": "examiner"}}
    ladder = [draw(award(name, buckets, attested)) for name in awards]
    made["awards"] = sorted(ladder, key=lambda each: -each["credits"])
    made |= draw(
        facts(
            {},
            credit_unit=st.sampled_from(["uk", "ects"]),
            equivalences=_equivalences(),
            sharing=_sharing(buckets),
            distinct=distinct(awards),
            prerequisites=prerequisites(buckets, awards),
            exclusions=exclusions(awards),
            obligations=obligations(awards),
            classification=classification(buckets, awards),
            concessions=_concessions(awards),
        )
    )
    if draw(st.booleans()):
        made["pass_mark"] = draw(marks)
        classes = CLASSES if "classification" in made else ()
        made["condonement"] = draw(_condonement(buckets, classes))
    return made


def _ruleset() -> Any:
    return facts(
        {"id": st.just("lm-msc"), "version": labels, "in_force_from": days},
        supersedes=st.sampled_from([None, "0", 2025.1]),
        choose=st.sampled_from(["start_version", "start_version_or_better"]),
        source=st.just("Regulation E1 (2025)"),
    )


def _trusted() -> Any:
    first, last = st.dates(date(1990, 1, 1), date(2020, 1, 1)), st.just(date(2026, 1, 1))
    return facts({"issuer": st.just("did:web:old.example")}, **{"from": first}, until=last)


def _equivalences() -> Any:
    made = facts(
        {"from": st.just("badge:OLD"), "to": st.just("badge:RM-101"), "until": days},
        tags=alternatives,
    )
    return st.tuples(made).map(list)


def _sharing(buckets: list[str]) -> Any:
    pairs = {"between": st.just([buckets[:2]])} if len(buckets) > 1 else {}
    return facts({"max_badges": counts}, max_credits=amounts, **pairs)


def _condonement(buckets: list[str], classes: tuple[str, ...]) -> Any:
    return facts(
        {"max_credits": amounts, "mark_floor": marks},
        not_in=some(*buckets),
        cap_class=st.sampled_from(["pass", *classes]),
        mean_at_least=marks,
    )


def _concessions(awards: list[str]) -> Any:
    return facts(
        {"allowed": some("waive", "reduce", "accept", "forgive_year")},
        requires=some("authority", "rationale", "date", "expiry", "clause_ref"),
        never=some(*(f"awards.{name}.credits" for name in awards), "awards"),
    )
