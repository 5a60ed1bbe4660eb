"""Check a degree decision without trusting whoever made it. Needs Python 3.11 and nothing else.

    python checker.py RECORD.json       # `-` reads standard input

Exit 0: accepted. 1: refused, one objection a line, each with its place. 2: not a record at all.
`objections(record)` and `check(text)` say the same to a program: no objection accepts.

docs/decision-record.md says what a record means, docs/degree.md what its rules mean. The main path
is the first function, and the rest follows in its order:

 (1) strict JSON: no key twice, plain values, exact numbers, and so the digests
 (2) every key is known and every value of its kind (KINDS): nothing is left unread
 (3) each programme has its digest and speaks only of what it has; the wallet too
 (4) the versions that must be decided, and the concessions that apply in each
 (5) an Audit of each: equivalences, gate, registration years
 (6) every award and class in turn, none left out; then the outcome that follows
 (7) a Case for each of them: its rows, over the badges that may count
 (8) a yes: every row is evaluated over the placements
 (9) a no: rows are added up until they ask for more than there can be

It does not look at the approvals, which are passkey signatures over the digest that it prints. It
cannot know whether the records are true to signed badges, nor whether the programmes are the
university's, and all its versions: for that, compare their digests.
"""

import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import gcd
from pathlib import Path
from typing import Any, Final

Json = Any  # what JSON holds; decimals are Decimal, or float where a program hands them over

DEEPEST: Final = 600  # levels of nesting in a record, whose proof trees are deep
DEEPEST_PROGRAMME: Final = 40
WIDEST: Final = 4_000_000  # tenths of credit up to which sums of whole badges are worked out


def objections(record: Json) -> list[str]:
    """What is wrong with the record, each with its place; nothing when it is accepted."""
    said = strange_value(record, "record", DEEPEST) or misshapen(record, "record", "record")
    if said:
        return said
    programmes, wallet, today = record["programmes"], record["wallet"], record["today"]
    said += [fault for key in programmes for fault in programme_faults(key, programmes[key])]
    said += wallet_faults(wallet)
    said += [] if said else faults_of_versions(programmes)
    if said:
        return said
    expected = decisions_needed(programmes, wallet, today)
    given = [(verdict["programme"], verdict["concessions"]) for verdict in record["verdicts"]]
    if sorted(given) != sorted(expected):
        wanted = [f"{key} with {', '.join(ids) or 'no concession'}" for key, ids in expected]
        return [f"verdicts: there must be one by {'; one by '.join(wanted)}"]
    for n, verdict in enumerate(record["verdicts"]):
        said += verdict_faults(record, verdict, f"verdicts[{n}]")
    by_key = {(each["programme"], *each["concessions"]): each for each in record["verdicts"]}
    last = expected[-len({key for key, _ in expected}) :]  # with concessions, where any applies
    return said + outcome_faults(record, [by_key[key, *ids] for key, ids in last])


def check(text: bytes) -> list[str]:
    """The objections to a record as it was written; one if it cannot be read."""
    try:
        return objections(read(text))
    except Unreadable as error:
        return [f"record: {error}"]


# (1) Strict JSON ----------------------------------------------------------------------------------


class Unreadable(ValueError):
    """This is no record: the sentence says why."""


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
        raise Unreadable(
            f"the key {doubles(key for key, _ in pairs)[0]!r} stands twice in an object"
        )
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
    return type(value) is str and (value.isascii() or not re.search("[\ud800-\udfff]", value))


def strange_value(value: Json, place: str, deepest: int) -> list[str]:
    """The first thing in `value` that no record holds. Afterwards only plain values are met."""
    todo = [(value, place, 0)]
    while todo:  # without recursion, since proof trees are deep
        found, at, depth = todo.pop()
        if type(found) in (dict, list) and depth == deepest:
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
    todo: list[Json] = [value]  # bytes in it are ready to be written
    while todo:
        match todo.pop():
            case bytes() as ready:
                written.append(ready.decode())
            case dict() as found:
                keys = sorted(found, key=lambda key: key.encode("utf-16-be"))
                pieces = [p for key in keys for p in (b",", _quoted(key), b":", found[key])]
                todo += [b"}", *reversed(pieces[1:]), b"{"]
            case list() as found:
                pieces = [piece for inner in found for piece in (b",", inner)]
                todo += [b"]", *reversed(pieces[1:]), b"["]
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
# choice of objects that one counts whose first key is there and says what it should, or which needs
# no first key.
KINDS: Final = """
record: form =learnometer-decision/2, engine {name text}, today day, programmes {sha object},
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
badge: id name, title text, issuer name, credits? amount, ects? ects_amount, level count,
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
           trust_lists {word trust_list}, evidence_gate gate, equivalences? [equivalence]+,
           buckets {word bucket}, awards [award_rules]+, sharing? sharing,
           distinct? {dimension distinct}, prerequisites? [prerequisite]+,
           exclusions? [exclusion]+, obligations? obligations, condonement? condonement,
           classification? classification, attestations? {word attester},
           concessions? concession_rules
ruleset: id word, version version, in_force_from day, supersedes? version_or_null,
         choose? =start_version|start_version_or_better, source? text
version = name | number
version_or_null = null | name | number
trust_list = [trusted]+
trusted = name | trusted_then
trusted_then: issuer name, from? day, until? day
gate: issuer_in name, status [status]+, endorsements endorsements, currency_years? currency,
      not_already_used_in_award? truth
status = =proof_valid|not_revoked|not_expired
endorsements: min count, distinct_endorsers? truth, endorser_not_in? [name]+,
              endorser_level_min? level
currency: rpl? shelf_life, earned? shelf_life
shelf_life: years from_one, measured_at =registration|decision
equivalence: from badge_code, to badge_code, until day, tags? names
where = where_any | where_each
where_any: any yes
where_each: tag? names, level? level, level_max? level, rpl? truth, kind? names, role? names,
            code? names, issuer? names, circle? names, context? names, mark? mark,
            any_of? [where]+, all_of? [where]+, not? where
names = name | [name]+
bucket: where where, min amount, mandatory? truth, rpl? truth, min_badges? count,
        max_badges? count, max_credits? amount, min_mark? mark, compensatable? truth,
        max_below_level? {level_key amount}, at_least? [bound]+, at_most? [bound]+
bound = bound_credits | bound_badges | bound_share
bound_credits: credits amount, id word, where where
bound_badges: badges count, id word, where where
bound_share: share share, id word, where where
award_rules: id word, title? text, credits amount, min_at_level? {level_key amount},
             max_below_level? {level_key amount}, rpl_cap? amount, reuse_cap? amount,
             max_registration_years? from_one, pathway? word, at_least? [bound]+,
             at_most? [bound]+, buckets? {word amount}, requires? node
node = word | node_badge | node_attested | node_all | node_any | node_choose
node_badge: badge name
node_attested: attested word
node_all: all_of [node]+
node_any: any_of [node]+
node_choose: choose from_one, of [node]+
sharing: max_badges count, max_credits? amount, between? [pair]+
pair = [word]+
distinct: at_least? from_one, min_credits_each? amount, max_share_each? share,
          max_credits_each? amount, awards? [word]+
dimension = =contexts|circles|validators|co_participants|issuers|kinds
prerequisite = of_buckets | of_badges
of_buckets: before word, after word, finished? =before_end|before_start,
            lapses_after_years? from_one, awards? [word]+
of_badges: badge name, needs name, finished? =before_end|before_start,
           lapses_after_years? from_one, awards? [word]+
exclusion = [badge_code]+ | exclusion_for
exclusion_for: one_of [badge_code]+, awards [word]+
obligations: every =registration_year, joined joined, co_provided co_provided,
             pauses? =authorised_interruptions, misses misses, awards? [word]+
joined: at_least count, of =activity, validated yes, disjoint_from? =co_provided
co_provided: at_least count, of =activity, validated yes, disjoint_from? =joined
misses = misses_some | misses_none
misses_some: concession =allowed, max? from_one, approver? name
misses_none: concession =none
condonement: max_credits amount, mark_floor mark, not_in? [word]+, cap_class? word,
             mean_at_least? mark
classification: rpl_marks =excluded_from_mean|included, classes [class_rules]+, awards? [word]+,
                mean_rounding? =half_up|none, graded_at_least? amount
class_rules: id word, mean? mark, bucket_means? {word mark}, credits_at? {mark_key amount},
             share_at? {mark_key share}, any_of? [way]+, first_attempts? truth
criteria: mean? mark, bucket_means? {word mark}, credits_at? {mark_key amount},
          share_at? {mark_key share}
way = criteria
attester: says text, by text
concession_rules: allowed [action]+, requires? [saying]+, never? [name]+
action = =waive|reduce|accept|forgive_year
saying = =authority|rationale|date|expiry|clause_ref
"""


DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_day(value: Json) -> bool:
    if type(value) is not str or not DAY.fullmatch(value):
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _number(holds: Callable[[Fraction], bool], parts: int = 10) -> Callable[[Json], bool]:
    return lambda v: is_number(v) and (exact(v) * parts).denominator == 1 and holds(exact(v))


def _written(pattern: str) -> Callable[[Json], bool]:
    fitting = re.compile(pattern, re.DOTALL).fullmatch
    return lambda v: type(v) is str and bool(fitting(v))


PLAIN: Final[dict[str, tuple[str, Callable[[Json], bool]]]] = {
    "object": ("an object", lambda v: type(v) is dict),
    "null": ("null", lambda v: v is None),
    "text": ("a text", is_text),
    "name": ("a text that is not empty", lambda v: type(v) is str and v != ""),
    "truth": ("true or false", lambda v: type(v) is bool),
    "yes": ("true", lambda v: v is True),
    "day": ("a day as YYYY-MM-DD", _is_day),
    "whole": ("a whole number", lambda v: type(v) is int),
    "count": ("a whole number from 0", lambda v: type(v) is int and v >= 0),
    "from_one": ("a whole number from 1", lambda v: type(v) is int and v >= 1),
    "number": ("a number from 0", _number(lambda v: v >= 0, 1_000_000)),
    "amount": ("UK credits with at most one decimal", _number(lambda v: v >= 0)),
    "ects_amount": ("ECTS credits, whole in tenths of UK credits", _number(lambda v: v >= 0, 20)),
    "mark": ("a mark from 0 to 100 with at most one decimal", _number(lambda v: 0 <= v <= 100)),
    "share": ("a share above 0 and below 1", _number(lambda v: 0 < v < 1, 1_000_000)),
    "sha": ("sha256: and 64 hexadecimal digits", _written("sha256:[0-9a-f]{64}")),
    "word": ("a name without blanks and . , # = @ [ ]", _written(r"[^\s.,#=@\[\]]+")),
    "level": ("a level from 1 to 8", lambda v: type(v) is int and 1 <= v <= 8),
    "level_key": ("a level from 1 to 8", _written("[1-8]")),
    "mark_key": ("a mark", _written(r"100|[1-9]?[0-9](\.[1-9])?")),
    "badge_code": ("badge: and a code", _written("badge:.+")),
}


def _kinds(table: str) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
    lines = re.sub(r"\n +", " ", table).split("\n")
    named = [match for line in lines if (match := re.fullmatch("([a-z_]+)(:| =) (.*)", line))]
    objects = {
        m[1]: dict(key.split(" ", 1) for key in m[3].split(", ")) for m in named if m[2] == ":"
    }
    return objects, {m[1]: m[3].split(" | ") for m in named if m[2] == " ="}


OBJECTS, CHOICES = _kinds(KINDS)


def misshapen(value: Json, kind: str, place: str, *, amount: str = "amount") -> list[str]:
    """Every place in `value` that is not of its kind; `amount` is the kind of amounts of credit."""
    said: list[str] = []
    todo = [(value, kind, place)]
    while todo:
        found, kind, at = todo.pop()
        kind = amount if kind == "amount" else kind
        if kind in CHOICES:
            fitting = [one for one in CHOICES[kind] if _looks_like(found, one)]
            said += [] if fitting else [f"{at}: {' or '.join(CHOICES[kind])} is expected"]
            todo += [(found, one, at) for one in fitting[:1]]
        elif kind[0] == "[" and type(found) is list and (found or kind[-1] != "+"):
            todo += [(item, kind.strip("[]+"), f"{at}[{n}]") for n, item in enumerate(found)]
        elif kind[0] == "{" and type(found) is dict:
            key_kind, inner_kind = kind.strip("{}").split(" ")
            todo += [(key, key_kind, f"{at}, key {key!r}") for key in found]
            todo += [(inner, inner_kind, f"{at}.{key}") for key, inner in found.items()]
        elif kind in OBJECTS and type(found) is dict:
            known = {key.rstrip("?"): inner for key, inner in OBJECTS[kind].items()}
            missing = [key for key in OBJECTS[kind] if key not in found and key[-1] != "?"]
            said += [f"{at}: {key} is missing" for key in missing]
            said += [f"{at}: the key {key!r} is not known" for key in found if key not in known]
            todo += [(found[key], known[key], f"{at}.{key}") for key in found if key in known]
        elif kind[0] in "[{" or kind in OBJECTS:
            what = "an object" if kind[0] != "[" else "a list"
            said.append(f"{at}: {what}{', not empty,' * (kind[-1] == '+')} is expected")
        elif not _looks_like(found, kind):
            said.append(f"{at}: {PLAIN[kind][0] if kind in PLAIN else kind[1:]} is expected")
    return said


def _looks_like(found: Json, kind: str) -> bool:
    if kind in CHOICES:
        return any(_looks_like(found, each) for each in CHOICES[kind])
    if kind in OBJECTS:
        key, inner = next(iter(OBJECTS[kind].items()))
        named = type(found) is dict and (key in found or (key[-1] == "?" and found != {}))
        return named and (inner[0] != "=" or _looks_like(found[key], inner))
    if kind[0] == "[":
        return type(found) is list
    if kind[0] == "=":
        return type(found) is str and found in kind[1:].split("|")
    return PLAIN[kind][1](found)


# (3) What names what ------------------------------------------------------------------------------


def programme_faults(key: str, programme: Json) -> list[str]:
    place = f"programmes.{key}"
    unit = "ects_amount" if programme.get("credit_unit") == "ects" else "amount"
    said = strange_value(programme, place, DEEPEST_PROGRAMME)
    said = said or misshapen(programme, "programme", place, amount=unit)
    if said:
        return said
    actual = digest(programme)
    said = [] if actual == key else [f"{place}: its digest is {actual}"]
    for where, names, known in _names(programme):
        said += [f"{place}.{where}: {name!r} is not known" for name in names if name not in known]
    for award in programme["awards"]:
        for name, asked in award.get("buckets", {}).items():
            rules = programme["buckets"].get(name, {})
            if rules.get("mandatory") and asked < rules.get("min", 0):
                said.append(
                    f"{place}.awards.{award['id']}.buckets.{name}: below a mandatory minimum"
                )
    highest = [exact(award["credits"]) for award in programme["awards"]]
    if highest != sorted(highest, reverse=True):
        said.append(f"{place}.awards: they are not in order, from the highest")
    ids = [award["id"] for award in programme["awards"]]
    said += [f"{place}.awards: {twice!r} stands twice" for twice in doubles(ids)]
    said += [f"{place}.classes: {twice!r} stands twice" for twice in doubles(classes_of(programme))]
    return said


def _names(programme: Json) -> Iterator[tuple[str, Iterable[str], Iterable[str]]]:
    """Each place that names something, the names in it, and what they may name."""
    gate, buckets = programme["evidence_gate"], programme["buckets"]
    yield "evidence_gate.status", ["proof_valid", "not_revoked"], gate["status"]
    trusted = [f"trust_list@{name}" for name in programme["trust_lists"]]
    yield "evidence_gate.issuer_in", [gate["issuer_in"]], trusted
    for award in programme["awards"]:
        listed = award.get("buckets", buckets)
        yield f"awards.{award['id']}.buckets", listed, buckets
        known = {"bucket": listed, "attested": programme.get("attestations", {})}
        for kind, name in leaves(award.get("requires", {"all_of": []})):
            yield f"awards.{award['id']}.requires", [name], known.get(kind, [name])
    lists = [programme.get("prerequisites", []), programme.get("exclusions", [])]
    rules = [rule for each in lists for rule in each if type(rule) is dict]
    rules += programme.get("distinct", {}).values()
    rules += [programme.get(key, {}) for key in ("obligations", "classification")]
    for rule in rules:
        yield "awards", rule.get("awards", []), [award["id"] for award in programme["awards"]]
        yield "prerequisites", [rule[key] for key in ("before", "after") if key in rule], buckets
        for each in rule.get("classes", []):
            for criteria in (each, *each.get("any_of", [])):
                yield "classification.bucket_means", criteria.get("bucket_means", []), buckets
    condonement = programme.get("condonement", {})
    yield "condonement.not_in", condonement.get("not_in", []), buckets
    classes = ["pass", *classes_of(programme)]
    yield "condonement.cap_class", [condonement.get("cap_class", "pass")], classes
    for pair in programme.get("sharing", {}).get("between", []):
        yield "sharing.between", pair, buckets if len(set(pair)) == len(pair) == 2 else []


def classes_of(programme: Json) -> list[str]:
    """From the best."""
    return [rules["id"] for rules in programme.get("classification", {"classes": []})["classes"]]


def leaves(node: Json) -> Iterator[tuple[str, str]]:
    """What a `requires` names: a bucket, a badge or an attested, and the name."""
    for key in ("badge", "attested"):
        if type(node) is dict and key in node:
            yield key, node[key]
    if type(node) is str:
        yield "bucket", node
    for child in children(node):
        yield from leaves(child)


def children(node: Json) -> list[Json]:
    keys = [] if type(node) is str else [key for key in ("all_of", "any_of", "of") if key in node]
    return list(node[keys[0]]) if keys else []


def doubles(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


SAYS: Final = {"waive": {"path"}, "reduce": {"path", "to"}, "accept": {"record", "bucket"},
               "forgive_year": {"year"}}  # fmt: skip


def wallet_faults(wallet: Json) -> Iterator[str]:
    for key in ("records", "concessions"):
        for twice in doubles(item["id"] for item in wallet.get(key, [])):
            yield f"wallet.{key}: {twice!r} stands twice"
    for n, badge in enumerate(wallet["records"]):
        if ("credits" in badge) == ("ects" in badge):
            yield f"wallet.records[{n}]: credits or ects is expected, and one of them"
        if badge["activity_end"] < badge["activity_start"]:
            yield f"wallet.records[{n}].activity_end: before its start"
    for n, pause in enumerate(wallet.get("interruptions", [])):
        if pause["last"] < pause["first"]:
            yield f"wallet.interruptions[{n}].last: before its first day"
    for n, concession in enumerate(wallet.get("concessions", [])):
        wanted = SAYS[concession["action"]]
        if concession.keys() & set().union(*SAYS.values()) != wanted:
            yield f"wallet.concessions[{n}]: it must say {' and '.join(sorted(wanted))}"


# (4) Versions and concessions ---------------------------------------------------------------------


def faults_of_versions(programmes: Json) -> Iterator[str]:
    rules = [programme["ruleset"] for programme in programmes.values()]
    if len({rule["id"] for rule in rules}) != 1:
        yield "programmes: versions of one ruleset are expected"
    for day in doubles(rule["in_force_from"] for rule in rules):
        yield f"programmes: two are in force from {day}"


def decisions_needed(programmes: Json, wallet: Json, today: str) -> list[tuple[str, list[str]]]:
    """Each version to decide by, without concessions and then, if any applies, with their ids."""
    versions = admissible(programmes, wallet["registered"], today)
    without: list[tuple[str, list[str]]] = [(key, []) for key in versions]
    said = wallet.get("concessions", [])
    applied = [
        (key, [c["id"] for c in said if applies(c, programmes[key], today)]) for key in versions
    ]
    return without + (applied if any(ids for _, ids in applied) else [])


def admissible(programmes: Json, registered: str, today: str) -> list[str]:
    """The version of the day of registration (or the first), and later ones where it allows."""
    begins = {key: programme["ruleset"]["in_force_from"] for key, programme in programmes.items()}
    order = sorted(begins, key=lambda key: begins[key])
    start = max(0, sum(begins[key] <= registered for key in order) - 1)
    if programmes[order[start]]["ruleset"].get("choose") != "start_version_or_better":
        return [order[start]]
    return [order[start], *(key for key in order[start + 1 :] if begins[key] <= today)]


def applies(concession: Json, programme: Json, today: str) -> bool:
    rules = programme.get("concessions", {"allowed": []})
    if concession["action"] not in rules["allowed"]:
        return False
    if not all(concession.get(key) for key in ("date", *rules.get("requires", []))):
        return False
    if not concession["date"] <= today <= concession.get("expiry", today):
        return False
    touched = {"accept": f"buckets.{concession.get('bucket')}", "forgive_year": "obligations"}
    path = touched.get(concession["action"], concession.get("path", ""))
    return not any(under(path, never) or under(never, path) for never in rules.get("never", []))


def under(name: str, path: str) -> bool:
    return name == path or name.startswith((f"{path}.", f"{path}#", f"{path}="))


# (5) The audit of a version -----------------------------------------------------------------------

BEFORE_AGE: Final = tuple(f"evidence_gate.{key}" for key in ("issuer_in", "status", "endorsements"))
LAST: Final = "9999-12-31"
FAR: Final = 10_000_000  # the ordinal of a day after all days


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def anniversary(day: int, years: int) -> int:
    """So many years later; of 29 February on 1 March, where there is none."""
    start = date.fromordinal(day)
    if start.year + years > date.max.year:
        return FAR
    try:
        return start.replace(year=start.year + years).toordinal()
    except ValueError:
        return date(start.year + years, 3, 1).toordinal()


def tenths(number: Json) -> int:
    return number * 10 if type(number) is int else int(exact(number) * 10)


def listed(names: Json) -> set[str]:
    return {names} if type(names) is str else set(names)


class Badge:
    """A record as a version reads it: days as ordinals, credit and mark in tenths."""

    def __init__(self, facts: Json, programme: Json, holder: str) -> None:
        code, tags = facts.get("code", ""), set(facts.get("tags", []))
        for rule in programme.get("equivalences", []):
            if rule["from"] == f"badge:{code}" and facts["issued"] <= rule.get("until", LAST):
                code, tags = rule["to"].removeprefix("badge:"), tags | listed(rule.get("tags", []))
                break
        self.facts, self.id = facts, str(facts["id"])
        self.credit = (
            tenths(facts["credits"]) if "credits" in facts else int(exact(facts["ects"]) * 20)
        )
        self.level: int = facts["level"]
        self.mark = None if facts.get("mark") is None else tenths(facts["mark"])
        self.failed = self.mark is not None and self.mark < tenths(programme.get("pass_mark", 0))
        self.rpl, self.used = bool(facts.get("rpl")), bool(facts.get("used_in"))
        self.pending = facts["status"] == "unknown"
        self.started, self.ended = ordinal(facts["activity_start"]), ordinal(facts["activity_end"])
        self.role = facts.get("role", "participant")
        self.judges = [{"id": j} if type(j) is str else j for j in facts.get("judges", [])]
        labels = {
            **{key: [facts.get(key, "")] for key in ("kind", "issuer", "circle")},
            "code": [code],
            "tag": tags,
            "role": [self.role],
            "context": facts.get("contexts", []),
            "validators": [judge["id"] for judge in self.judges if judge["id"] != holder],
            "co_participants": [who for who in facts.get("co_participants", []) if who != holder],
        }
        self.labels = {key: frozenset(each) - {""} for key, each in labels.items()}


class Audit:
    """One version of a programme over a wallet, with the concessions that apply."""

    def __init__(self, programme: Json, wallet: Json, today: str, applied: list[Json]) -> None:
        self.programme, self.wallet, self.gate = programme, wallet, programme["evidence_gate"]
        self.today, self.registered = ordinal(today), ordinal(wallet["registered"])
        self.waived = [said["path"] for said in applied if said["action"] == "waive"]
        self.reduced = {said["path"]: said["to"] for said in applied if said["action"] == "reduce"}
        self.forgiven = {said["year"] for said in applied if said["action"] == "forgive_year"}
        accepted = {(s["record"], s["bucket"]) for s in applied if s["action"] == "accept"}
        pauses = wallet.get("interruptions", [])
        self.pauses = _joined((ordinal(pause["first"]), ordinal(pause["last"])) for pause in pauses)
        self.badges = [Badge(facts, programme, wallet["holder"]) for facts in wallet["records"]]
        self.badges.sort(key=lambda badge: badge.id)
        self.set_aside: list[Json] = []
        self.takes: dict[str, list[str]] = {}  # the buckets that take a badge, by its id
        self.validated: list[Badge] = []  # what obligations look at
        self.pending: list[str] = []
        for badge in self.badges:
            against = self._kept_out(badge)
            takes = {
                name: not against and self._takes(name, badge) for name in programme["buckets"]
            }
            takes |= {name: self._stands(badge) for name in takes if (badge.id, name) in accepted}
            self.takes[badge.id] = sorted(name for name, taken in takes.items() if taken)
            if against and not self.takes[badge.id]:
                self.set_aside.append({"record": badge.id, "rule": against})
            if against not in BEFORE_AGE:
                self.validated.append(badge)
            if badge.pending and (self.takes[badge.id] or against not in BEFORE_AGE):
                self.pending.append(badge.id)

    def granted(self, name: str, stated: Json) -> Json:
        """The amount that a concession gives the row of this name, or else its whole rule."""
        return self.reduced.get(name, self.reduced.get(name.partition("=")[0], stated))

    def _kept_out(self, badge: Badge) -> str:
        """The first rule of the gate that the badge fails, or nothing."""
        kind = "rpl" if badge.rpl else "earned"
        life = self.gate.get("currency_years", {}).get(kind)
        tests: list[tuple[str, Callable[[], bool]]] = [
            ("issuer_in", lambda: self._trusted(badge.facts)),
            ("status", lambda: self._stands(badge)),
            ("endorsements", lambda: self._endorsed(badge, self.gate.get("endorsements"))),
            (f"currency_years.{kind}", lambda: life is None or self._current(badge, life)),
            ("not_already_used_in_award",
             lambda: not (badge.used and self.gate.get("not_already_used_in_award"))),
        ]  # fmt: skip
        return next((f"evidence_gate.{name}" for name, passed in tests if not passed()), "")

    def _trusted(self, facts: Json) -> bool:
        for entry in self.programme["trust_lists"][self.gate["issuer_in"].split("@", 1)[1]]:
            span = {"issuer": entry} if type(entry) is str else entry
            begun = span.get("from", facts["issued"]) <= facts["issued"]
            if (
                facts["issuer"] == span["issuer"]
                and begun
                and facts["issued"] <= span.get("until", LAST)
            ):
                return True
        return False

    def _stands(self, badge: Badge) -> bool:
        refused = {"invalid", "revoked", "suspended"}
        refused |= {"expired"} if "not_expired" in self.gate["status"] else set()
        return badge.facts["status"] not in refused

    def _endorsed(self, badge: Badge, rule: Json) -> bool:
        if rule is None:
            return True
        refused = rule.get("endorser_not_in", [])
        counting = [
            judge["id"]
            for judge in badge.judges
            if judge.get("level", 0) >= rule.get("endorser_level_min", 0)
            and judge.get("relation", "") not in refused
            and not ("holder" in refused and judge["id"] == self.wallet["holder"])
        ]
        apart = rule.get("distinct_endorsers", True)
        return len(set(counting) if apart else counting) >= int(rule["min"])

    def _current(self, badge: Badge, life: Json) -> bool:
        day = self.registered if life["measured_at"] == "registration" else self.today
        return anniversary(badge.ended, life["years"]) >= day

    def _takes(self, bucket: str, badge: Badge) -> bool:
        rules = self.programme["buckets"][bucket]
        if badge.rpl and not rules.get("rpl", True):
            return False
        if "min_mark" in rules and (badge.mark is None or badge.mark < tenths(rules["min_mark"])):
            return False
        return fits(rules["where"], badge) and (not badge.failed or self._condones(bucket, badge))

    def _condones(self, bucket: str, badge: Badge) -> bool:
        rule = self.programme.get("condonement")
        if rule is None or badge.mark is None or badge.mark < tenths(rule.get("mark_floor", 0)):
            return False
        compensatable = self.programme["buckets"][bucket].get("compensatable", True)
        return bool(compensatable and bucket not in rule.get("not_in", []))

    def last_day(self, years: int, *, paused: bool) -> int:
        """Of that registration year: later by the days that interruptions cover up to it."""
        clock = end = anniversary(self.registered, years) - 1
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
            roles: dict[str, set[str]] = {"participant": set(), "co_provider": set()}
            for badge in self.validated:
                counts = first <= badge.ended <= last and not badge.rpl
                if counts and (hoped or not badge.pending):
                    activity = badge.facts.get("activity")  # a badge without one stands alone
                    roles[badge.role].add(
                        f"activity {activity}" if activity else f"badge {badge.id}"
                    )
            if year not in self.forgiven and not _kept(rule, *roles.values()):
                found.append(year)
            first, year = last + 1, year + 1
        return found

    def most_missed(self) -> int:
        """So many missed years the board may forgive."""
        misses = self.programme.get("obligations", {}).get("misses", {"concession": "none"})
        return 0 if misses["concession"] == "none" else int(misses.get("max", 1))

    def pending_for(self, award: Json) -> list[str]:
        """The records and attestations on which the award may hang."""
        given = self.wallet.get("attestations", {})
        asked = {name for kind, name in leaves(award.get("requires", "")) if kind == "attested"}
        open_ = [name for name in asked if given.get(name, PENDING)["value"] == "pending"]
        return sorted([*self.pending, *(f"attested:{name}" for name in open_)])


PENDING: Final = {"value": "pending"}


def _kept(rule: Json, joined: set[str], provided: set[str]) -> bool:
    join, provide = rule["joined"]["at_least"], rule["co_provided"]["at_least"]
    apart = "disjoint_from" in rule["joined"] or "disjoint_from" in rule["co_provided"]
    enough = not apart or len(joined | provided) >= join + provide  # one role for each activity
    return bool(enough and len(joined) >= join and len(provided) >= provide)


def _joined(pauses: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same days, each once."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(pauses):
        begin = max(first, found[-1][1] + 1) if found else first
        found += [(begin, last)] if begin <= last else []
    return found


def holds_for(rule: Json, award: Json) -> bool:
    return "awards" not in rule or award["id"] in rule["awards"]


def fits(where: Json, badge: Badge) -> bool:
    """Whether everything that the filter says is so."""
    return all(_fits(key, wanted, badge) for key, wanted in where.items())


def _fits(key: str, wanted: Json, badge: Badge) -> bool:
    match key:
        case "any":
            return True
        case "level":
            return badge.level >= int(wanted)
        case "level_max":
            return badge.level <= int(wanted)
        case "rpl":
            return badge.rpl is wanted
        case "mark":
            return badge.mark is not None and badge.mark >= tenths(wanted)
        case "any_of":
            return any(fits(each, badge) for each in wanted)
        case "all_of":
            return all(fits(each, badge) for each in wanted)
        case "not":
            return not fits(wanted, badge)
    return not badge.labels[key].isdisjoint(listed(wanted))


# (6) Every award in turn, and the outcome ---------------------------------------------------------


def verdict_faults(record: Json, verdict: Json, place: str) -> list[str]:
    programme, wallet = record["programmes"][verdict["programme"]], record["wallet"]
    concessions = wallet.get("concessions", [])
    applied = [said for said in concessions if said["id"] in verdict["concessions"]]
    audit = Audit(programme, wallet, record["today"], applied)
    said = []
    if verdict["set_aside"] != audit.set_aside:
        wanted = ", ".join(f"{each['record']} by {each['rule']}" for each in audit.set_aside)
        said.append(f"{place}.set_aside: the gate keeps out {wanted or 'nothing'}")
    wish = wallet.get("pathway")
    tried = [
        a for a in programme["awards"] if None in (wish, a.get("pathway")) or wish == a["pathway"]
    ]
    awards = {award["id"]: award for award in tried}
    said += order_faults(verdict["awards"], "award", list(awards), f"{place}.awards")
    for n, claim in enumerate(verdict["awards"]):
        if claim["award"] in awards:
            said += award_faults(audit, awards[claim["award"]], claim, f"{place}.awards[{n}]")
    return said


def order_faults(claims: Json, key: str, wanted: list[str], place: str) -> list[str]:
    """In their order, none left out, up to the first that is satisfied."""
    yes = [n for n, claim in enumerate(claims) if claim["answer"] == "satisfied"]
    expected = wanted[: yes[0] + 1] if yes else wanted
    if [claim[key] for claim in claims] == expected:
        return []
    return [f"{place}: the order is {', '.join(wanted)}, to the first that is satisfied"]


def award_faults(audit: Audit, award: Json, claim: Json, place: str) -> list[str]:
    if claim["answer"] == "undecided":
        return _undecided_faults(audit, award, claim, place)
    said = claim_faults(audit, award, None, claim, place)
    if claim["answer"] == "not_satisfied":
        return said
    if missed := audit.missed(award, hoped=False):
        said.append(f"{place}: missed and not forgiven are the years {missed}")
    rules = audit.programme.get("classification")
    if rules is None or not holds_for(rules, award):
        return said + ([f"{place}.classes: no class is given here"] if "classes" in claim else [])
    claims, by_id = claim.get("classes", []), {each["id"]: each for each in rules["classes"]}
    said += order_faults(claims, "class", list(by_id), f"{place}.classes")
    for n, each in enumerate(claims):
        if each["class"] in by_id and each["answer"] != "undecided":
            wanted = by_id[each["class"]]
            said += claim_faults(audit, award, wanted, each, f"{place}.classes[{n}]")
    return said


def claim_faults(audit: Audit, award: Json, graded: Json, claim: Json, place: str) -> list[str]:
    """Satisfied is shown without what is pending, not satisfied with all of it counted as good."""
    if claim["answer"] == "satisfied":
        case = Case(audit, award, graded, hoped=False)
        return placement_faults(case, claim["placements"], f"{place}.placements")
    return proof_faults(Case(audit, award, graded, hoped=True), claim["proof"], f"{place}.proof")


def _undecided_faults(audit: Audit, award: Json, claim: Json, place: str) -> list[str]:
    because, placements, proof = claim["because"], claim["placements"], claim["proof"]
    if because["search"]:
        nothing = placements is None and proof is None and not because["years"] + because["pending"]
        return [] if nothing else [f"{place}: a search that reached its limit claims nothing"]
    hoped = bool(because["pending"])
    said, missed = [], audit.missed(award, hoped=hoped)
    if because["years"] != missed or len(missed) > audit.most_missed():
        said.append(f"{place}.because.years: missed and not forgiven are {missed}")
    if hoped and because["pending"] != audit.pending_for(award):
        said.append(
            f"{place}.because.pending: it is {', '.join(audit.pending_for(award)) or 'none'}"
        )
    if not hoped and not missed:
        said.append(f"{place}.because: there is no reason in it")
    if placements is None or hoped != (proof is not None):
        return [*said, f"{place}: placements, and a proof where anything is pending, are expected"]
    case = Case(audit, award, None, hoped=hoped)
    said += placement_faults(case, placements, f"{place}.placements")
    if hoped:
        said += proof_faults(Case(audit, award, None, hoped=False), proof, f"{place}.proof")
    return said


def outcome_faults(record: Json, verdicts: list[Json]) -> list[str]:
    """What the outcome says and these verdicts, one for each version in order, do not come to."""
    ranks = [_rank(record["programmes"][verdict["programme"]], verdict) for verdict in verdicts]
    credit, _, award, name = min(ranks, key=lambda rank: rank[:2])  # of equals the first
    best = verdicts[ranks.index((credit, _, award, name))]
    open_ = [
        verdict is best
        or award is None
        or credit_of_award(record["programmes"][verdict["programme"]], claim) > -credit
        for verdict in verdicts
        for claim in verdict["awards"]
        if claim["answer"] == "undecided"
    ]
    expected = {
        "programme": best["programme"],
        "answer": "undecided" if any(open_) else "not_satisfied" if award is None else "satisfied",
        "award": award,
        "class": name,
        "hypothetical": any(badge.get("hypothetical") for badge in record["wallet"]["records"]),
    }
    outcome = record["outcome"]
    wrong = [key for key in expected if outcome[key] != expected[key]]
    return [f"outcome.{key}: it is {json.dumps(expected[key])}" for key in wrong]


def _rank(programme: Json, verdict: Json) -> tuple[int, int, Json, Json]:
    """The lower the better: most credits, then the best class; with the award and the class."""
    won = next((claim for claim in verdict["awards"] if claim["answer"] == "satisfied"), None)
    if won is None:
        return 1, 0, None, None
    given = [each["class"] for each in won.get("classes", []) if each["answer"] == "satisfied"]
    place = (
        classes_of(programme).index(given[0])
        if given and given[0] in classes_of(programme)
        else FAR
    )
    return -credit_of_award(programme, won), place, won["award"], given[0] if given else None


def credit_of_award(programme: Json, claim: Json) -> int:
    """In tenths of UK credits, as the programme states it, whatever was reduced."""
    stated = [award["credits"] for award in programme["awards"] if award["id"] == claim["award"]]
    return sum(credit_tenths(programme, credits_) for credits_ in stated)


def credit_tenths(programme: Json, amount: Json) -> int:
    return int(exact(amount) * (20 if programme.get("credit_unit") == "ects" else 10))


# (7) The rows of a case ---------------------------------------------------------------------------

# What a coefficient stands before: counted(r) as r, in(r, b) as (r, b), an option as (r, (b, …)).
Key = str | tuple[str, str | tuple[str, ...]]
Vector = Mapping[Key, int]
Parts = Sequence[tuple[int, Vector]]
LABELS: Final = {"contexts": "context", "circles": "circle", "issuers": "issuer", "kinds": "kind"}


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The parts, each times its number, and the choices are at least, or at most, the bound."""

    asks: bool
    parts: Parts
    choices: Mapping[str, int]
    bound: int


def net(parts: Parts) -> dict[Key, int]:
    weights: dict[Key, int] = defaultdict(int)
    for times, vector in parts:
        for key, size in vector.items():
            weights[key] += times * size
    return weights


def below_zero(parts: Parts) -> int:
    return -sum(size for size in net(parts).values() if size < 0)


def credit(badge: Badge) -> int:
    return badge.credit


def one(_: Badge) -> int:
    return 1


def over(
    badges: Iterable[Badge], size: Callable[[Badge], int], inside: str | None = None
) -> Vector:
    """A coefficient for each badge: of its counting, or of its being inside that bucket."""
    return {badge.id if inside is None else (badge.id, inside): size(badge) for badge in badges}


class Case:
    """The rows of one award, and of a class of it, over the badges that may count.

    `hoped` counts what is pending as good. Rows are named as in docs/decision-record.md, where the
    table says what each of them says.
    """

    def __init__(self, audit: Audit, award: Json, rules_of_class: Json, *, hoped: bool) -> None:
        self.audit, self.programme, self.award, self.hoped = audit, audit.programme, award, hoped
        self.path = f"awards.{award['id']}"
        stated = {name: rules.get("min", 0) for name, rules in self.programme["buckets"].items()}
        self.listed: dict[str, Json] = award.get("buckets", stated)
        years, name = award.get("max_registration_years"), f"{self.path}.max_registration_years"
        if years is None or not self._stays(name):
            self.deadline = FAR
        else:
            self.deadline = audit.last_day(self.amount(name, years, "number"), paused=True)
        self.options = {badge.id: self._options(badge) for badge in audit.badges}
        self.badges = [badge for badge in audit.badges if self.options[badge.id]]
        prior = self.programme.get("classification", {}).get("rpl_marks", "included")
        graded = [badge for badge in self.badges if badge.mark is not None]
        self.marked = [badge for badge in graded if prior == "included" or not badge.rpl]
        self.rows: dict[str, Row] = {}
        self.choices: list[str] = []  # in the order of setting: children first
        self.orders: dict[str, Json] = {}  # the prerequisites between buckets
        self.twice: list[str] = []  # names that two rules share
        self._award()
        self._buckets()
        self._across()
        self._condonement(self.programme.get("condonement", {}))
        if rules_of_class is not None:
            self._class(rules_of_class)

    def _options(self, badge: Badge) -> list[tuple[str, ...]]:
        if badge.ended > self.deadline or (badge.pending and not self.hoped):
            return []
        taking = [name for name in self.audit.takes[badge.id] if name in self.listed]
        sharing = self.programme.get("sharing", {"max_badges": 0})
        pairs = list(combinations(taking, 2)) if sharing["max_badges"] else []
        if "between" in sharing:
            between = [set(pair) for pair in sharing["between"]]
            pairs = [pair for pair in pairs if set(pair) in between]
        return [*((name,) for name in taking), *pairs]

    def row(self, name: str, sense: str, bound: int, parts: Parts = (), when: str | None = None,
            slack: int | None = None, plus: Iterable[str] = ()) -> None:  # fmt: skip
        """Note a row that holds always or, with `when`, if that choice is 1.

        If it is 0, the bound is 0 or, with `slack`, lower by that. `plus` are choices that add 1.
        """
        choices = Counter(plus)
        if when is not None:
            choices[when] -= bound if slack is None else slack
            bound = 0 if slack is None else bound - slack
        self.twice += [name] if name in self.rows else []
        if self._stays(name):
            self.rows[name] = Row(sense == "≥", parts, choices, bound)

    def _stays(self, name: str) -> bool:
        """Whether no concession waives the row; a bucket's limits stay when it is waived."""
        for path in self.audit.waived:
            asks = name in (path, f"{path}.min_badges") or under(name, f"{path}.at_least")
            bucket = path in (f"{self.path}.buckets.{each}" for each in self.listed)
            if asks if bucket else under(name, path):
                return False
        return True

    def amount(self, name: str, stated: Json, unit: str) -> int:
        """The programme's amount, or what a concession gives the row of this name instead."""
        if unit == "number":
            return int(exact(self.audit.granted(name, stated)))
        if unit == "credit" and self.audit.granted(name, None) is None:
            return credit_tenths(self.programme, stated)
        return tenths(self.audit.granted(name, stated))

    def sums(self, path: str, key: str, sense: str, rules: Json, unit: str, badges: Iterable[Badge],
             inside: str | None = None, when: str | None = None) -> None:  # fmt: skip
        """If the rules have the key: the credit, or number, of the badges against its amount."""
        if key in rules:
            name, size = f"{path}.{key}", one if unit == "number" else credit
            bound = self.amount(name, rules[key], unit)
            self.row(name, sense, bound, [(1, over(badges, size, inside))], when)

    def shares(self, name: str, sense: str, stated: Json, part: Vector, whole: Vector,
               when: str | None = None, slack: int | None = None) -> None:  # fmt: skip
        """A part against a share of the whole; the slack is that share of `slack`, or enough."""
        share = exact(self.audit.granted(name, stated))
        parts = [(share.denominator, part), (-share.numerator, whole)]
        enough = below_zero(parts) if slack is None else share.numerator * slack
        self.row(name, sense, 0, parts, when, enough)

    def bounds(self, path: str, rules: Json, key: str, badges: list[Badge],
               inside: str | None = None, when: str | None = None) -> None:  # fmt: skip
        sense = "≥" if key == "at_least" else "≤"
        for rule in rules.get(key, []):
            meant = [badge for badge in badges if fits(rule["where"], badge)]
            for kind, unit in (("credits", "credit"), ("badges", "number")):
                amount = {rule["id"]: rule[kind]} if kind in rule else {}
                self.sums(f"{path}.{key}", rule["id"], sense, amount, unit, meant, inside, when)
            if "share" in rule:
                part, whole = over(meant, credit, inside), over(badges, credit, inside)
                name, slack = f"{path}.{key}.{rule['id']}", sum(whole.values())
                self.shares(name, sense, rule["share"], part, whole, when, slack)

    def levels(self, path: str, rules: Json, badges: list[Badge], inside: str | None) -> None:
        for key, sense in (("min_at_level", "≥"), ("max_below_level", "≤")):
            for level in rules.get(key, {}):
                above = [badge for badge in badges if badge.level >= int(level)]
                below = [badge for badge in badges if badge.level <= int(level)]
                meant = above if sense == "≥" else below
                self.sums(f"{path}.{key}", level, sense, rules[key], "credit", meant, inside)

    def _award(self) -> None:
        path, rules, badges = self.path, self.award, self.badges
        self.sums(path, "credits", "≥", rules, "credit", badges)
        self.sums(path, "rpl_cap", "≤", rules, "credit", [b for b in badges if b.rpl])
        self.sums(path, "reuse_cap", "≤", rules, "credit", [b for b in badges if b.used])
        self.levels(path, rules, badges, None)
        self.bounds(path, rules, "at_least", badges)
        self.bounds(path, rules, "at_most", badges)

    def _buckets(self) -> None:
        requires, buckets = self.award.get("requires"), self.programme["buckets"]
        requires = {"all_of": list(self.listed)} if requires is None else requires
        mandatory = {name for name in self.listed if buckets[name].get("mandatory")}
        self.always = {*_always(requires)} | mandatory
        named = {name for kind, name in leaves(requires) if kind == "bucket"}
        for name, stated in self.listed.items():
            rules, path, badges = buckets[name], f"{self.path}.buckets.{name}", self.inside(name)
            if name in self.always | named:
                when = None if name in self.always else path
                self.choices += [] if when is None else [when]
                least = self.amount(path, stated, "credit")
                self.row(path, "≥", least, [(1, over(badges, credit, name))], when)
                self.sums(path, "min_badges", "≥", rules, "number", badges, name, when)
                self.bounds(path, rules, "at_least", badges, name, when)
            self.sums(path, "max_badges", "≤", rules, "number", badges, name)
            self.sums(path, "max_credits", "≤", rules, "credit", badges, name)
            self.levels(path, rules, badges, name)
            self.bounds(path, rules, "at_most", badges, name)
        self._node(requires, f"{self.path}.requires", None)

    def inside(self, bucket: str) -> list[Badge]:
        return [badge for badge in self.badges if (bucket,) in self.options[badge.id]]

    def _node(self, node: Json, path: str, when: str | None) -> None:
        """The rows of a node of `requires`; `when` is its choice, unless it is always required."""
        if type(node) is str:
            return
        key = next(key for key in ("all_of", "any_of", "of", "badge", "attested") if key in node)
        below = [(child, f"{path}.{key}[{n}]") for n, child in enumerate(children(node))]
        open_ = key != "all_of" or when is not None
        for child, place in below:
            self._node(child, place, place if open_ else None)
        self.choices += [] if when is None else [when]
        if key == "badge":
            coded = [badge for badge in self.badges if node["badge"] in badge.labels["code"]]
            self.row(path, "≥", 1, [(1, over(coded, one))], when)
        elif key == "attested":
            if not self._attested(node["attested"]):
                self.row(path, "≥", 1, when=when)
        elif key != "all_of":
            self._children(path, below, node.get("choose", 1), when)
        elif open_:
            for n, child in enumerate(below):
                self._children(f"{path}#{n}", [child], 1, when)

    def _children(self, name: str, below: Sequence[tuple[Json, str]], need: int,
                  when: str | None) -> None:  # fmt: skip
        """So many of them must hold; a bucket that is always required holds anyhow."""
        met = [child for child, _ in below if type(child) is str and child in self.always]
        plus = [f"{self.path}.buckets.{child}" if type(child) is str else place
                for child, place in below if child not in met]  # fmt: skip
        self.row(name, "≥", need - len(met), when=when, slack=need, plus=plus)

    def _attested(self, name: str) -> bool:
        value = self.audit.wallet.get("attestations", {}).get(name, PENDING)["value"]
        return value == "yes" or (value == "pending" and self.hoped)

    def _across(self) -> None:
        rules = self.programme
        for dimension, rule in rules.get("distinct", {}).items():
            if holds_for(rule, self.award):
                self._distinct(f"distinct.{dimension}", rule, LABELS.get(dimension, dimension))
        for rule in rules.get("exclusions", []):
            if type(rule) is list or holds_for(rule, self.award):
                named = rule if type(rule) is list else rule["one_of"]
                codes = sorted({code.removeprefix("badge:") for code in named})
                meant = [badge for badge in self.badges if badge.labels["code"] & set(codes)]
                self.row(f"exclusions.{'+'.join(codes)}", "≤", 1, [(1, over(meant, one))])
        for rule in rules.get("prerequisites", []):
            if holds_for(rule, self.award):
                if "needs" in rule:
                    self._needs(rule)
                    continue
                path = f"prerequisites.{rule['before']}-before-{rule['after']}"
                self.twice += [path] if path in self.orders else []
                self.orders[path] = rule
        pairs = [(b, pair) for b in self.badges for pair in self.options[b.id] if len(pair) == 2]
        for key, unit in (("max_badges", "number"), ("max_credits", "credit")):
            if key in rules.get("sharing", {}):
                vector: Vector = {
                    (b.id, at): b.credit if unit == "credit" else 1 for b, at in pairs
                }
                most = self.amount(f"sharing.{key}", rules["sharing"][key], unit)
                self.row(f"sharing.{key}", "≤", most, [(1, vector)])

    def _distinct(self, path: str, rule: Json, label_kind: str) -> None:
        behind: dict[str, list[Badge]] = defaultdict(list)
        for badge in self.badges:
            for label in badge.labels[label_kind]:
                behind[label].append(badge)
        choices = [f"{path}={label}" for label in behind]
        if "at_least" in rule:
            self.choices += choices
            self.row(path, "≥", self.amount(path, rule["at_least"], "number"), plus=choices)
        whole = over(self.badges, credit)
        for label, badges in behind.items():
            part = over(badges, credit)
            if "at_least" in rule:
                bound, vector = 1, over(badges, one)
                if "min_credits_each" in rule:
                    bound, vector = credit_tenths(self.programme, rule["min_credits_each"]), part
                self.row(f"{path}={label}", "≥", bound, [(1, vector)], f"{path}={label}")
            if "max_share_each" in rule:
                name = f"{path}.max_share_each={label}"
                share = exact(self.audit.granted(name, rule["max_share_each"]))
                self.row(name, "≥", 0, [(share.numerator, whole), (-share.denominator, part)])
            if "max_credits_each" in rule:
                name = f"{path}.max_credits_each={label}"
                most = self.amount(name, rule["max_credits_each"], "credit")
                self.row(name, "≤", most, [(1, part)])

    def pairs(self, near: Container[Key]) -> Iterator[tuple[str, Row]]:
        """The rows of badges out of order, of which there may be very many: only those near."""
        for path, rule in self.orders.items():
            before, after = rule["before"], rule["after"]
            laters = [badge for badge in self.inside(after) if (badge.id, after) in near]
            for first in self.inside(before) if laters else []:
                for later in laters if (first.id, before) in near else []:
                    name = f"{path}={first.id},{later.id}"
                    if not in_order(first, later, rule) and self._stays(name):
                        pair = [(1, over([first], one, before)), (1, over([later], one, after))]
                        yield name, Row(asks=False, parts=pair, choices={}, bound=1)

    def find(self, name: str) -> Row | None:
        path, _, ids = name.partition("=")
        if path not in self.orders:
            return self.rows.get(name)
        sides = [self.orders[path][side] for side in ("before", "after")]
        near = {(b.id, side) for side in sides for b in self.inside(side) if b.id in ids}
        return dict(self.pairs(near)).get(name)

    def _needs(self, rule: Json) -> None:
        needed = [badge for badge in self.badges if rule["needs"] in badge.labels["code"]]
        for badge in self.badges:
            if rule["badge"] in badge.labels["code"]:
                before = [other for other in needed if in_order(other, badge, rule)]
                name = f"prerequisites.{rule['badge']}-needs-{rule['needs']}={badge.id}"
                self.row(name, "≥", 0, [(1, over(before, one)), (-1, over([badge], one))])

    def _condonement(self, rule: Json) -> None:
        failed = [badge for badge in self.badges if badge.failed]
        self.sums("condonement", "max_credits", "≤", rule, "credit", failed)
        if "mean_at_least" in rule:
            used = "condonement.used"
            self.choices.append(used)
            self.row(used, "≥", 0, [(-1, over(failed, one))], plus=[used] * len(failed))
            self._mean("condonement.mean_at_least", rule["mean_at_least"], 0, None, used)

    def _mean(
        self, name: str, stated: Json, half: int, inside: str | None, when: str | None
    ) -> None:
        least = self.amount(name, stated, "mark") - half
        marked = [b for b in self.marked if inside is None or (inside,) in self.options[b.id]]
        parts = [(1, over(marked, lambda b: b.credit * ((b.mark or 0) - least), inside))]
        self.row(name, "≥", 0, parts, when, below_zero(parts))

    def _class(self, rules: Json) -> None:
        whole, path = self.programme["classification"], f"classification.{rules['id']}"
        least = self.amount(f"{path}.graded", whole.get("graded_at_least", 0), "credit")
        self.row(f"{path}.graded", "≥", max(1, least), [(1, over(self.marked, credit))])
        self._criteria(path, rules, None)
        if rules.get("first_attempts"):
            resits = [badge for badge in self.badges if not badge.facts.get("first_attempt", True)]
            self.row(f"{path}.first_attempts", "≤", 0, [(1, over(resits, one))])
        if "condonement" in self.programme:
            best, order = self.programme["condonement"].get("cap_class"), classes_of(self.programme)
            if best not in order or order.index(rules["id"]) < order.index(best):
                failed = [badge for badge in self.badges if badge.failed]
                self.row(f"{path}.uncondoned", "≤", 0, [(1, over(failed, one))])
        if "any_of" in rules:
            ways = [f"{path}.any_of[{n}]" for n in range(len(rules["any_of"]))]
            self.choices += ways
            self.row(f"{path}.any_of", "≥", 1, plus=ways)
            for way, criteria in zip(ways, rules["any_of"], strict=True):
                self._criteria(way, criteria, way)

    def _criteria(self, path: str, rules: Json, when: str | None) -> None:
        half = 5 if self.programme["classification"].get("mean_rounding") == "half_up" else 0
        if "mean" in rules:
            self._mean(f"{path}.mean", rules["mean"], half, None, when)
        for name, mean in rules.get("bucket_means", {}).items():
            held = [badge for badge in self.marked if (name,) in self.options[badge.id]]
            self.row(f"{path}.graded.{name}", "≥", 1, [(1, over(held, credit, name))], when)
            self._mean(f"{path}.bucket_means.{name}", mean, half, name, when)
        for mark in rules.get("credits_at", {}):
            good, wanted = self._reaching(mark), rules["credits_at"]
            self.sums(f"{path}.credits_at", mark, "≥", wanted, "credit", good, None, when)
        for mark, share in rules.get("share_at", {}).items():
            part, whole = over(self._reaching(mark), credit), over(self.marked, credit)
            self.shares(f"{path}.share_at.{mark}", "≥", share, part, whole, when)

    def _reaching(self, mark: str) -> list[Badge]:
        return [badge for badge in self.marked if (badge.mark or 0) >= tenths(Decimal(mark))]


def in_order(first: Badge, later: Badge, rule: Json) -> bool:
    day = later.started if rule.get("finished") == "before_start" else later.ended
    years = rule.get("lapses_after_years")
    return first.ended <= day and (years is None or anniversary(first.ended, years) >= day)


def _always(node: Json) -> Iterator[str]:
    """The buckets required whatever else holds."""
    if type(node) is str:
        yield node
    elif "all_of" in node:
        for child in node["all_of"]:
            yield from _always(child)


# (8) A yes ----------------------------------------------------------------------------------------


def placement_faults(case: Case, placements: Json, place: str) -> list[str]:
    """What keeps these placements from satisfying every row of the case."""
    said = [f"{place}: two rules have the name {name}" for name in case.twice]
    ids = [placement["record"] for placement in placements]
    said += [] if ids == sorted(set(ids)) else [f"{place}: not sorted by record, each once"]
    keys: set[Key] = set()
    for n, placement in enumerate(placements):
        record, option = placement["record"], tuple(placement["buckets"])
        if option in case.options.get(record, ()):
            keys |= {record, (record, option), *((record, bucket) for bucket in option)}
        else:
            said.append(f"{place}[{n}]: {record} may not count in {' and '.join(option)}")
    return said or [f"{place}: {name} does not hold: {why}" for name, why in _broken(case, keys)]


def _broken(case: Case, keys: set[Key]) -> Iterator[tuple[str, str]]:
    sizes: dict[int, int] = {}  # by the identity of the vector: many rows share one

    def size(vector: Vector) -> int:
        if id(vector) not in sizes:
            sizes[id(vector)] = sum(vector[key] for key in vector.keys() & keys)
        return sizes[id(vector)]

    def value(row: Row) -> int:
        chosen = sum(times * choices.get(name, 0) for name, times in row.choices.items())
        return chosen + sum(times * size(vector) for times, vector in row.parts)

    choices: dict[str, int] = {}
    harder: dict[str, list[Row]] = defaultdict(list)  # the rows that a choice makes harder
    for row in case.rows.values():
        for name in (name for name, times in row.choices.items() if times < 0):
            harder[name].append(row)
    for name in case.choices:
        choices[name] = 1
        choices[name] = int(all(value(row) >= row.bound for row in harder[name]))
    for name, row in (*case.rows.items(), *case.pairs(keys)):
        if (value(row) < row.bound) if row.asks else (value(row) > row.bound):
            yield name, f"{value(row)} is not at {'least' if row.asks else 'most'} {row.bound}"


# (9) A no -----------------------------------------------------------------------------------------


def proof_faults(case: Case, proof: Json, place: str) -> list[str]:
    """What keeps this proof from showing that no placing satisfies the case."""
    if case.twice:
        return [f"{place}: two rules have the name {case.twice[0]}"]
    if "years" in proof:
        missed = case.audit.missed(case.award, hoped=case.hoped)
        enough = missed == proof["years"] and len(missed) > case.audit.most_missed()
        return [] if enough else [f"{place}.years: missed and not forgiven are {missed}"]
    if "cuts" in proof:
        cuts = enumerate(proof["cuts"])
        return [
            said for n, cut in cuts for said in _cut_faults(case, cut, {}, f"{place}.cuts[{n}]")
        ]
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
        elif wrong := _split_fault(case, tree["split"]):
            said.append(f"{at}.split: {wrong}")
        else:
            name = f"split {len(splits) + 1}"
            for side, row in _sides(tree["split"]):
                todo.append((tree[side], {**splits, name: row}, f"{at}.{side}"))
    if not said and proof["conflict"] != sorted(used):
        said.append(f"{place}.conflict: the cuts use {', '.join(sorted(used))}")
    return said


def _split_fault(case: Case, split: Json) -> str:
    if "choice" in split:
        return "" if split["choice"] in case.choices else f"there is no choice {split['choice']}"
    option = tuple(sorted(split["in"]))
    strange = [name for name in split["records"] if option not in case.options.get(name, ())]
    strange += doubles(split["records"])
    return (
        f"{strange[0]} may not count in {' and '.join(option)}, or stands twice" if strange else ""
    )


def _sides(split: Json) -> list[tuple[str, Row]]:
    parts: Parts = []
    choices, most = {split.get("choice", ""): 1}, 0
    if "records" in split:
        option = tuple(sorted(split["in"]))
        parts = [(1, {(record, option): 1 for record in split["records"]})]
        choices, most = {}, split["at_most"]
    low, high = Row(False, parts, choices, most), Row(True, parts, choices, most + 1)
    return [("low", low), ("high", high)]


def _cut_faults(case: Case, cut: Json, splits: Mapping[str, Row], place: str) -> list[str]:
    """All rows are added as at least; then the most that badges and choices give must be less."""
    parts: list[tuple[int, Vector]] = []
    choices: Counter[str] = Counter()
    bound = asked = 0
    for name, times in cut["rows"].items():
        row = splits.get(name) or case.find(name)
        if row is None:
            return [f"{place}.rows: there is no row {name}"]
        sign = times if row.asks else -times
        parts += [(sign * part, vector) for part, vector in row.parts]
        for choice, size in row.choices.items():
            choices[choice] += sign * size
        own = sign * (rounded(case, row) if cut["whole"] else row.bound)
        bound, asked = bound + own, asked + (own if row.asks else 0)
    most = sum(max(0, *found) for found in weights_of_options(case, net(parts)))
    most += sum(size for size in choices.values() if size > 0)
    if most >= bound:
        return [f"{place}: it proves nothing: there can be {most}, and {bound} would do"]
    said = [] if cut["needed"] == asked else [f"{place}.needed: it is {asked}"]
    could = cut["needed"] - (bound - most)
    return said + ([] if cut["could_count"] == could else [f"{place}.could_count: it is {could}"])


def weights_of_options(case: Case, weights: Mapping[Key, int]) -> Iterator[list[int]]:
    """For each record that the weights touch: what each of its options weighs."""
    for record in {key if type(key) is str else key[0] for key in weights}:
        yield [
            weights.get(record, 0)
            + sum(weights.get((record, bucket), 0) for bucket in option)
            + weights.get((record, option), 0)
            for option in case.options[record]
        ]


def rounded(case: Case, row: Row) -> int:
    """The bound that whole badges make of it, where nothing in the row is below 0."""
    weights = net(row.parts)
    if (
        row.choices
        or any(size < 0 for size in weights.values())
        or (row.bound < 0 and not row.asks)
    ):
        return row.bound
    steps = [set(found) - {0} for found in weights_of_options(case, weights)]
    unit = gcd(*(step for found in steps for step in found)) or 1
    bound = max(0, -(-row.bound // unit) if row.asks else row.bound // unit)
    widest = bound + max((step // unit for found in steps for step in found), default=0)
    if widest > WIDEST:
        return row.bound
    sums, mask = 1, (1 << (widest + 1)) - 1  # bit n: some badges make n units
    for found in steps:
        for more in [sums << step // unit for step in found]:
            sums |= more & mask
    if not row.asks:
        return ((sums & ((1 << (bound + 1)) - 1)).bit_length() - 1) * unit
    reaching = sums >> bound
    return (bound + (reaching & -reaching).bit_length() - 1) * unit if reaching else row.bound


# The command --------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python checker.py RECORD.json   (- reads standard input)", file=sys.stderr)
        return 2
    try:
        source = sys.stdin.buffer.read() if arguments[0] == "-" else Path(arguments[0]).read_bytes()
        record = read(source)
    except (OSError, ValueError) as error:
        print(on_a_line(f"{arguments[0]} cannot be read: {error}"), file=sys.stderr)
        return 2
    if said := objections(record):
        print("\n".join(map(on_a_line, said)))
        return 1
    signed = {key: value for key, value in record.items() if key != "approvals"}
    print(on_a_line(f"accepted: {json.dumps(record['outcome'], ensure_ascii=False)}"))
    print(f"digest of the record without its approvals: {digest(signed)}")
    print(f"approvals: {len(record['approvals'])}, which are not verified here")
    return 0


def on_a_line(text: str) -> str:
    """As one line that a terminal can show, whatever stood in the record."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
