"""Adversarial cases for the degree engine: hard to place, just enough, just too little."""

import random
from typing import Any

from degree_reading import Json
from degree_sketch import HOLDER, OURS, Instance, plain


def bare_programme(*, buckets: Json, award: Json, **rules: Any) -> Json:
    """A programme with one award and a gate that only asks for a good status."""
    return {
        "programme": "An adversarial programme",
        "ruleset": {"id": "adversarial", "version": "1", "in_force_from": "2020-01-01"},
        "trust_lists": {"ours": [OURS]},
        "evidence_gate": {
            "issuer_in": "trust_list@ours",
            "status": ["proof_valid", "not_revoked", "not_expired"],
            "endorsements": {"min": 0},
        },
        "buckets": buckets,
        "awards": [{"id": "MSc", "title": "Master of Science", **award}],
        **rules,
    }


def bare_record(number: int, tenths: int, **facts: Any) -> Json:
    """A good badge at level 7; it says only what `facts` add."""
    return {
        "id": f"r{number:04}",
        "title": f"Badge {number}",
        "issuer": OURS,
        "credits": plain(tenths),
        "level": 7,
        "activity_start": "2024-01-10",
        "activity_end": "2024-03-20",
        "issued": "2024-03-28",
        "status": "valid",
        **facts,
    }


def bare_wallet(records: list[Json]) -> Json:
    return {
        "form": "learnometer-records/1",
        "holder": HOLDER,
        "registered": "2023-09-01",
        "records": records,
    }


def _case(
    family: str, seed: int, programme: Json, records: list[Json], *, planted: bool = False
) -> Instance:
    return Instance(
        family=family,
        seed=seed,
        programmes=(programme,),
        wallet=bare_wallet(records),
        planted=planted,
    )


def _tagged(names: list[str]) -> Json:
    return {name: {"min": 0, "where": {"tag": name}} for name in names}


def _names(number: int) -> list[str]:
    return [f"part{n:03}" for n in range(number)]


def exact_partition(seed: int, n_badges: int = 9) -> Instance:
    """Every badge is needed, and needs are met exactly, or by no partition at all."""
    dice = random.Random(f"partition {seed}")
    names = _names(dice.choice((2, 3)) if n_badges <= 12 else dice.choice((3, 5, 8)))
    step = dice.choice((1, 5, 10))
    sizes = [dice.randint(2, 12) * step for _ in range(n_badges)]
    homes = [dice.choice(names) for _ in sizes]
    asked = dict.fromkeys(names, 0)
    for size, home in zip(sizes, homes, strict=True):
        asked[home] += size
    planted = dice.random() < 0.5
    if not planted:  # the same total, otherwise divided
        moved = dice.randint(1, 3) * step
        first, second = dice.sample(names, 2)
        asked[first], asked[second] = asked[first] + moved, max(0, asked[second] - moved)
    award = {
        "credits": plain(sum(sizes)),
        "buckets": {name: plain(amount) for name, amount in asked.items()},
    }
    records = []
    for number, (size, home) in enumerate(zip(sizes, homes, strict=True)):
        others = [name for name in names if dice.random() < 0.7]
        records.append(bare_record(number, size, tags=sorted({home, *others})))
    programme = bare_programme(buckets=_tagged(names), award=award)
    return _case("exact partition", seed, programme, records, planted=planted)


def pigeonhole(seed: int, n_badges: int = 7) -> Instance:
    """Many badges for fewer holes: each bucket takes one, and one more badge is needed."""
    dice = random.Random(f"pigeonhole {seed}")
    holes = n_badges - dice.choice((1, 1, 0))
    names = _names(min(holes, 60))
    buckets = _tagged(names)
    if dice.random() < 0.5:  # as many badges as buckets, each of which needs one
        asked = 40 if holes < n_badges else 30
        award: Json = {"credits": plain(30 * len(names)), "buckets": dict.fromkeys(names, 3)}
        award["buckets"][names[0]] = plain(asked)
    else:
        for bucket in buckets.values():
            bucket["max_badges"] = 1
        award = {"credits": plain(30 * n_badges), "buckets": dict.fromkeys(names, 0)}
    records = [
        bare_record(n, 30, tags=sorted(dice.sample(names, min(len(names), dice.choice((2, 3))))))
        for n in range(n_badges)
    ]
    return _case("pigeonhole", seed, bare_programme(buckets=buckets, award=award), records)


def crossing_caps(seed: int, n_badges: int = 9) -> Instance:
    """Prior learning, low levels and a partner's badges are capped, and overlap."""
    dice = random.Random(f"caps {seed}")
    names = _names(2 if n_badges <= 12 else 5)
    records, plan = [], []
    for number in range(n_badges):
        facts: Json = {
            "tags": dice.sample(names, dice.choice((1, 2))),
            "level": dice.choice((6, 7)),
            "rpl": dice.random() < 0.5,
            "kind": dice.choice(("Course", "Project")),
        }
        records.append(bare_record(number, dice.choice((20, 25, 30, 45, 60)), **facts))
        if dice.random() < 0.6:
            plan.append(records[-1])
    total = _sum(plan)
    more = dice.choice((0, 0, 5, 10))
    award: Json = {
        "credits": plain(max(10, total + more)),
        "rpl_cap": plain(max(5, _sum([r for r in plan if r["rpl"]]))),
        "max_below_level": {"6": plain(max(5, _sum([r for r in plan if r["level"] <= 6])))},
        "min_at_level": {"7": plain(_sum([r for r in plan if r["level"] >= 7]))},
        "buckets": {name: plain(_sum([r for r in plan if r["tags"][0] == name])) for name in names},
    }
    kind = _sum([r for r in plan if r["kind"] == "Course"])
    share = min(99, -(-100 * kind // max(1, total)) or 1) / 100
    award["at_most"] = [{"id": "courses", "share": share, "where": {"kind": "Course"}}]
    programme = bare_programme(buckets=_tagged(names), award=award)
    return _case("crossing caps", seed, programme, records, planted=more == 0 and bool(plan))


def _sum(records: list[Json]) -> int:
    return sum(round(record["credits"] * 10) for record in records)


def twins(seed: int, n_badges: int = 9) -> Instance:
    """A few kinds of badges, each many times over: nothing tells the copies apart."""
    dice = random.Random(f"twins {seed}")
    names = _names(3)
    kinds = [(dice.choice((20, 30, 50)), dice.sample(names, dice.choice((1, 2, 3)))) for _ in "abc"]
    records = [
        bare_record(n, size, tags=tags)
        for n in range(n_badges)
        for size, tags in (dice.choice(kinds),)
    ]
    asked = dict.fromkeys(names, 0)
    for record in records:
        asked[dice.choice(record["tags"])] += _sum([record])
    moved, (first, second) = dice.choice((0, 0, 10, 20)), dice.sample(names, 2)
    asked[first], asked[second] = asked[first] + moved, max(0, asked[second] - moved)
    award: Json = {
        "credits": plain(max(10, sum(asked.values()) - dice.choice((0, 20, 50)))),
        "buckets": {name: plain(amount) for name, amount in asked.items()},
    }
    exclusions = [["badge:A", "badge:B"]]
    for record in dice.sample(records, dice.choice((0, 1, 2))):
        record["code"] = dice.choice("AB")
    programme = bare_programme(buckets=_tagged(names), award=award, exclusions=exclusions)
    return _case("twins", seed, programme, records)


def one_judge(seed: int, n_badges: int = 10) -> Instance:
    """One judge stands behind almost as much of the counted credit as anybody may."""
    dice = random.Random(f"judge {seed}")
    names = _names(2 if n_badges <= 12 else 4)
    records = []
    for number in range(n_badges):
        judges = [f"did:key:zJudge{dice.randint(1, 6)}", f"did:key:zOther{dice.randint(1, 9)}"]
        if dice.random() < 0.45:
            judges[0] = "did:key:zBusy"
        tags = dice.sample(names, dice.choice((1, 2)))
        records.append(bare_record(number, dice.choice((20, 30, 35)), tags=tags, judges=judges))
    busy = _sum([r for r in records if r["judges"][0] == "did:key:zBusy"])
    share = min(
        0.9, max(0.1, round(busy / _sum(records), 2) + dice.choice((-0.06, -0.03, -0.01, 0, 0.02)))
    )
    asked = int(_sum(records) * dice.choice((0.5, 0.7, 0.8, 0.9, 0.98)))
    award: Json = {
        "credits": plain(asked),
        "buckets": {name: plain(asked // len(names) - 20) for name in names},
    }
    distinct = {"validators": {"at_least": 3, "max_share_each": round(share, 2)}}
    programme = bare_programme(buckets=_tagged(names), award=award, distinct=distinct)
    return _case("one judge", seed, programme, records)


def not_fitting(seed: int, n_badges: int = 7) -> Instance:
    """Three badges of 3 for two needs of 4, and the like: enough credit, in the wrong sizes."""
    dice = random.Random(f"sizes {seed}")
    size = dice.choice((30, 60, 75))
    each = dice.choice((size * 4 // 3, size * 5 // 3, size + 5))  # two badges each, not all used
    names = _names(max(2, n_badges // 2 + dice.choice((0, 0, 1))))
    records = [
        bare_record(number, size, tags=sorted(dice.sample(names, min(len(names), 3))))
        for number in range(n_badges)
    ]
    if dice.random() < 0.4:  # one badge of another size
        records[0]["credits"] = plain(dice.choice((each, each - 5, size + 10)))
    award: Json = {
        "credits": plain(each * len(names)),
        "buckets": dict.fromkeys(names, plain(each)),
    }
    programme = bare_programme(buckets=_tagged(names), award=award)
    return _case("sizes that do not fit", seed, programme, records)


def planted(n_badges: int, n_buckets: int, tightness: float, seed: int) -> Instance:
    """A large case whose answer is yes: each bucket asks `tightness` of what its plan gives.

    Each badge fits one to four of the buckets. Credits are 2 to 20 in halves.
    """
    dice = random.Random(f"planted {n_badges} {n_buckets} {tightness} {seed}")
    names = _names(n_buckets)
    given = dict.fromkeys(names, 0)
    records = []
    for number in range(n_badges):
        home = names[number] if number < n_buckets else dice.choice(names)
        tenths = dice.randint(4, 40) * 5
        others = dice.sample(names, min(n_buckets, dice.choice((0, 1, 2, 3))))
        records.append(bare_record(number, tenths, tags=sorted({home, *others})))
        given[home] += tenths
    dice.shuffle(records)
    asked = {name: int(amount * tightness) for name, amount in given.items()}
    award: Json = {
        "credits": plain(sum(asked.values())),
        "buckets": {name: plain(amount) for name, amount in asked.items()},
    }
    programme = bare_programme(buckets=_tagged(names), award=award)
    return _case("planted", seed, programme, records, planted=True)


FAMILIES = (exact_partition, pigeonhole, crossing_caps, twins, one_judge, not_fitting)
