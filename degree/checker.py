"""Check a degree decision without trusting whoever made it. Needs Python 3.11 and nothing else.

    python checker.py RECORD.json       # `-` reads standard input

Exit 0: accepted. 1: refused, one objection a line, each with its place. 2: not a record at all.
`objections(record)` and `check(text)` say the same to a program: no objection accepts.

docs/decision-record.md says what a record means, docs/degree.md what its rules mean. The main path,
`objections` at the end of this file, is:

 (1) strict JSON: no key twice, plain values, exact numbers, and so the digests
 (2) every key is known and every value of its kind (KINDS): nothing is left unread
 (3) each programme has its digest and speaks only of what it has; the wallet too
 (4) the versions that must be decided, and the concessions that apply in each
 (5) an Audit of each: equivalences, gate, registration years
 (6) a Case for each award or class: its rows, over the badges that may count
 (7) a yes: every row is evaluated over the placements
 (8) a no: rows are added up until they ask for more than there can be
 (9) every award and class in turn, none left out; then the outcome that follows

It does not look at the approvals, which are passkey signatures over the digest that it prints. It
cannot know whether the records are true to signed badges, nor whether the programmes are the
university's, and all its versions: for that, compare their digests.
"""

import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import gcd
from pathlib import Path
from typing import Any, Final

Json = Any  # what JSON holds; decimals are Decimal, or float where a program hands them over

DEEPEST: Final = {"record": 600, "programme": 40}  # levels of nesting; proof trees are deep
WIDEST: Final = 4_000_000  # tenths of credit up to which sums of whole badges are worked out


class Unreadable(ValueError):
    """This is no record: the sentence says why."""


# (1) Strict JSON ----------------------------------------------------------------------------------


def read(text: bytes) -> Json:
    """The JSON value in `text`. Raises Unreadable."""
    try:
        return json.loads(
            text.decode(),
            object_pairs_hook=_without_doubles,
            parse_int=lambda digits: int(_short(digits)),
            parse_float=lambda digits: Decimal(_short(digits)),
            parse_constant=_short,
        )
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8: {error.reason} at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is not JSON: {error}") from None


def _without_doubles(pairs: list[tuple[str, Json]]) -> Json:
    if len(found := dict(pairs)) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise Unreadable(f"the key {twice!r} stands twice in one object")
    return found


def _short(digits: str) -> str:
    if len(digits) > 30 or not re.fullmatch(r"[-+.0-9]+([eE][-+]?[0-9]{1,3})?", digits):
        raise Unreadable(f"{digits[:30]} is no number of a record")
    return digits


def exact(number: Json) -> Fraction:
    return Fraction(Decimal(repr(number)) if type(number) is float else number)


def is_number(value: Json) -> bool:
    """Of size below 2^53, whole or with at most six decimals, and exact as a JSON number."""
    if type(value) is int:
        return abs(value) < 2**53
    if type(value) not in (float, Decimal):
        return False
    written = Decimal(repr(value)) if type(value) is float else value
    if not written.is_finite() or abs(written) >= 2**53:
        return False
    return bool(written == round(written, 6) == Decimal(repr(float(written))))


def is_text(value: Json) -> bool:
    return type(value) is str and not re.search("[\ud800-\udfff]", value)


def strange_value(value: Json, place: str, *, deepest: int) -> list[str]:
    """The first thing in `value` that no record holds. Afterwards only plain values are met."""
    todo = [(value, place, 1)]
    while todo:
        found, at, depth = todo.pop()
        if depth > deepest + 1:
            return [f"{place}: nested more than {deepest} levels deep"]
        if type(found) is dict:
            if not all(is_text(key) for key in found):
                return [f"{at}: a key is no text"]
            todo += [(inner, f"{at}.{key}", depth + 1) for key, inner in found.items()]
        elif type(found) is list:
            todo += [(inner, f"{at}[{n}]", depth + 1) for n, inner in enumerate(found)]
        elif not (found is None or type(found) is bool or is_text(found) or is_number(found)):
            return [f"{at}: neither a text nor a number below 2^53 with at most six decimals"]
    return []


def digest(value: Json) -> str:
    """SHA-256 over RFC 8785 of plain values: keys sorted by UTF-16 code units, no blanks."""
    written: list[str] = []
    todo: list[Json] = [value]
    while todo:  # without recursion, since proof trees are deep
        match todo.pop():
            case bytes() as ready:
                written.append(ready.decode())
            case dict() as found:
                keys = sorted(found, key=lambda key: key.encode("utf-16-be"))
                pairs = [(b",", _quoted(key), b":", found[key]) for key in keys]
                todo += [b"}", *(piece for pair in reversed(pairs) for piece in reversed(pair))]
                todo += [b"{"] if not pairs else []
                todo[-1] = b"{"  # in the place of the first comma
            case list() as found:
                todo += [b"]", *(piece for item in reversed(found) for piece in (item, b","))]
                todo += [b"["] if not found else []
                todo[-1] = b"["
            case None | bool() | str() as plain:
                written.append(_quoted(plain).decode())
            case number if number == int(number):
                written.append(str(int(number)))
            case number:
                written.append(f"{Decimal(repr(float(number))):f}")
    return "sha256:" + hashlib.sha256("".join(written).encode()).hexdigest()


def _quoted(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


# (2) Kinds ----------------------------------------------------------------------------------------
# A kind is an object with these keys (`?`: may be missing), or a choice of kinds. [kind] is a list,
# [kind]+ one that is not empty, {a b} an object with keys of its own, =a|b one of these texts. Of a
# choice of objects that one counts whose first key is there, and says what it should.
KINDS: Final = """
record: form =learnometer-decision/2, engine {name text}, today day, programmes {sha programme},
        wallet wallet, verdicts [verdict]+, outcome outcome, approvals [object]
outcome: programme sha, answer =satisfied|not_satisfied|undecided, award name_or_null,
         class name_or_null, hypothetical truth
verdict: programme sha, concessions [name], set_aside [set_aside], awards [award]
set_aside: record name, rule name
award = award_yes | award_no | award_open
award_yes: answer =satisfied, award name, placements [placement], classes? [class]
award_no: answer =not_satisfied, award name, proof proof
award_open: answer =undecided, award name, because because, placements placements,
            proof proof_or_null
because: years [from_one], pending [name], search truth
class = class_yes | class_no | class_open
class_yes: answer =satisfied, class name, placements [placement]
class_no: answer =not_satisfied, class name, proof proof
class_open: answer =undecided, class name
placements = null | [placement]
placement: record name, buckets [name]+
proof_or_null = null | proof
name_or_null = null | name
proof = cuts | conflict | years
cuts: cuts [cut]+
conflict: tree tree, conflict [name]
years: years [from_one]+
tree = leaf | fork
leaf: cut cut
fork: split split, low tree, high tree
split = by_choice | by_records
by_choice: choice name
by_records: records [name]+, in [name]+, at_most count
cut: rows {name from_one}, whole truth, needed whole, could_count whole

wallet: form =learnometer-records/1, holder name, registered day, records [badge], name? text,
        context_names? {text text}, interruptions? [interruption], pathway? name,
        attestations? {name attestation}, concessions? [concession]
interruption: first day, last day
attestation: value =yes|no|pending, by? text, on? day
badge: id name, title text, issuer name, credits? amount, ects? amount, level count,
       activity_start day, activity_end day, issued day,
       status =valid|revoked|suspended|expired|invalid|unknown, code? text, kind? text,
       activity? text, circle? text, used_in? text, digest? text, role? =participant|co_provider,
       rpl? truth, tags? [text], contexts? [text], judges? [judge], co_participants? [text],
       mark? mark, first_attempt? truth, hypothetical? truth
judge = name | judge_known
judge_known: id name, level? count, relation? text
concession: id name, action action, path? name, to? number, record? name, bucket? name,
            year? from_one, authority? text, rationale? text, date? day, expiry? day,
            clause_ref? text

programme: programme name, ruleset ruleset, credit_unit? =uk|ects, pass_mark? mark,
           trust_lists {name trust_list}, evidence_gate gate, equivalences? [equivalence],
           buckets {name bucket}, awards [award_rules]+, sharing? sharing,
           distinct? {dimension distinct}, prerequisites? [prerequisite], exclusions? [exclusion],
           obligations? obligations, condonement? condonement, classification? classification,
           attestations? {name attester}, concessions? concession_rules
ruleset: id name, version version, in_force_from day, supersedes? version_or_null,
         choose? =start_version|start_version_or_better, source? text
version = name | number
version_or_null = null | name | number
trust_list = [trusted]+
trusted = name | trusted_then
trusted_then: issuer name, from? day, until? day
gate: issuer_in name, status [status]+, endorsements? endorsements, currency_years? currency,
      not_already_used_in_award? truth
status = =proof_valid|not_revoked|not_expired
endorsements: min count, distinct_endorsers? truth, endorser_not_in? [name],
              endorser_level_min? count
currency: rpl? shelf_life, earned? shelf_life
shelf_life: years count, measured_at =registration|decision
equivalence: from badge_code, to badge_code, tags? names, until? day
where: any? yes, tag? names, level? count, level_max? count, rpl? truth, kind? names, role? names,
       code? names, issuer? names, circle? names, context? names, mark? mark, any_of? [where]+,
       all_of? [where]+, not? where
names = name | [name]+
bucket: where where, min? amount, mandatory? truth, rpl? truth, min_badges? count,
        max_badges? count, max_credits? amount, min_mark? mark, compensatable? truth,
        max_below_level? {level amount}, at_least? [bound], at_most? [bound]
bound = bound_credits | bound_badges | bound_share
bound_credits: credits amount, id name, where where
bound_badges: badges count, id name, where where
bound_share: share share, id name, where where
award_rules: id name, title? text, credits amount, min_at_level? {level amount},
             max_below_level? {level amount}, rpl_cap? amount, reuse_cap? amount,
             max_registration_years? from_one, pathway? name, at_least? [bound], at_most? [bound],
             buckets? {name amount}, requires? node
node = name | node_badge | node_attested | node_all | node_any | node_choose
node_badge: badge name
node_attested: attested name
node_all: all_of [node]+
node_any: any_of [node]+
node_choose: choose from_one, of [node]+
sharing: max_badges count, max_credits? amount, between? [pair]
pair = [name]+
distinct: at_least? count, min_credits_each? amount, max_share_each? share,
          max_credits_each? amount, awards? [name]
dimension = =contexts|circles|validators|co_participants|issuers|kinds
prerequisite = of_buckets | of_badges
of_buckets: before name, after name, finished? =before_end|before_start, lapses_after_years? count,
            awards? [name]
of_badges: badge name, needs name, finished? =before_end|before_start, lapses_after_years? count,
           awards? [name]
exclusion = [badge_code]+ | exclusion_for
exclusion_for: one_of [badge_code]+, awards [name]
obligations: every =registration_year, joined joined, co_provided co_provided,
             pauses? =authorised_interruptions, misses misses, awards? [name]
joined: at_least count, of =activity, validated yes, disjoint_from? =co_provided
co_provided: at_least count, of =activity, validated yes, disjoint_from? =joined
misses: concession =allowed|none, max? count, approver? name
condonement: max_credits? amount, mark_floor? mark, not_in? [name], cap_class? name,
             mean_at_least? mark
classification: rpl_marks =excluded_from_mean|included, classes [class_rules]+, awards? [name],
                mean_rounding? =half_up|none, graded_at_least? amount
class_rules: id name, mean? mark, bucket_means? {name mark}, credits_at? {mark_key amount},
             share_at? {mark_key share}, any_of? [criteria]+, first_attempts? truth
criteria: mean? mark, bucket_means? {name mark}, credits_at? {mark_key amount},
          share_at? {mark_key share}
attester: says text, by text
concession_rules: allowed [action], requires? [saying], never? [name]
action = =waive|reduce|accept|forgive_year
saying = =authority|rationale|date|expiry|clause_ref
"""


def _is_day(value: Json) -> bool:
    if type(value) is not str or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _number(holds: Callable[[Fraction], bool], *, decimals: int = 1) -> Callable[[Json], bool]:
    return lambda v: is_number(v) and (exact(v) * 10**decimals).denominator == 1 and holds(exact(v))


def _written(pattern: str) -> Callable[[Json], bool]:
    return lambda v: is_text(v) and bool(re.fullmatch(pattern, v, re.DOTALL))


PLAIN: Final[dict[str, tuple[str, Callable[[Json], bool]]]] = {
    "object": ("an object", lambda v: type(v) is dict),
    "null": ("null", lambda v: v is None),
    "text": ("a text", is_text),
    "name": ("a text that is not empty", _written(".+")),
    "truth": ("true or false", lambda v: type(v) is bool),
    "yes": ("true", lambda v: v is True),
    "day": ("a day as YYYY-MM-DD", _is_day),
    "whole": ("a whole number", lambda v: type(v) is int),
    "count": ("a whole number from 0", lambda v: type(v) is int and v >= 0),
    "from_one": ("a whole number from 1", lambda v: type(v) is int and v >= 1),
    "number": ("a number from 0", _number(lambda v: v >= 0, decimals=6)),
    "amount": ("a number from 0 with at most one decimal", _number(lambda v: v >= 0)),
    "mark": ("a mark from 0 to 100 with at most one decimal", _number(lambda v: 0 <= v <= 100)),
    "share": ("a share above 0 and below 1", _number(lambda v: 0 < v < 1, decimals=6)),
    "sha": ("sha256: and 64 hexadecimal digits", _written("sha256:[0-9a-f]{64}")),
    "level": ("a level from 1 to 8", _written("[1-8]")),
    "mark_key": ("a mark", _written(r"100|[1-9]?[0-9](\.[1-9])?")),
    "badge_code": ("badge: and a code", _written("badge:.+")),
}


def _kinds(table: str) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
    objects, choices = {}, {}
    for line in re.sub(r"\n +", " ", table).split("\n"):
        if match := re.fullmatch("([a-z_]+): (.*)", line):
            objects[match[1]] = dict(key.split(" ", 1) for key in match[2].split(", "))
        elif match := re.fullmatch("([a-z_]+) = (.*)", line):
            choices[match[1]] = match[2].split(" | ")
    return objects, choices


OBJECTS, CHOICES = _kinds(KINDS)


def misshapen(value: Json, kind: str, place: str) -> list[str]:
    """Every place in `value` that is not of its kind."""
    said: list[str] = []
    todo = [(value, kind, place)]
    while todo:
        found, kind, at = todo.pop()
        if kind in CHOICES:
            fitting = [one for one in CHOICES[kind] if _looks_like(found, one)]
            said += [] if fitting else [f"{at}: {' or '.join(CHOICES[kind])} is expected"]
            todo += [(found, one, at) for one in fitting[:1]]
        elif kind[0] == "[":
            if type(found) is not list or (kind[-1] == "+" and not found):
                said.append(f"{at}: a list{' that is not empty' * (kind[-1] == '+')} is expected")
            else:
                todo += [(item, kind.strip("[]+"), f"{at}[{n}]") for n, item in enumerate(found)]
        elif kind[0] == "{" or kind in OBJECTS:
            if type(found) is dict:
                todo += _inside(found, kind, at, said)
            else:
                said.append(f"{at}: an object is expected")
        elif not _looks_like(found, kind):
            said.append(f"{at}: {PLAIN[kind][0] if kind in PLAIN else kind[1:]} is expected")
    return said


def _inside(found: Json, kind: str, at: str, said: list[str]) -> Iterator[tuple[Json, str, str]]:
    """The values in an object, each with its kind and place; wrong keys are said."""
    if kind[0] == "{":
        keys, values = kind.strip("{}").split(" ")
        for key, inner in found.items():
            yield from ((key, keys, f"{at}, key {key!r}"), (inner, values, f"{at}.{key}"))
        return
    known = {key.rstrip("?"): inner for key, inner in OBJECTS[kind].items()}
    said += [f"{at}: the key {key!r} is not known" for key in found if key not in known]
    said += [
        f"{at}: {key} is missing" for key in OBJECTS[kind] if key not in found and key[-1] != "?"
    ]
    yield from ((found[key], known[key], f"{at}.{key}") for key in found if key in known)


def _looks_like(found: Json, kind: str) -> bool:
    if kind in OBJECTS:
        key, inner = next(iter(OBJECTS[kind].items()))
        return (
            type(found) is dict
            and key in found
            and (inner[0] != "=" or _looks_like(found[key], inner))
        )
    if kind[0] == "[":
        return type(found) is list
    if kind[0] == "=":
        return type(found) is str and found in kind[1:].split("|")
    return PLAIN[kind][1](found)


# (3) What names what ------------------------------------------------------------------------------


def programme_faults(key: str, programme: Json) -> list[str]:
    place = f"programmes.{key}"
    if said := strange_value(programme, place, deepest=DEEPEST["programme"]):
        return said
    actual = digest(programme)
    said = [] if actual == key else [f"{place}: its digest is {actual}"]
    return said + [f"{place}.{fault}" for fault in _faults_of_names(programme)]


def _faults_of_names(programme: Json) -> Iterator[str]:
    awards, buckets = programme["awards"], programme["buckets"]
    ids = [award["id"] for award in awards]
    classes = [rules["id"] for rules in programme.get("classification", {}).get("classes", [])]
    for place, listed in (("awards", ids), ("classification.classes", classes)):
        yield from (f"{place}: {twice!r} stands twice" for twice in doubles(listed))
    for place, names, known in _names(programme, ids, classes):
        yield from (f"{place}: {name!r} is not known" for name in names if name not in known)
    for award in awards:
        for name, asked in award.get("buckets", {}).items():
            if (
                name in buckets
                and buckets[name].get("mandatory")
                and asked < buckets[name].get("min", 0)
            ):
                yield f"awards.{award['id']}.buckets.{name}: less than the mandatory minimum"
    if not {"proof_valid", "not_revoked"} <= set(programme["evidence_gate"]["status"]):
        yield "evidence_gate.status: proof_valid and not_revoked are needed"


def _names(
    programme: Json, awards: list[str], classes: list[str]
) -> Iterator[tuple[str, Iterable[str], Iterable[str]]]:
    """Each place that names something, the names, and what may be named."""
    buckets = programme["buckets"]
    lists = [f"trust_list@{name}" for name in programme["trust_lists"]]
    yield "evidence_gate.issuer_in", [programme["evidence_gate"]["issuer_in"]], lists
    for award in programme["awards"]:
        place = f"awards.{award['id']}"
        listed = award.get("buckets", buckets)
        yield f"{place}.buckets", listed, buckets
        for kind, name in leaves(award.get("requires", {"all_of": []})):
            known = {"bucket": listed, "attested": programme.get("attestations", {})}
            yield f"{place}.requires", [name], known.get(kind, [name])
    rules = [("obligations", programme.get("obligations", {}))]
    rules += [("classification", programme.get("classification", {}))]
    rules += [(f"distinct.{name}", rule) for name, rule in programme.get("distinct", {}).items()]
    for key in ("prerequisites", "exclusions"):
        rules += [(key, rule) for rule in programme.get(key, []) if type(rule) is dict]
    for place, rule in rules:
        yield f"{place}.awards", rule.get("awards", []), awards
        yield place, [rule[key] for key in ("before", "after") if key in rule], buckets
        for each in rule.get("classes", []):
            for criteria in (each, *each.get("any_of", [])):
                yield (
                    f"{place}.{each['id']}.bucket_means",
                    criteria.get("bucket_means", []),
                    buckets,
                )
    condonement = programme.get("condonement", {})
    yield "condonement.not_in", condonement.get("not_in", []), buckets
    yield "condonement.cap_class", [condonement.get("cap_class", "pass")], ["pass", *classes]
    for pair in programme.get("sharing", {}).get("between", []):
        yield "sharing.between", pair, buckets if len(set(pair)) == len(pair) == 2 else []


def leaves(node: Json) -> Iterator[tuple[str, str]]:
    """What a `requires` names: bucket, badge or attested, and the name."""
    if type(node) is str:
        yield "bucket", node
    for kind in ("badge", "attested"):
        if kind in node and type(node) is dict:
            yield kind, node[kind]
    for child in children(node):
        yield from leaves(child)


def children(node: Json) -> list[Json]:
    if type(node) is str:
        return []
    return list(node.get("all_of") or node.get("any_of") or node.get("of") or [])


def doubles(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


SAYS: Final = {
    "waive": ("path",),
    "reduce": ("path", "to"),
    "accept": ("record", "bucket"),
    "forgive_year": ("year",),
}


def wallet_faults(wallet: Json) -> Iterator[str]:
    for key in ("records", "concessions"):
        for twice in doubles(item["id"] for item in wallet.get(key, [])):
            yield f"wallet.{key}: {twice!r} stands twice"
    for n, badge in enumerate(wallet["records"]):
        if ("credits" in badge) == ("ects" in badge):
            yield f"wallet.records[{n}]: credits or ects is expected, and one of them"
        if badge["activity_end"] < badge["activity_start"]:
            yield f"wallet.records[{n}].activity_end: before its start"
    for n, said in enumerate(wallet.get("concessions", [])):
        needed = SAYS[said["action"]]
        if said.keys() & {key for keys in SAYS.values() for key in keys} != set(needed):
            yield f"wallet.concessions[{n}]: {said['action']} says {' and '.join(needed)}"
    for n, pause in enumerate(wallet.get("interruptions", [])):
        if pause["last"] < pause["first"]:
            yield f"wallet.interruptions[{n}].last: before its first day"


# (4) Versions and concessions ---------------------------------------------------------------------


def admissible(programmes: Json, *, registered: str, today: str) -> list[str]:
    """The digests of the versions to decide by: of the day of registration, later if allowed."""
    order = sorted(programmes, key=lambda key: programmes[key]["ruleset"]["in_force_from"])
    begun = [programmes[key]["ruleset"]["in_force_from"] for key in order]
    start = max(0, sum(day <= registered for day in begun) - 1)
    if programmes[order[start]]["ruleset"].get("choose") != "start_version_or_better":
        return [order[start]]
    return [order[start], *(order[n] for n in range(start + 1, len(order)) if begun[n] <= today)]


def applies(concession: Json, programme: Json, today: str) -> bool:
    rules = programme.get("concessions", {"allowed": []})
    if concession["action"] not in rules["allowed"]:
        return False
    if not all(concession.get(key) for key in ("date", *rules.get("requires", []))):
        return False
    if not concession["date"] <= today <= concession.get("expiry", today):
        return False
    path = {"accept": f"buckets.{concession.get('bucket')}", "forgive_year": "obligations"}.get(
        concession["action"], concession.get("path", "")
    )
    return not any(under(path, never) or under(never, path) for never in rules.get("never", []))


def under(name: str, path: str) -> bool:
    return name == path or name.startswith((f"{path}.", f"{path}#", f"{path}="))


# (5) The audit of a version -----------------------------------------------------------------------

BEFORE_AGE: Final = tuple(f"evidence_gate.{key}" for key in ("issuer_in", "status", "endorsements"))
FAR: Final = 10_000_000  # the ordinal of a day after all days


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def anniversary(day: int, years: int) -> int:
    """As many years later; of 29 February on 1 March, where there is none."""
    start = date.fromordinal(day)
    if start.year + years > 9999:
        return FAR
    try:
        return start.replace(year=start.year + years).toordinal()
    except ValueError:
        return date(start.year + years, 3, 1).toordinal()


def tenths(number: Json) -> int:
    return int(exact(number) * 10)


@dataclass(frozen=True, slots=True, eq=False)
class Badge:
    """A record as a version reads it: days as ordinals, credit and mark in tenths."""

    id: str
    credit: int
    level: int
    mark: int | None
    failed: bool
    rpl: bool
    used: bool
    resit: bool
    pending: bool
    activity: str
    role: str
    started: int
    ended: int
    labels: Mapping[str, frozenset[str]]  # by the names of filters, and of dimensions


class Audit:
    """One version of a programme over a wallet, with the concessions that apply."""

    def __init__(self, programme: Json, wallet: Json, today: str, applied: list[Json]) -> None:
        self.programme, self.wallet = programme, wallet
        self.today, self.registered = ordinal(today), ordinal(wallet["registered"])
        self.ects = programme.get("credit_unit") == "ects"
        self.waived = [said["path"] for said in applied if said["action"] == "waive"]
        self.reduced = {said["path"]: said["to"] for said in applied if said["action"] == "reduce"}
        self.forgiven = {said["year"] for said in applied if said["action"] == "forgive_year"}
        accepted = {(s["record"], s["bucket"]) for s in applied if s["action"] == "accept"}
        self.pauses = _joined((ordinal(p["first"]), ordinal(p["last"]))
                              for p in wallet.get("interruptions", []))  # fmt: skip
        self.badges: list[Badge] = []
        self.set_aside: list[Json] = []
        self.takes: dict[str, list[str]] = {}  # the buckets that take a badge, by its id
        self.validated: list[Badge] = []  # what counts for obligations
        self.pending: list[str] = []
        for facts in sorted(wallet["records"], key=lambda facts: str(facts["id"])):
            badge = self._read(facts)
            against = self._kept_out(facts, badge)
            taking = [name for name in sorted(programme["buckets"])
                      if ((badge.id, name) in accepted and self._status_holds(facts))
                      or (not against and self._takes(name, badge))]  # fmt: skip
            if against and not taking:
                self.set_aside.append({"record": badge.id, "rule": against})
            if against not in BEFORE_AGE:
                self.validated.append(badge)
            if badge.pending and (taking or against not in BEFORE_AGE):
                self.pending.append(badge.id)
            self.badges.append(badge)
            self.takes[badge.id] = taking

    def _read(self, facts: Json) -> Badge:
        code, tags = facts.get("code", ""), set(facts.get("tags", []))
        for rule in self.programme.get("equivalences", []):
            if rule["from"] == f"badge:{code}" and facts["issued"] <= rule.get(
                "until", facts["issued"]
            ):
                code, tags = rule["to"].removeprefix("badge:"), tags | listed(rule.get("tags", []))
                break
        mark = None if facts.get("mark") is None else tenths(facts["mark"])
        holder = {self.wallet["holder"]}
        labels = {
            "code": {code},
            "tag": tags,
            "context": facts.get("contexts", []),
            **{key: {facts.get(key, "")} for key in ("kind", "issuer", "circle")},
            "role": {facts.get("role", "participant")},
            "validators": {judge_id(judge) for judge in facts.get("judges", [])} - holder,
            "co_participants": set(facts.get("co_participants", [])) - holder,
        }
        return Badge(
            id=facts["id"],
            credit=tenths(facts["credits"]) if "credits" in facts else 2 * tenths(facts["ects"]),
            level=facts["level"],
            mark=mark,
            failed=mark is not None and mark < tenths(self.programme.get("pass_mark", 0)),
            rpl=facts.get("rpl", False),
            used=bool(facts.get("used_in")),
            resit=not facts.get("first_attempt", True),
            pending=facts["status"] == "unknown",
            activity=facts.get("activity") or f"badge {facts['id']}",
            role=facts.get("role", "participant"),
            started=ordinal(facts["activity_start"]),
            ended=ordinal(facts["activity_end"]),
            labels={key: frozenset(each) - {""} for key, each in labels.items()},
        )

    def _kept_out(self, facts: Json, badge: Badge) -> str:
        """The first rule of the gate that it fails, or nothing."""
        gate = self.programme["evidence_gate"]
        if not self._trusted(facts):
            return "evidence_gate.issuer_in"
        if not self._status_holds(facts):
            return "evidence_gate.status"
        if "endorsements" in gate and not self._endorsed(facts, gate["endorsements"]):
            return "evidence_gate.endorsements"
        kind = "rpl" if badge.rpl else "earned"
        if life := gate.get("currency_years", {}).get(kind):
            day = self.registered if life["measured_at"] == "registration" else self.today
            if anniversary(badge.ended, life["years"]) < day:
                return f"evidence_gate.currency_years.{kind}"
        if gate.get("not_already_used_in_award") and badge.used:
            return "evidence_gate.not_already_used_in_award"
        return ""

    def _trusted(self, facts: Json) -> bool:
        name = self.programme["evidence_gate"]["issuer_in"].removeprefix("trust_list@")
        entries = self.programme["trust_lists"][name]
        spans = [{"issuer": each} if type(each) is str else each for each in entries]
        issued = facts["issued"]
        return any(
            facts["issuer"] == each["issuer"]
            and each.get("from", issued) <= issued <= each.get("until", issued)
            for each in spans
        )

    def _status_holds(self, facts: Json) -> bool:
        expiry = (
            {"expired"} if "not_expired" in self.programme["evidence_gate"]["status"] else set()
        )
        return facts["status"] not in {"invalid", "revoked", "suspended"} | expiry

    def _endorsed(self, facts: Json, rule: Json) -> bool:
        refused = rule.get("endorser_not_in", [])
        judges = [{"id": j} if type(j) is str else j for j in facts.get("judges", [])]
        counting = [
            judge["id"]
            for judge in judges
            if judge.get("level", 0) >= rule.get("endorser_level_min", 0)
            and judge.get("relation", "") not in refused
            and not (judge["id"] == self.wallet["holder"] and "holder" in refused)
        ]
        found = set(counting) if rule.get("distinct_endorsers", True) else counting
        return len(found) >= rule["min"]

    def _takes(self, bucket: str, badge: Badge) -> bool:
        rules = self.programme["buckets"][bucket]
        if badge.rpl and not rules.get("rpl", True):
            return False
        if "min_mark" in rules and (badge.mark is None or badge.mark < tenths(rules["min_mark"])):
            return False
        return fits(rules["where"], badge) and (not badge.failed or self._condones(bucket, badge))

    def _condones(self, bucket: str, badge: Badge) -> bool:
        rule = self.programme.get("condonement")
        return bool(
            rule is not None
            and badge.mark is not None
            and badge.mark >= tenths(rule.get("mark_floor", 0))
            and bucket not in rule.get("not_in", [])
            and self.programme["buckets"][bucket].get("compensatable", True)
        )

    def last_day(self, years: int, *, paused: bool) -> int:
        """Of that registration year: later by the days that interruptions cover up to it."""
        clock = anniversary(self.registered, years) - 1
        end = clock
        while paused:
            spans = ((max(first, self.registered), min(last, end)) for first, last in self.pauses)
            later = clock + sum(max(0, last - first + 1) for first, last in spans)
            if later == end:
                break
            end = later
        return end

    def missed(self, award: Json, *, hoped: bool) -> list[int]:
        """The completed years missed and not forgiven; `hoped` counts what is pending."""
        rule = self.programme.get("obligations")
        if rule is None or not holds_for(rule, award):
            return []
        found, first, year = [], self.registered, 1
        while (last := self.last_day(year, paused="pauses" in rule)) < self.today:
            ended = [b for b in self.validated if first <= b.ended <= last and not b.rpl]
            roles: dict[str, set[str]] = {"participant": set(), "co_provider": set()}
            for badge in ended:
                if hoped or not badge.pending:
                    roles[badge.role].add(badge.activity)
            if year not in self.forgiven and not _kept(rule, *roles.values()):
                found.append(year)
            first, year = last + 1, year + 1
        return found


def _kept(rule: Json, joined: set[str], provided: set[str]) -> bool:
    join, provide = rule["joined"]["at_least"], rule["co_provided"]["at_least"]
    apart = any("disjoint_from" in rule[role] for role in ("joined", "co_provided"))
    return (
        len(joined) >= join
        and len(provided) >= provide
        and (not apart or len(joined | provided) >= join + provide)
    )


def _joined(pauses: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same days, each once."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(pauses):
        first = max(first, found[-1][1] + 1) if found else first
        found += [(first, last)] if first <= last else []
    return found


def listed(names: Json) -> set[str]:
    return {names} if type(names) is str else set(names)


def judge_id(judge: Json) -> str:
    return str(judge if type(judge) is str else judge["id"])


def holds_for(rule: Json, award: Json) -> bool:
    return "awards" not in rule or award["id"] in rule["awards"]


def fits(where: Json, badge: Badge) -> bool:
    for key, wanted in where.items():
        match key:
            case "any":
                fitting = True
            case "level":
                fitting = badge.level >= wanted
            case "level_max":
                fitting = badge.level <= wanted
            case "rpl":
                fitting = badge.rpl is wanted
            case "mark":
                fitting = badge.mark is not None and badge.mark >= tenths(wanted)
            case "any_of":
                fitting = any(fits(each, badge) for each in wanted)
            case "all_of":
                fitting = all(fits(each, badge) for each in wanted)
            case "not":
                fitting = not fits(wanted, badge)
            case _:
                fitting = not badge.labels[key].isdisjoint(listed(wanted))
        if not fitting:
            return False
    return True


# (6) The rows of a case ---------------------------------------------------------------------------

# What a coefficient stands before: counted(r) as r, in(r, b) as (r, b), an option as (r, (b, …)).
Key = str | tuple[str, str | tuple[str, ...]]
Vector = Mapping[Key, int]
Parts = Sequence[tuple[int, Vector]]
LABELS: Final = {"contexts": "context", "circles": "circle", "issuers": "issuer", "kinds": "kind"}


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The parts, each times its number, and the choices, are at least or at most the bound."""

    asks: bool
    parts: Parts
    choices: Mapping[str, int]
    bound: int

    def net(self) -> dict[Key, int]:
        weights: dict[Key, int] = defaultdict(int)
        for times, vector in self.parts:
            for key, size in vector.items():
                weights[key] += times * size
        return weights


def credit_of(badge: Badge) -> int:
    return badge.credit


def one(_: Badge) -> int:
    return 1


def over(
    badges: Iterable[Badge], size: Callable[[Badge], int] = credit_of, *, inside: str | None = None
) -> Vector:
    """A coefficient for each badge: of its counting, or of its being in that bucket."""
    return {badge.id if inside is None else (badge.id, inside): size(badge) for badge in badges}


class Case:
    """The rows of one award, and of a class of it, over the badges that may count.

    `hoped` counts what is pending as good. The names of rows are those of docs/decision-record.md.
    """

    def __init__(self, audit: Audit, award: Json, rules_of_class: Json, *, hoped: bool) -> None:
        self.audit, self.award, self.hoped = audit, award, hoped
        self.programme, self.path = audit.programme, f"awards.{award['id']}"
        every = {name: rules.get("min", 0) for name, rules in self.programme["buckets"].items()}
        self.listed: Json = award.get("buckets", every)
        self.options = {badge.id: self._options(badge) for badge in audit.badges}
        self.badges = [badge for badge in audit.badges if self.options[badge.id]]
        self.rows: dict[str, Row] = {}
        self.choices: list[str] = []  # in the order of setting: children first
        self.twice: list[str] = []
        self._award()
        self._buckets()
        self._across()
        self._condonement()
        if rules_of_class is not None:
            self._class(rules_of_class)

    def _options(self, badge: Badge) -> list[tuple[str, ...]]:
        years = self.award.get("max_registration_years")
        if badge.pending and not self.hoped:
            return []
        if years is not None and badge.ended > self.audit.last_day(years, paused=True):
            return []
        taking = [name for name in self.audit.takes[badge.id] if name in self.listed]
        sharing = self.programme.get("sharing", {"max_badges": 0})
        pairs = list(combinations(taking, 2)) if sharing["max_badges"] else []
        if "between" in sharing:
            pairs = [
                pair for pair in pairs if any(set(pair) == set(two) for two in sharing["between"])
            ]
        return [*((name,) for name in taking), *pairs]

    def inside(self, bucket: str) -> list[Badge]:
        return [badge for badge in self.badges if (bucket,) in self.options[badge.id]]

    # An amount is the programme's, or what a concession gives the row with this name.
    def credit(self, name: str, amount: Json) -> int:
        if name in self.audit.reduced:
            return tenths(self.audit.reduced[name])
        return tenths(amount) * (2 if self.audit.ects else 1)

    def number(self, name: str, amount: int) -> int:
        return int(self.audit.reduced.get(name, amount))

    def mark(self, name: str, mark: Json) -> int:
        return tenths(self.audit.reduced.get(name, mark))

    def share(self, name: str, share: Json) -> Fraction:
        return exact(self.audit.reduced.get(name, share))

    def row(
        self,
        name: str,
        parts: Parts,
        sense: str,
        bound: int,
        *,
        when: str | None = None,
        slack: int | None = None,
        plus: Iterable[str] = (),
    ) -> None:
        """Note a row that holds always, or when the choice `when` is 1.

        Otherwise its bound is 0, or as much lower as `slack` says. `plus` are choices that help.
        """
        choices = Counter(plus)
        if when is not None:
            choices[when] -= bound if slack is None else slack
            bound = 0 if slack is None else bound - slack
        if name in self.rows:
            self.twice.append(name)
        if not any(self._waives(path, name) for path in self.audit.waived):
            self.rows[name] = Row(asks=sense == "≥", parts=parts, choices=choices, bound=bound)

    def _waives(self, path: str, name: str) -> bool:
        if path in (f"{self.path}.buckets.{bucket}" for bucket in self.listed):
            return name in (path, f"{path}.min_badges") or name.startswith(f"{path}.at_least.")
        return under(name, path)

    def bound(
        self, name: str, rule: Json, sense: str, badges: list[Badge], *,
        inside: str | None = None, when: str | None = None,
    ) -> None:  # fmt: skip
        meant = [badge for badge in badges if fits(rule["where"], badge)]
        if "credits" in rule:
            amount = self.credit(name, rule["credits"])
            self.row(name, [(1, over(meant, inside=inside))], sense, amount, when=when)
        elif "badges" in rule:
            amount = self.number(name, rule["badges"])
            self.row(name, [(1, over(meant, one, inside=inside))], sense, amount, when=when)
        else:
            share = self.share(name, rule["share"])
            parts = [(share.denominator, over(meant, inside=inside)),
                     (-share.numerator, over(badges, inside=inside))]  # fmt: skip
            slack = share.numerator * sum(badge.credit for badge in badges)
            self.row(name, parts, sense, 0, when=when, slack=slack)

    def _award(self) -> None:
        path, award, counted = self.path, self.award, self.badges
        for key, badges, sense in (
            ("credits", counted, "≥"),
            ("rpl_cap", [badge for badge in counted if badge.rpl], "≤"),
            ("reuse_cap", [badge for badge in counted if badge.used], "≤"),
        ):
            if key in award:
                name = f"{path}.{key}"
                self.row(name, [(1, over(badges))], sense, self.credit(name, award[key]))
        for level, amount in award.get("min_at_level", {}).items():
            name, above = (
                f"{path}.min_at_level.{level}",
                [b for b in counted if b.level >= int(level)],
            )
            self.row(name, [(1, over(above))], "≥", self.credit(name, amount))
        self._below(path, award, counted)
        for key, sense in (("at_least", "≥"), ("at_most", "≤")):
            for rule in award.get(key, []):
                self.bound(f"{path}.{key}.{rule['id']}", rule, sense, counted)

    def _below(
        self, path: str, rules: Json, badges: list[Badge], inside: str | None = None
    ) -> None:
        for level, amount in rules.get("max_below_level", {}).items():
            name, below = (
                f"{path}.max_below_level.{level}",
                [b for b in badges if b.level <= int(level)],
            )
            self.row(name, [(1, over(below, inside=inside))], "≤", self.credit(name, amount))

    def _buckets(self) -> None:
        asked = self.award.get("requires", {"all_of": list(self.listed)})
        self.always = set(_always(asked)) | {
            name for name in self.listed if self.programme["buckets"][name].get("mandatory")
        }
        named = {name for kind, name in leaves(asked) if kind == "bucket"}
        for name, amount in self.listed.items():
            rules, path = self.programme["buckets"][name], f"{self.path}.buckets.{name}"
            badges = self.inside(name)
            if name in self.always | named:
                self._asks(path, rules, amount, badges, name)
            for key, size in (("max_badges", one), ("max_credits", credit_of)):
                if key in rules:
                    limit = f"{path}.{key}"
                    most = (self.number if size is one else self.credit)(limit, rules[key])
                    self.row(limit, [(1, over(badges, size, inside=name))], "≤", most)
            self._below(path, rules, badges, name)
            for rule in rules.get("at_most", []):
                self.bound(f"{path}.at_most.{rule['id']}", rule, "≤", badges, inside=name)
        self._node(asked, f"{self.path}.requires", None)

    def _asks(self, path: str, rules: Json, amount: Json, badges: list[Badge], name: str) -> None:
        when = None if name in self.always else path
        self.choices += [] if when is None else [path]
        held = over(badges, inside=name)
        self.row(path, [(1, held)], "≥", self.credit(path, amount), when=when)
        if "min_badges" in rules:
            least = f"{path}.min_badges"
            number, held = self.number(least, rules["min_badges"]), over(badges, one, inside=name)
            self.row(least, [(1, held)], "≥", number, when=when)
        for rule in rules.get("at_least", []):
            self.bound(f"{path}.at_least.{rule['id']}", rule, "≥", badges, inside=name, when=when)

    def _node(self, node: Json, path: str, when: str | None) -> None:
        """The rows of a node of `requires`; `when` is its choice, unless it is always required."""
        if type(node) is str:
            return
        key = next(key for key in ("all_of", "any_of", "of", "badge", "attested") if key in node)
        below = [(child, f"{path}.{key}[{n}]") for n, child in enumerate(children(node))]
        free = key != "all_of" or when is not None
        for child, place in below:
            self._node(child, place, place if free else None)
        if when is not None:
            self.choices.append(when)
        if key == "badge":
            coded = [badge for badge in self.badges if node["badge"] in badge.labels["code"]]
            self.row(path, [(1, over(coded, one))], "≥", 1, when=when)
        elif key == "attested":
            if not self._attested(node["attested"]):
                self.row(path, [], "≥", 1, when=when)
        elif key == "all_of":
            for n, (child, place) in enumerate(below if free else []):
                self._children(f"{path}#{n}", [(child, place)], 1, when)
        else:
            self._children(path, below, node.get("choose", 1), when)

    def _children(
        self, name: str, below: list[tuple[Json, str]], need: int, when: str | None
    ) -> None:
        """So many of them must be met; a bucket that is always required is met anyhow."""
        open_ = [(child, place) for child, place in below
                 if not (type(child) is str and child in self.always)]  # fmt: skip
        plus = [f"{self.path}.buckets.{child}" if type(child) is str else place
                for child, place in open_]  # fmt: skip
        met = len(below) - len(open_)
        if when is None:
            self.row(name, [], "≥", need - met, plus=plus)
        else:  # Σ children - need·z ≥ -met
            self.row(name, [], "≥", need - met, when=when, slack=need, plus=plus)

    def _attested(self, name: str) -> bool:
        value = self.audit.wallet.get("attestations", {}).get(name, {}).get("value", "pending")
        return value == "yes" or (value == "pending" and self.hoped)

    def _across(self) -> None:
        rules = self.programme
        for dimension, rule in rules.get("distinct", {}).items():
            if holds_for(rule, self.award):
                self._distinct(f"distinct.{dimension}", rule, LABELS.get(dimension, dimension))
        for rule in rules.get("exclusions", []):
            codes = {code.removeprefix("badge:") for code in
                     (rule if type(rule) is list else rule["one_of"])}  # fmt: skip
            if type(rule) is list or holds_for(rule, self.award):
                badges = [badge for badge in self.badges if badge.labels["code"] & codes]
                self.row(f"exclusions.{'+'.join(sorted(codes))}", [(1, over(badges, one))], "≤", 1)
        for rule in rules.get("prerequisites", []):
            if holds_for(rule, self.award):
                (self._before if "before" in rule else self._needs)(rule)
        for key, size in (("max_badges", one), ("max_credits", credit_of)):
            if key in rules.get("sharing", {}):
                name, most = f"sharing.{key}", rules["sharing"][key]
                shared: Vector = {
                    (badge.id, option): size(badge)
                    for badge in self.badges
                    for option in self.options[badge.id]
                    if len(option) == 2
                }
                bound = (self.number if size is one else self.credit)(name, most)
                self.row(name, [(1, shared)], "≤", bound)

    def _distinct(self, path: str, rule: Json, labels: str) -> None:
        behind: dict[str, list[Badge]] = defaultdict(list)
        for badge in self.badges:
            for label in badge.labels[labels]:
                behind[label].append(badge)
        choices = [f"{path}={label}" for label in sorted(behind)]
        everything = over(self.badges)
        if "at_least" in rule:
            self.choices += choices
            self.row(path, [], "≥", self.number(path, rule["at_least"]), plus=choices)
        for label in sorted(behind):
            credit, choice = over(behind[label]), f"{path}={label}"
            if "at_least" in rule and "min_credits_each" in rule:
                each = tenths(rule["min_credits_each"]) * (2 if self.audit.ects else 1)
                self.row(choice, [(1, credit)], "≥", each, when=choice)
            elif "at_least" in rule:
                self.row(choice, [(1, over(behind[label], one))], "≥", 1, when=choice)
            if "max_share_each" in rule:
                name = f"{path}.max_share_each={label}"
                share = self.share(name, rule["max_share_each"])
                parts = [(share.numerator, everything), (-share.denominator, credit)]
                self.row(name, parts, "≥", 0)
            if "max_credits_each" in rule:
                name = f"{path}.max_credits_each={label}"
                self.row(name, [(1, credit)], "≤", self.credit(name, rule["max_credits_each"]))

    def _before(self, rule: Json) -> None:
        before, after = rule["before"], rule["after"]
        for first in self.inside(before):
            for later in self.inside(after):
                if not in_order(first, later, rule):
                    name = f"prerequisites.{before}-before-{after}={first.id},{later.id}"
                    pair: Parts = [(1, {(first.id, before): 1}), (1, {(later.id, after): 1})]
                    self.row(name, pair, "≤", 1)

    def _needs(self, rule: Json) -> None:
        needed = [badge for badge in self.badges if rule["needs"] in badge.labels["code"]]
        for badge in self.badges:
            if rule["badge"] in badge.labels["code"]:
                before = [other for other in needed if in_order(other, badge, rule)]
                name = f"prerequisites.{rule['badge']}-needs-{rule['needs']}={badge.id}"
                self.row(name, [(1, over(before, one)), (-1, {badge.id: 1})], "≥", 0)

    def graded(self) -> list[Badge]:
        """The badges whose marks make means."""
        rules = self.programme.get("classification", {"rpl_marks": "included"})
        prior = rules["rpl_marks"] == "included"
        return [b for b in self.badges if b.mark is not None and (prior or not b.rpl)]

    def _mean(self, name: str, badges: list[Badge], wanted: int, *, when: str | None,
              inside: str | None = None) -> None:  # fmt: skip
        above = over(
            badges, lambda badge: badge.credit * ((badge.mark or 0) - wanted), inside=inside
        )
        slack = -sum(size for size in above.values() if size < 0)
        self.row(name, [(1, above)], "≥", 0, when=when, slack=slack)

    def _condonement(self) -> None:
        rule = self.programme.get("condonement", {})
        failed = [badge for badge in self.badges if badge.failed]
        if "max_credits" in rule:
            name = "condonement.max_credits"
            self.row(name, [(1, over(failed))], "≤", self.credit(name, rule["max_credits"]))
        if "mean_at_least" in rule:
            used, name = "condonement.used", "condonement.mean_at_least"
            self.choices.append(used)
            self.row(used, [(-1, over(failed, one))], "≥", 0, plus=[used] * len(failed))
            wanted = self.mark(name, rule["mean_at_least"])
            self._mean(name, self.graded(), wanted, when=used)

    def _class(self, rules: Json) -> None:
        path, whole = f"classification.{rules['id']}", self.programme["classification"]
        name = f"{path}.graded"
        least = max(1, self.credit(name, whole.get("graded_at_least", 0)))
        self.row(name, [(1, over(self.graded()))], "≥", least)
        self._criteria(path, rules, None)
        if rules.get("first_attempts"):
            resits = [badge for badge in self.badges if badge.resit]
            self.row(f"{path}.first_attempts", [(1, over(resits, one))], "≤", 0)
        if self._above_cap(rules["id"]):
            failed = [badge for badge in self.badges if badge.failed]
            self.row(f"{path}.uncondoned", [(1, over(failed, one))], "≤", 0)
        ways = [f"{path}.any_of[{n}]" for n in range(len(rules.get("any_of", [])))]
        if ways:
            self.choices += ways
            self.row(f"{path}.any_of", [], "≥", 1, plus=ways)
            for way, criteria in zip(ways, rules["any_of"], strict=True):
                self._criteria(way, criteria, way)

    def _above_cap(self, name: str) -> bool:
        """Whether a condoned badge keeps from this class."""
        if "condonement" not in self.programme:
            return False
        best = self.programme["condonement"].get("cap_class", "pass")
        order = [rules["id"] for rules in self.programme["classification"]["classes"]]
        return best not in order or order.index(name) < order.index(best)

    def _criteria(self, path: str, rules: Json, when: str | None) -> None:
        half = 5 if self.programme["classification"].get("mean_rounding") == "half_up" else 0
        graded = self.graded()
        if "mean" in rules:
            name = f"{path}.mean"
            self._mean(name, graded, self.mark(name, rules["mean"]) - half, when=when)
        for bucket, mean in rules.get("bucket_means", {}).items():
            name = f"{path}.bucket_means.{bucket}"
            held = [badge for badge in graded if (bucket,) in self.options[badge.id]]
            some = [(1, over(held, inside=bucket))]
            self.row(f"{path}.graded.{bucket}", some, "≥", 1, when=when)
            self._mean(name, held, self.mark(name, mean) - half, when=when, inside=bucket)
        for mark, amount in rules.get("credits_at", {}).items():
            name, good = f"{path}.credits_at.{mark}", _reaching(mark, graded)
            self.row(name, [(1, over(good))], "≥", self.credit(name, amount), when=when)
        for mark, share in rules.get("share_at", {}).items():
            name, good = f"{path}.share_at.{mark}", _reaching(mark, graded)
            part = self.share(name, share)
            parts = [(part.denominator, over(good)), (-part.numerator, over(graded))]
            net = Row(asks=True, parts=parts, choices={}, bound=0).net()
            slack = -sum(size for size in net.values() if size < 0)
            self.row(name, parts, "≥", 0, when=when, slack=slack)


def _reaching(mark: str, badges: list[Badge]) -> list[Badge]:
    return [badge for badge in badges if (badge.mark or 0) >= tenths(Decimal(mark))]


def in_order(first: Badge, later: Badge, rule: Json) -> bool:
    day = later.started if rule.get("finished") == "before_start" else later.ended
    years = rule.get("lapses_after_years")
    return first.ended <= day and (years is None or anniversary(first.ended, years) >= day)


def _always(node: Json) -> Iterator[str]:
    if type(node) is str:
        yield node
    elif "all_of" in node:
        for child in node["all_of"]:
            yield from _always(child)


# (7) A yes ----------------------------------------------------------------------------------------


def placement_faults(case: Case, placements: Json, place: str) -> list[str]:
    """What keeps these placements from satisfying every row of the case."""
    ids = [placement["record"] for placement in placements]
    said = [] if ids == sorted(set(ids)) else [f"{place}: not sorted by record, each once"]
    keys: set[Key] = set()
    for n, placement in enumerate(placements):
        record, option = placement["record"], tuple(placement["buckets"])
        if option in case.options.get(record, ()):
            keys |= {record, (record, option), *((record, bucket) for bucket in option)}
        else:
            said.append(f"{place}[{n}]: {record} may not count in {' and '.join(option)}")
    return said or [f"{place}: they break {name}: {why}" for name, why in _broken(case, keys)]


def _broken(case: Case, keys: set[Key]) -> Iterator[tuple[str, str]]:
    sizes: dict[int, int] = {}  # by the identity of the vector: rows share them

    def size(vector: Vector) -> int:
        if id(vector) not in sizes:
            met = keys & vector.keys()
            sizes[id(vector)] = sum(vector[key] for key in met)
        return sizes[id(vector)]

    def value(row: Row) -> int:
        placed = sum(times * size(vector) for times, vector in row.parts)
        return placed + sum(times * chosen.get(name, 0) for name, times in row.choices.items())

    def holds(row: Row) -> bool:
        return value(row) >= row.bound if row.asks else value(row) <= row.bound

    chosen: dict[str, int] = {}
    against: dict[str, list[Row]] = defaultdict(list)
    for row in case.rows.values():
        for name, times in row.choices.items():
            if times < 0:
                against[name].append(row)
    for name in case.choices:  # as high as the rows allow that it makes harder
        chosen[name] = 1
        chosen[name] = int(all(holds(row) for row in against[name]))
    for name, row in case.rows.items():
        if not holds(row):
            yield name, f"{value(row)} is not at {'least' if row.asks else 'most'} {row.bound}"


# (8) A no -----------------------------------------------------------------------------------------


def proof_faults(case: Case, proof: Json, place: str) -> list[str]:
    """What keeps this proof from showing that no placing satisfies the case."""
    if "years" in proof:
        missed = case.audit.missed(case.award, hoped=case.hoped)
        if missed == proof["years"] and len(missed) > forgivable(case.programme):
            return []
        return [f"{place}.years: missed and not forgiven are {missed}"]
    if "cuts" in proof:
        cuts = [(cut, f"{place}.cuts[{n}]") for n, cut in enumerate(proof["cuts"])]
        return [said for cut, at in cuts for said in _cut_faults(case, cut, {}, at)]
    return _tree_faults(case, proof, place)


def forgivable(programme: Json) -> int:
    return int(programme.get("obligations", {"misses": {}})["misses"].get("max", 0))


def _tree_faults(case: Case, proof: Json, place: str) -> list[str]:
    said: list[str] = []
    used: set[str] = set()
    todo: list[tuple[Json, dict[str, Row], str]] = [(proof["tree"], {}, f"{place}.tree")]
    while todo:
        tree, splits, at = todo.pop()
        if "cut" in tree:
            said += _cut_faults(case, tree["cut"], splits, f"{at}.cut")
            used |= {
                re.split("[=#]", name)[0] for name in tree["cut"]["rows"] if name not in splits
            }
            continue
        if wrong := _split_fault(case, tree["split"]):
            said.append(f"{at}.split: {wrong}")
            continue
        for side, row in zip(("low", "high"), _sides(tree["split"]), strict=True):
            name = f"split {len(splits) + 1}"
            todo.append((tree[side], {**splits, name: row}, f"{at}.{side}"))
    if not said and proof["conflict"] != sorted(used):
        said.append(f"{place}.conflict: the cuts use {', '.join(sorted(used))}")
    return said


def _split_fault(case: Case, split: Json) -> str:
    if "choice" in split:
        return "" if split["choice"] in case.choices else f"no choice {split['choice']}"
    if doubles(split["records"]):
        return "a record stands twice"
    option = tuple(sorted(split["in"]))
    strange = [name for name in split["records"] if option not in case.options.get(name, ())]
    return f"{strange[0]} may not count in {' and '.join(option)}" if strange else ""


def _sides(split: Json) -> tuple[Row, Row]:
    if "choice" in split:
        parts: Parts = []
        choices, most = {split["choice"]: 1}, 0
    else:
        option = tuple(sorted(split["in"]))
        parts = [(1, {(record, option): 1 for record in split["records"]})]
        choices, most = {}, split["at_most"]
    return Row(False, parts, choices, most), Row(True, parts, choices, most + 1)


def _cut_faults(case: Case, cut: Json, splits: Mapping[str, Row], place: str) -> list[str]:
    weights: dict[Key, int] = defaultdict(int)
    choices: dict[str, int] = defaultdict(int)
    bound = asked = 0
    for name, times in cut["rows"].items():
        row = splits.get(name) or case.rows.get(name)
        if row is None:
            return [f"{place}.rows: there is no row {name}"]
        sign = times if row.asks else -times
        for key, size in row.net().items():
            weights[key] += sign * size
        for choice, size in row.choices.items():
            choices[choice] += sign * size
        own = sign * (rounded(case, row) if cut["whole"] else row.bound)
        bound, asked = bound + own, asked + (own if row.asks else 0)
    most = _most(case, weights) + sum(size for size in choices.values() if size > 0)
    if most >= bound:
        return [f"{place}: it proves nothing: {most} reaches {bound}"]
    wrong = []
    if cut["needed"] != asked:
        wrong.append(f"{place}.needed: it is {asked}")
    if cut["needed"] - cut["could_count"] != bound - most:
        wrong.append(f"{place}.could_count: {bound - most} are missing")
    return wrong


def _weight(weights: Mapping[Key, int], record: str, option: tuple[str, ...]) -> int:
    inside = sum(weights.get((record, bucket), 0) for bucket in option)
    return weights.get(record, 0) + inside + weights.get((record, option), 0)


def _options(case: Case, weights: Mapping[Key, int]) -> Iterator[set[int]]:
    """For each record that the weights touch: what its options weigh."""
    for record in {key if type(key) is str else key[0] for key in weights}:
        yield {_weight(weights, str(record), option) for option in case.options[str(record)]}


def _most(case: Case, weights: Mapping[Key, int]) -> int:
    return sum(max(0, *found) for found in _options(case, weights))


def rounded(case: Case, row: Row) -> int:
    """The bound that whole badges make of it, where nothing in the row is below 0."""
    weights = row.net()
    if (
        row.choices
        or any(size < 0 for size in weights.values())
        or (row.bound < 0 and not row.asks)
    ):
        return row.bound
    steps = [found - {0} for found in _options(case, weights)]
    unit = gcd(*(step for found in steps for step in found)) or 1
    bound = max(0, -(-row.bound // unit) if row.asks else row.bound // unit)
    widest = bound + (max((step for found in steps for step in found), default=0) // unit)
    if widest > WIDEST:
        return row.bound
    reached, mask = 1, (1 << (widest + 1)) - 1  # bit n: a sum of n units can be made
    for found in steps:
        for step in (reached << step // unit for step in found):
            reached |= step & mask
    if row.asks:
        above = reached >> bound
        return (bound + (above & -above).bit_length() - 1) * unit if above else row.bound
    return ((reached & ((1 << (bound + 1)) - 1)).bit_length() - 1) * unit


# (9) Every award in turn, and the outcome ---------------------------------------------------------


def award_faults(audit: Audit, award: Json, claim: Json, place: str) -> list[str]:
    if claim["answer"] == "satisfied":
        return _satisfied_faults(audit, award, claim, place)
    if claim["answer"] == "not_satisfied":
        return proof_faults(Case(audit, award, None, hoped=True), claim["proof"], f"{place}.proof")
    return _undecided_faults(audit, award, claim, place)


def _satisfied_faults(audit: Audit, award: Json, claim: Json, place: str) -> list[str]:
    said = placement_faults(
        Case(audit, award, None, hoped=False), claim["placements"], f"{place}.placements"
    )
    if missed := audit.missed(award, hoped=False):
        said.append(f"{place}: years {missed} were missed")
    rules = audit.programme.get("classification")
    if rules is None or not holds_for(rules, award):
        return said + (
            [f"{place}.classes: no classification holds here"] if "classes" in claim else []
        )
    if "classes" not in claim:
        return [*said, f"{place}: classes are missing"]
    answers = [(one["class"], one["answer"]) for one in claim["classes"]]
    said += _order_faults(answers, [one["id"] for one in rules["classes"]], f"{place}.classes")
    by_name = {one["id"]: one for one in rules["classes"]}
    for n, one in enumerate(claim["classes"]):
        at, wanted = f"{place}.classes[{n}]", by_name.get(one["class"])
        if wanted is not None and one["answer"] == "satisfied":
            case = Case(audit, award, wanted, hoped=False)
            said += placement_faults(case, one["placements"], f"{at}.placements")
        elif wanted is not None and one["answer"] == "not_satisfied":
            case = Case(audit, award, wanted, hoped=True)
            said += proof_faults(case, one["proof"], f"{at}.proof")
    return said


def _order_faults(answers: list[tuple[str, str]], wanted: list[str], place: str) -> list[str]:
    """In their order, none left out, and up to the first that is satisfied."""
    listed = [name for name, _ in answers]
    yes = [n for n, (_, answer) in enumerate(answers) if answer == "satisfied"]
    expected = wanted[: yes[0] + 1] if yes else wanted
    return (
        [] if listed == expected else [f"{place}: {', '.join(expected)} are expected in this order"]
    )


def _undecided_faults(audit: Audit, award: Json, claim: Json, place: str) -> list[str]:
    """Undecided for the board is shown twice: what is pending counts, and it does not."""
    because, placements, proof = claim["because"], claim["placements"], claim["proof"]
    if because["search"]:
        clear = placements is None and proof is None and not because["years"] + because["pending"]
        return [] if clear else [f"{place}: a search without end claims nothing else"]
    if placements is None:
        return [f"{place}: placements are missing"]
    said = []
    hoped = bool(because["pending"])
    missed = audit.missed(award, hoped=hoped)
    if because["years"] != missed or len(missed) > forgivable(audit.programme):
        said.append(f"{place}.because.years: missed and not forgiven are {missed}")
    said += placement_faults(
        Case(audit, award, None, hoped=hoped), placements, f"{place}.placements"
    )
    if not hoped:
        said += [] if missed else [f"{place}.because: it gives no reason"]
        return said + (
            [] if proof is None else [f"{place}.proof: years that may be forgiven prove nothing"]
        )
    pending = sorted({*audit.pending, *pending_attestations(audit, award)})
    if because["pending"] != pending:
        said.append(f"{place}.because.pending: pending are {', '.join(pending) or 'none'}")
    if proof is None:
        return [*said, f"{place}: a proof is missing"]
    return said + proof_faults(Case(audit, award, None, hoped=False), proof, f"{place}.proof")


def pending_attestations(audit: Audit, award: Json) -> Iterator[str]:
    given = audit.wallet.get("attestations", {})
    for kind, name in leaves(award.get("requires", {"all_of": []})):
        if kind == "attested" and given.get(name, {"value": "pending"})["value"] == "pending":
            yield f"attested:{name}"


def verdict_faults(verdict: Json, record: Json, place: str) -> list[str]:
    programme, wallet = record["programmes"][verdict["programme"]], record["wallet"]
    applied = [
        said for said in wallet.get("concessions", []) if said["id"] in verdict["concessions"]
    ]
    audit = Audit(programme, wallet, record["today"], applied)
    said = []
    if verdict["set_aside"] != audit.set_aside:
        wanted = ", ".join(f"{each['record']} by {each['rule']}" for each in audit.set_aside)
        said.append(f"{place}.set_aside: the gate keeps out {wanted or 'nothing'}")
    wish = wallet.get("pathway")
    awards = {award["id"]: award for award in programme["awards"]
              if None in (wish, award.get("pathway")) or wish == award["pathway"]}  # fmt: skip
    answers = [(claim["award"], claim["answer"]) for claim in verdict["awards"]]
    said += _order_faults(answers, list(awards), f"{place}.awards")
    for n, claim in enumerate(verdict["awards"]):
        if claim["award"] in awards:
            said += award_faults(audit, awards[claim["award"]], claim, f"{place}.awards[{n}]")
    return said


def outcome_faults(record: Json, considered: list[Json]) -> list[str]:
    """What differs in the outcome from what these verdicts, one for each version, come to."""
    best = min(considered, key=lambda verdict: _rank(record, verdict))  # of equals the first
    won = _won(best)
    credits_won, _ = _rank(record, best)
    undecided = [
        (verdict, claim)
        for verdict in considered
        for claim in verdict["awards"]
        if claim["answer"] == "undecided"
    ]
    above = won is None or any(
        verdict is best or -_credits(record, verdict, claim) < credits_won
        for verdict, claim in undecided
    )
    answer = "undecided" if undecided and above else "satisfied" if won else "not_satisfied"
    expected = {
        "programme": best["programme"],
        "answer": answer,
        "award": won and won["award"],
        "class": won and _class_won(won),
        "hypothetical": any(facts.get("hypothetical") for facts in record["wallet"]["records"]),
    }
    return [
        f"outcome.{key}: it is {json.dumps(value)}"
        for key, value in expected.items()
        if record["outcome"][key] != value
    ]


def _won(verdict: Json) -> Json:
    return next((claim for claim in verdict["awards"] if claim["answer"] == "satisfied"), None)


def _class_won(claim: Json) -> Json:
    answers = claim.get("classes", [])
    return next((each["class"] for each in answers if each["answer"] == "satisfied"), None)


def _credits(record: Json, verdict: Json, claim: Json) -> int:
    """The UK credits in tenths that the award is stated with, whatever was reduced."""
    programme = record["programmes"][verdict["programme"]]
    stated = [each["credits"] for each in programme["awards"] if each["id"] == claim["award"]]
    return sum(map(tenths, stated)) * (2 if programme.get("credit_unit") == "ects" else 1)


def _rank(record: Json, verdict: Json) -> tuple[int, int]:
    """The lower the better: most credits, then the class nearest to the best."""
    won = _won(verdict)
    if won is None:
        return 1, 0
    rules = record["programmes"][verdict["programme"]].get("classification", {"classes": []})
    order = [each["id"] for each in rules["classes"]]
    name = _class_won(won)
    return -_credits(record, verdict, won), order.index(name) if name in order else len(
        order
    ) + 1000


# The main path ------------------------------------------------------------------------------------


def objections(record: Json) -> list[str]:
    """What is wrong with the record, each with its place; nothing when it is accepted."""
    said = strange_value(record, "record", deepest=DEEPEST["record"])
    said = said or misshapen(record, "record", "record")
    if said:
        return said
    programmes, wallet, today = record["programmes"], record["wallet"], record["today"]
    said = [fault for key in programmes for fault in programme_faults(key, programmes[key])]
    said += [*wallet_faults(wallet), *_faults_of_versions(programmes)]
    if said:
        return said
    versions = admissible(programmes, registered=wallet["registered"], today=today)
    without: list[tuple[str, list[str]]] = [(key, []) for key in versions]
    applied = [
        (
            key,
            [c["id"] for c in wallet.get("concessions", []) if applies(c, programmes[key], today)],
        )
        for key in versions
    ]
    expected = without + (applied if any(ids for _, ids in applied) else [])
    given = [(verdict["programme"], verdict["concessions"]) for verdict in record["verdicts"]]
    if sorted(given) != sorted(expected):
        wanted = "; ".join(
            f"{key} with {', '.join(ids) or 'no concession'}" for key, ids in expected
        )
        return [f"verdicts: one is expected for each of {wanted}"]
    for n, verdict in enumerate(record["verdicts"]):
        said += verdict_faults(verdict, record, f"verdicts[{n}]")
    last = {
        (key, *ids): verdict for (key, ids), verdict in zip(given, record["verdicts"], strict=True)
    }
    deciding = expected[-len(versions) :]  # those with concessions, where any applies
    return said + outcome_faults(record, [last[key, *ids] for key, ids in deciding])


def _faults_of_versions(programmes: Json) -> Iterator[str]:
    rules = [programme["ruleset"] for programme in programmes.values()]
    if len({rule["id"] for rule in rules}) != 1:
        yield "programmes: versions of one ruleset are expected"
    yield from (f"programmes: two are in force from {day}"
                for day in doubles(rule["in_force_from"] for rule in rules))  # fmt: skip


def check(text: bytes) -> list[str]:
    """The objections to a record as it was written; one if it cannot be read."""
    try:
        return objections(read(text))
    except Unreadable as error:
        return [f"record: {error}"]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python checker.py RECORD.json   (- reads standard input)", file=sys.stderr)
        return 2
    try:
        source = sys.stdin.buffer.read() if arguments[0] == "-" else Path(arguments[0]).read_bytes()
        record = read(source)
    except (OSError, Unreadable) as error:
        print(_line(f"{arguments[0]} cannot be read: {error}"), file=sys.stderr)
        return 2
    if said := objections(record):
        print("\n".join(map(_line, said)))
        return 1
    signed = {key: value for key, value in record.items() if key != "approvals"}
    print(_line(f"accepted: {json.dumps(record['outcome'], ensure_ascii=False)}"))
    print(f"digest of the record, without its approvals: {digest(signed)}")
    print(f"approvals, which are not verified here: {len(record['approvals'])}")
    return 0


def _line(text: str) -> str:
    """One line that a terminal can show, whatever stood in the record."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
