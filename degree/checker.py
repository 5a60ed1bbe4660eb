"""Check a degree decision without trusting whoever made it. Needs Python 3.11 and nothing else.

    python checker.py RECORD.json       # `-` reads standard input

Exit 0: accepted. 1: refused, by the first thing that is wrong. 2: not a record at all.
`objections(record)` and `check(text)` say the same to a program: no objection accepts.

docs/decision-record.md says what a record means, docs/degree.md what its rules mean. Begin with
`check_record`: sections (1) to (10) follow in its order. Rules become rows (7), weights of
variables that come to at least, or at most, a bound. A yes places badges so that every row holds
(8); a no adds rows up until they ask for more than there can be (9).

Approvals are of this very record (10); whether their keys signed them, Python alone cannot tell,
and `learnometer degree check` does. It cannot know either whose keys they are, whether the records
are true to signed badges, nor whether the programmes are the university's, and all its versions:
for that, compare.
"""

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any, Final

Json = Any  # what JSON holds; decimals are Decimal, or float where a program hands them over

DEEPEST: Final = 600  # levels of nesting in a record, whose proof trees are deep
DEEPEST_PROGRAMME: Final = 40
WIDEST: Final = 4_000_000  # tenths of credit up to which sums of whole badges are worked out


class Objection(ValueError):
    """The record is refused: the place, and what is wrong there."""


def need(holds: object, place: str, why: str) -> None:
    if not holds:
        raise Objection(f"{place}: {why}")


def need_same(given: Json, expected: Json, place: str) -> None:
    need(given == expected, place, f"it is {json.dumps(expected, ensure_ascii=False)}")


def need_once(names: Iterable[str], place: str) -> None:
    for name, times in Counter(names).items():
        need(times == 1, place, f"{name!r} stands twice")


def objections(record: Json) -> list[str]:
    """What is wrong with the record, with its place; nothing when it is accepted."""
    try:
        return check_record(record)
    except Objection as objection:
        return [str(objection)]


def check(text: bytes) -> list[str]:
    """The same for a record as it was written."""
    try:
        return check_record(read(text))
    except Objection as objection:
        return [str(objection)]


def check_record(record: Json) -> list[str]:
    """What is wrong with the outcome. Raises Objection for whatever it rests on."""
    need_plain(record, "record", DEEPEST)
    need_kind(record, "record", "record")
    programmes, wallet = record["programmes"], record["wallet"]
    for key, programme in programmes.items():
        check_programme(key, programme)
    for key in ("records", "concessions"):
        need_once((each["id"] for each in wallet.get(key, [])), f"wallet.{key}")
    expected = decisions_needed(programmes, wallet, record["today"])
    given = [[verdict["programme"], verdict["concessions"]] for verdict in record["verdicts"]]
    need_same(sorted(given), sorted(expected), "verdicts, by programme and concessions")
    for n, verdict in enumerate(record["verdicts"]):
        check_verdict(record, verdict, f"verdicts[{n}]")
    check_approvals(record)
    by_key = {(each["programme"], *each["concessions"]): each for each in record["verdicts"]}
    last = expected[-len({key for key, _ in expected}) :]  # with concessions, where any applies
    outcome = outcome_of(record, [by_key[key, *ids] for key, ids in last])
    wrong = [key for key in outcome if record["outcome"][key] != outcome[key]]
    return [f"outcome.{key}: it is {json.dumps(outcome[key])}" for key in wrong]


# (1) Strict JSON ----------------------------------------------------------------------------------
def read(text: bytes) -> Json:
    """The JSON value in `text`. Raises Objection."""
    try:
        return json.loads(text.decode(), parse_float=_decimal, object_pairs_hook=_each_key_once)
    except (RecursionError, ArithmeticError, ValueError) as error:
        raise Objection(f"record: it is not JSON: {error}") from None


def _each_key_once(pairs: list[tuple[str, Json]]) -> Json:
    need_once((key for key, _ in pairs), "a key")
    return dict(pairs)


def _decimal(digits: str) -> Decimal:
    return Decimal(digits if len(digits) <= 30 else "NaN")


NUMBERS: Final = (int, float, Decimal)


def exact(number: Json) -> Fraction:
    return Fraction(str(number))


def is_plain(value: Json) -> bool:
    """Neither a list nor an object; a number is exact in JSON, with at most six decimals."""
    if type(value) is str:
        return not re.search("[\ud800-\udfff]", value)
    if type(value) is int:
        return abs(value) < 2**53
    if type(value) not in NUMBERS:
        return value is None or type(value) is bool
    written = Decimal(str(value))
    small = written.is_finite() and abs(written) < 2**53
    return small and written == round(written, 6) == Decimal(str(float(written)))


def need_plain(value: Json, place: str, deepest: int) -> None:
    """Afterwards only values are met that JSON can hold, and no numbers but those of a record."""
    todo = [(value, place, 0)]
    while todo:  # without recursion, since proof trees are deep
        found, at, depth = todo.pop()
        if type(found) is dict:
            keys = all(type(key) is str and is_plain(key) for key in found)
            need(keys, at, "a key is no text")
        if type(found) in (dict, list):
            need(depth < deepest, place, f"nested more than {deepest} levels deep")
            items = found.items() if type(found) is dict else enumerate(found)
            todo += [(inner, f"{at}.{key}", depth + 1) for key, inner in items]
        else:
            why = "neither a text nor a number below 2^53 with at most six decimals"
            need(is_plain(found), at, why)


def digest(value: Json) -> str:
    return "sha256:" + hashlib.sha256(canonical(value).encode()).hexdigest()


def canonical(value: Json) -> str:
    """RFC 8785 of plain values: keys sorted by UTF-16 code units, no blanks."""
    written: list[str] = []
    todo: list[Json] = [value]  # bytes in it are ready to be written
    while todo:  # without recursion, since proof trees are deep
        found = todo.pop()
        if type(found) is bytes:
            written.append(found.decode())
        elif type(found) is dict:
            keys = sorted(found, key=lambda key: key.encode("utf-16-be"))
            pieces = [piece for key in keys for piece in (b",", key, b":", found[key])]
            todo += [b"}", *reversed(pieces[1:]), b"{"]
        elif type(found) is list:
            pieces = [piece for item in found for piece in (b",", item)]
            todo += [b"]", *reversed(pieces[1:]), b"["]
        elif found is None or type(found) in (bool, str):
            written.append(json.dumps(found, ensure_ascii=False))
        else:
            whole = found == int(found)
            written.append(str(int(found)) if whole else f"{Decimal(str(float(found))):f}")
    return "".join(written)


# (2) Kinds ----------------------------------------------------------------------------------------
# An object of a kind has these keys, each after the kind of its value (`?`: it may be missing).
# What stands before a semicolon is common to all that follows, of which `|` offers the choice.
# [kind] is a list, {kind:kind} an object with keys of its own, kind/kind one or the other, =a|b one
# of these texts, and + says that it is not empty.
KINDS: Final = """
record: =learnometer-decision/2 form, {text:text} engine, day today, {sha:object} programmes,
  wallet wallet, [verdict]+ verdicts, outcome outcome, [approval] approvals
approval: =registrar|external_examiner role, name name, moment at, signature signature
signature: bytes credentialId publicKey signature authenticatorData clientDataJSON nonce digest,
  =ES256|EdDSA|RS256 algorithm, name rpId origin
outcome: sha programme, =satisfied|not_satisfied|undecided answer, null/name award class,
  truth hypothetical
verdict: sha programme, [name] concessions, [set_aside] set_aside, [award] awards
set_aside: name record rule
award: name award; =satisfied answer, [placement] placements, [class] classes?
  | =not_satisfied answer, proof proof | =undecided answer, because because,
  null/[placement] placements, null/proof proof
class: name class; =satisfied answer, [placement] placements | =not_satisfied answer, proof proof
  | =undecided answer
because: [whole_from_1] years, [name] pending, truth search
placement: name record, [name]+ buckets
proof: [cut]+ cuts | object tree, [name] conflict | [whole_from_1]+ years
tree: cut cut | split split, object low high
split: name choice | [name]+ records, [name] in, whole_from_0 at_most
cut: {name:whole_from_1} rows, truth whole, whole needed could_count

wallet: =learnometer-records/1 form, name holder, day registered, [badge] records, text name?,
  {text:text} context_names?, [interruption] interruptions?, name pathway?,
  {name:attestation} attestations?, [concession] concessions?
interruption: day first last
attestation: =yes|no|pending value, text by?, day on?
badge: name id issuer, text title code? kind? activity? circle? used_in? digest?,
  whole_from_0 level, day activity_start activity_end issued, mark mark?,
  =valid|revoked|suspended|expired|invalid|unknown status, =participant|co_provider role?,
  truth rpl? first_attempt? hypothetical?, [text] tags? contexts? co_participants?,
  [name/judge] judges?; credit_uk credits | credit_ects ects
judge: name id, whole_from_0 level?, text relation?
concession: name id, text authority? rationale? clause_ref?, day date? expiry?; =waive action,
  name path | =reduce action, name path, number to | =accept action, name record bucket
  | =forgive_year action, whole_from_1 year

programme: name programme, ruleset ruleset, =uk|ects credit_unit?, mark pass_mark?,
  {word:[name/trusted]+} trust_lists, gate evidence_gate, [equivalence]+ equivalences?,
  {word:bucket} buckets, [award_rules]+ awards, sharing sharing?, {dimension:distinct} distinct?,
  [prerequisite]+ prerequisites?, [exclusion/[badge_code]+]+ exclusions?, obligations obligations?,
  condonement condonement?, classification classification?, {word:attester} attestations?,
  concession_rules concessions?
ruleset: word id, name/number version, day in_force_from, null/name/number supersedes?,
  =start_version|start_version_or_better choose?, text source?
trusted: name issuer, day from? until?
gate: trust_list issuer_in, [=proof_valid|not_revoked|not_expired]+ status,
  endorsements endorsements, currency currency_years?, truth not_already_used_in_award?
endorsements: whole_from_0 min, truth distinct_endorsers?, [name]+ endorser_not_in?,
  level endorser_level_min?
currency: shelf_life rpl? earned?
shelf_life: whole_from_1 years, =registration|decision measured_at
equivalence: badge_code from to, day until, name/[name]+ tags?
where: true any | name/[name]+ tag? kind? role? code? issuer? circle? context?,
  level level? level_max?, truth rpl?, mark mark?, [where+]+ any_of? all_of?, where+ not?
bucket: where+ where, credit min max_credits?, truth mandatory? rpl? compensatable?,
  whole_from_0 min_badges? max_badges?, mark min_mark?, {level_key:credit} max_below_level?,
  [bound]+ at_least? at_most?
bound: word id, where+ where; credit credits | whole_from_0 badges | share share
award_rules: word id, text title?, credit credits rpl_cap? reuse_cap?, word pathway?,
  {level_key:credit} min_at_level? max_below_level?, [bound]+ at_least? at_most?,
  whole_from_1 max_registration_years?, {bucket_name:credit} buckets?, word/node requires?
node: name badge | attestation_name attested | [word/node]+ all_of | [word/node]+ any_of
  | whole_from_1 choose, [word/node]+ of
sharing: whole_from_0 max_badges, credit max_credits?, [[bucket_name]+]+ between?
distinct: whole_from_1 at_least?, credit min_credits_each? max_credits_each?, share max_share_each?,
  [award_name]+ awards?
prerequisite: =before_end|before_start finished?, whole_from_1 lapses_after_years?,
  [award_name]+ awards?; bucket_name before after | name badge needs
exclusion: [badge_code]+ one_of, [award_name]+ awards
obligations: =registration_year every, joined joined, co_provided co_provided, misses misses,
  =authorised_interruptions pauses?, [award_name]+ awards?
joined: whole_from_0 at_least, =activity of, true validated, =co_provided disjoint_from?
co_provided: whole_from_0 at_least, =activity of, true validated, =joined disjoint_from?
misses: =none|allowed concession | =allowed concession, whole_from_1 max?, name approver?
condonement: credit max_credits, mark mark_floor mean_at_least?, [bucket_name]+ not_in?,
  class_name cap_class?
classification: =excluded_from_mean|included rpl_marks, [class_rules]+ classes,
  [award_name]+ awards?, =half_up|none mean_rounding?, credit graded_at_least?
class_rules: word id, mark mean?, {bucket_name:mark} bucket_means?, {mark_key:credit} credits_at?,
  {mark_key:share} share_at?, [way+]+ any_of?, truth first_attempts?
way: mark mean?, {bucket_name:mark} bucket_means?, {mark_key:credit} credits_at?,
  {mark_key:share} share_at?
attester: text says by
concession_rules: [=waive|reduce|accept|forgive_year]+ allowed, [name]+ never?,
  [=authority|rationale|date|expiry|clause_ref]+ requires?
"""


def _objects(table: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Of each kind of object the choices: for each key the kind of its value."""
    for name, text in re.findall(r"(\w+): (.+)", re.sub(r"\n +", " ", table)):
        common, _, choices = text.rpartition("; ")
        wholes = [f"{common}, {choice}".split(", ") for choice in choices.split(" | ")]
        items = [[item.split() for item in whole if item] for whole in wholes]
        yield name, [{key: kind for kind, *keys in each for key in keys} for each in items]


OBJECTS: Final = dict(_objects(KINDS))
Plain = Mapping[str, Callable[[Json], bool]]


def _is_day(value: Json) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _text(pattern: str) -> Callable[[Json], bool]:
    return lambda value: type(value) is str and bool(re.fullmatch(pattern, value, re.DOTALL))


def spelled(octets: bytes) -> str:
    """In base64url without padding."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def unspelled(text: str) -> bytes:
    """What base64url spells; what it cannot spell comes to what is spelled in another way."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _whole(least: int, most: int = 2**53) -> Callable[[Json], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _in_parts(parts: int, most: int = 2**53) -> Callable[[Json], bool]:
    return lambda value: (
        type(value) in NUMBERS and 0 <= value <= most and exact(value) * parts % 1 == 0
    )


NAMES: Final = ("trust_list", "bucket_name", "award_name", "class_name", "attestation_name")
PLAIN: Final[Plain] = {
    "object": lambda value: type(value) is dict,
    "null": lambda value: value is None,
    "truth": lambda value: type(value) is bool,
    "true": lambda value: value is True,
    "text": _text(".*"),
    "name": _text(".+"),
    "day": _is_day,
    "moment": _text(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}(\.\d{1,6})?Z"),
    "bytes": lambda value: type(value) is str and spelled(unspelled(value)) == value,
    "sha": _text("sha256:[0-9a-f]{64}"),
    "word": _text(r"[^\s.,#=@\[\]]+"),
    "badge_code": _text("badge:.+"),
    "dimension": _text("contexts|circles|validators|co_participants|issuers|kinds"),
    "whole": _whole(-(2**53)),
    "whole_from_0": _whole(0),
    "whole_from_1": _whole(1),
    "level": _whole(1, 8),
    "level_key": _text("[1-8]"),
    "mark": _in_parts(10, 100),
    "mark_key": _text(r"100|[1-9]?[0-9](\.[1-9])?"),
    "number": _in_parts(1_000_000),
    "share": lambda value: type(value) in NUMBERS and 0 < value < 1,
    "credit_uk": _in_parts(10),
    "credit_ects": _in_parts(20),  # one is two UK credits, which have one decimal
    # These hang on the programme, and are looked at again when it is known to be well formed.
    "credit": _in_parts(1_000_000),
    **dict.fromkeys(NAMES, _text(".+")),
}


def need_kind(value: Json, kind: str, at: str, plain: Plain = PLAIN) -> None:
    """Refuse a value that is not of this kind."""
    if kind[0] == "=":
        need(value in kind[1:].split("|"), at, f"{kind[1:]} is expected")
    elif kind[0] not in "[{" and "/" in kind:
        first, _, others = kind.partition("/")
        try:
            need_kind(value, first, at, plain)
        except Objection:
            need_kind(value, others, at, plain)
    elif kind[-1] == "+":
        need(value, at, "it is empty")
        need_kind(value, kind[:-1], at, plain)
    elif kind[0] in "[{":
        need(type(value) is (list if kind[0] == "[" else dict), at, f"{kind} is expected")
        of_key, _, of_item = kind[1:-1].rpartition(":")
        for key, item in enumerate(value) if kind[0] == "[" else value.items():
            need_kind(item, of_item, f"{at}.{key}", plain)
            if of_key:
                need_kind(key, of_key, f"{at}, key {key!r}", plain)
    elif kind in OBJECTS:
        need(type(value) is dict, at, "an object is expected")
        keys = min(OBJECTS[kind], key=lambda keys: len(_wrong_keys(value, keys)))
        need(not _wrong_keys(value, keys), at, "; ".join(_wrong_keys(value, keys)))
        for key, inner in keys.items():
            if (name := key.rstrip("?")) in value:
                need_kind(value[name], inner, f"{at}.{name}", plain)
    else:
        need(plain[kind](value), at, f"{kind.replace('_', ' ')} is expected")


def _wrong_keys(value: Json, keys: Iterable[str]) -> list[str]:
    known = [key.rstrip("?") for key in keys]
    missing = [f"{key} is missing" for key in keys if key[-1] != "?" and key not in value]
    return missing + [f"the key {key!r} is not known" for key in value if key not in known]


# (3) What names what ------------------------------------------------------------------------------
def check_programme(key: str, programme: Json) -> None:
    place = f"programmes.{key}"
    need_plain(programme, place, DEEPEST_PROGRAMME)
    need_kind(programme, "programme", place)
    need(digest(programme) == key, place, f"its digest is {digest(programme)}")
    awards, buckets, classes = programme["awards"], programme["buckets"], classes_of(programme)
    ids = [award["id"] for award in awards]
    known: Plain = {
        "credit": PLAIN[f"credit_{programme.get('credit_unit', 'uk')}"],
        "trust_list": [f"trust_list@{name}" for name in programme["trust_lists"]].__contains__,
        "bucket_name": buckets.__contains__,
        "award_name": ids.__contains__,
        "class_name": ["pass", *classes].__contains__,
        "attestation_name": programme.get("attestations", {}).__contains__,
    }
    need_kind(programme, "programme", place, {**PLAIN, **known})
    need_once(ids, f"{place}.awards")
    need_once(classes, f"{place}.classification")
    from_highest = sorted(awards, key=lambda award: exact(award["credits"]), reverse=True)
    need_same(ids, [award["id"] for award in from_highest], f"{place}.awards from the highest")
    demanded = {"proof_valid", "not_revoked"} <= set(programme["evidence_gate"]["status"])
    need(demanded, f"{place}.evidence_gate.status", "proof_valid and not_revoked are expected")
    for pair in programme.get("sharing", {}).get("between", []):
        need(len(pair) == len(set(pair)) == 2, f"{place}.sharing.between", "pairs are expected")
    for award in awards:
        at, minima = f"{place}.awards.{award['id']}", award.get("buckets", {})
        for kind, name, _ in leaves(award.get("requires", {"all_of": []})):
            known_there = kind != "bucket" or name in award.get("buckets", buckets)
            need(known_there, f"{at}.requires", f"{name!r} is not known")
        for name, least in minima.items():
            enough = not buckets[name].get("mandatory") or least >= buckets[name]["min"]
            need(enough, f"{at}.buckets.{name}", "below a mandatory minimum")


def classes_of(programme: Json) -> list[str]:
    """From the best."""
    return [rules["id"] for rules in programme.get("classification", {"classes": []})["classes"]]


def leaves(node: Json, *, always: bool = True) -> Iterator[tuple[str, str, bool]]:
    """What a `requires` names: of which kind, its name, and whether it is required in any case."""
    if type(node) is str:
        yield "bucket", node, always
        return
    (key,) = node.keys() - {"choose"}
    if key in ("badge", "attested"):
        yield key, node[key], always
        return
    for child in node[key]:
        yield from leaves(child, always=always and key == "all_of")


# (4) Versions and concessions ---------------------------------------------------------------------
def decisions_needed(programmes: Json, wallet: Json, today: str) -> list[list[Json]]:
    """Each version to decide by, without concessions and then, if any applies, with their ids."""
    rules = {key: programme["ruleset"] for key, programme in programmes.items()}
    need(len({rule["id"] for rule in rules.values()}) == 1, "programmes", "of several rulesets")
    begins = {key: rule["in_force_from"] for key, rule in rules.items()}
    need_once(begins.values(), "programmes: in force from")
    order = sorted(begins, key=lambda key: begins[key])
    start = max(0, sum(begins[key] <= wallet["registered"] for key in order) - 1)
    need(begins[order[start]] <= today, "today", "no version is in force yet")
    versions = [order[start]]
    if rules[order[start]].get("choose") == "start_version_or_better":
        versions += [key for key in order[start + 1 :] if begins[key] <= today]
    without: list[list[Json]] = [[key, []] for key in versions]
    said = wallet.get("concessions", [])
    conceded: list[list[Json]] = [
        [key, [each["id"] for each in said if applies(each, programmes[key], today)]]
        for key in versions
    ]
    return without + (conceded if any(ids for _, ids in conceded) else [])


def applies(concession: Json, programme: Json, today: str) -> bool:
    rules, action = programme.get("concessions", {"allowed": []}), concession["action"]
    touched = {"accept": f"buckets.{concession.get('bucket')}", "forgive_year": "obligations"}
    path = touched.get(action, concession.get("path", ""))
    return bool(
        action in rules["allowed"]
        and all(concession.get(key) for key in ("date", *rules.get("requires", [])))
        and concession["date"] <= today <= concession.get("expiry", today)
        and not any(under(path, never) or under(never, path) for never in rules.get("never", []))
    )


def under(name: str, path: str) -> bool:
    return name == path or name.startswith((f"{path}.", f"{path}#", f"{path}="))


# (5) The audit of a version -----------------------------------------------------------------------

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
FAR: Final = 10_000_000  # the ordinal of a day after all days


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def anniversary(day: int, years: int) -> int:
    """So many years later; of 29 February on 1 March, where there is none."""
    start = date.fromordinal(day)
    year = start.year + years
    return date(year, start.month, 1).toordinal() + start.day - 1 if year <= 9999 else FAR


def tenths(number: Json) -> int:
    return int(exact(number) * 10)


def listed(names: Json) -> set[str]:
    return {names} if type(names) is str else set(names)


class Badge:
    """A record as a version reads it: days as ordinals, credit and mark in tenths."""

    def __init__(self, facts: Json, programme: Json, holder: str) -> None:
        self.facts, self.id, self.level = facts, str(facts["id"]), int(facts["level"])
        place = f"wallet.records.{self.id}.activity_end"
        need(facts["activity_start"] <= facts["activity_end"], place, "before its start")
        self.started, self.ended = ordinal(facts["activity_start"]), ordinal(facts["activity_end"])
        self.credit = tenths(facts["credits"] if "credits" in facts else 2 * exact(facts["ects"]))
        self.mark = tenths(facts.get("mark", -1))  # below 0 where there is none
        self.failed = 0 <= self.mark < tenths(programme.get("pass_mark", 0))
        self.rpl, self.used = bool(facts.get("rpl")), bool(facts.get("used_in"))
        self.pending, self.role = facts["status"] == "unknown", facts.get("role", "participant")
        self.activity = facts.get("activity") or (self.id,)  # a badge without one stands alone
        self.judges = [{"id": j} if type(j) is str else j for j in facts.get("judges", [])]
        self.against: list[str] = []  # the rules of the gate that it fails, in their order
        self.takers: list[str] = []  # the buckets that take it, sorted
        code, tags = facts.get("code", ""), set(facts.get("tags", []))
        for rule in programme.get("equivalences", []):
            if rule["from"] == f"badge:{code}" and facts["issued"] <= rule["until"]:
                code, tags = rule["to"].removeprefix("badge:"), tags | listed(rule.get("tags", []))
                break
        labels = {key: {facts.get(key, "")} for key in ("kind", "issuer", "circle")}
        labels |= {"code": {code}, "tag": tags, "role": {self.role}}
        labels["context"] = set(facts.get("contexts", []))
        labels["validator"] = {judge["id"] for judge in self.judges} - {holder}
        labels["co_participant"] = set(facts.get("co_participants", [])) - {holder}
        self.labels = {key: each - {""} for key, each in labels.items()}


FILTERS: Final[Mapping[str, Callable[[Badge, Json], bool]]] = {
    "any": lambda _, wanted: bool(wanted),
    "level": lambda badge, least: badge.level >= int(least),
    "level_max": lambda badge, most: badge.level <= int(most),
    "rpl": lambda badge, wanted: badge.rpl is wanted,
    "used": lambda badge, wanted: badge.used is wanted,
    "mark": lambda badge, least: badge.mark >= tenths(least),
    "any_of": lambda badge, ways: any(fits(way, badge) for way in ways),
    "all_of": lambda badge, parts: all(fits(part, badge) for part in parts),
    "not": lambda badge, other: not fits(other, badge),
}


def fits(where: Json, badge: Badge) -> bool:
    """Whether everything that the filter says is so."""
    return all(
        FILTERS[key](badge, wanted) if key in FILTERS else badge.labels[key] & listed(wanted)
        for key, wanted in where.items()
    )


class Audit:
    """One version of a programme over a wallet, with the concessions that apply."""

    def __init__(self, programme: Json, wallet: Json, today: str, applied: list[Json]) -> None:
        self.programme, self.wallet, self.gate = programme, wallet, programme["evidence_gate"]
        self.today, self.registered = ordinal(today), ordinal(wallet["registered"])
        self.waived = [said["path"] for said in applied if said["action"] == "waive"]
        self.reduced = {said["path"]: said["to"] for said in applied if said["action"] == "reduce"}
        self.forgiven = [said["year"] for said in applied if said["action"] == "forgive_year"]
        accepted = [(s["record"], s["bucket"]) for s in applied if s["action"] == "accept"]
        attestations = wallet.get("attestations", {})
        self.attested = {name: said["value"] for name, said in attestations.items()}
        misses = programme.get("obligations", {}).get("misses", {"concession": "none"})
        self.most_missed = 0 if misses["concession"] == "none" else int(misses.get("max", 1))
        pauses = wallet.get("interruptions", [])
        self.pauses = sorted((ordinal(pause["first"]), ordinal(pause["last"])) for pause in pauses)
        spans = all(first <= last for first, last in self.pauses)
        need(spans, "wallet.interruptions", "one ends before its first day")
        badges = [Badge(facts, programme, wallet["holder"]) for facts in wallet["records"]]
        self.badges = sorted(badges, key=lambda badge: badge.id)
        for badge in self.badges:
            badge.against = self.against(badge)
            for name in sorted(programme["buckets"]):
                granted = (badge.id, name) in accepted and "status" not in badge.against
                if granted or (not badge.against and self.takes(name, badge)):
                    badge.takers.append(name)
        out = [badge for badge in self.badges if badge.against and not badge.takers]
        self.set_aside = [{"record": b.id, "rule": f"evidence_gate.{b.against[0]}"} for b in out]
        early = {"issuer_in", "status", "endorsements"}
        self.valid = [badge for badge in self.badges if not early & set(badge.against)]
        open_ = [badge for badge in self.badges if badge.takers or badge in self.valid]
        self.pending = [badge.id for badge in open_ if badge.pending]

    def against(self, badge: Badge) -> list[str]:
        """The rules of the gate that the badge fails, in their order."""
        facts, gate, kind = badge.facts, self.gate, "rpl" if badge.rpl else "earned"
        trusted = self.programme["trust_lists"][gate["issuer_in"].removeprefix("trust_list@")]
        spans = [{"issuer": each} if type(each) is str else each for each in trusted]
        spans = [span for span in spans if span["issuer"] == facts["issuer"]]
        begun = [span for span in spans if span.get("from", FIRST_DAY) <= facts["issued"]]
        refused = ["invalid", "revoked", "suspended"]
        refused += ["expired"] if "not_expired" in gate["status"] else []
        life = gate.get("currency_years", {}).get(kind, {"years": FAR, "measured_at": "decision"})
        measured = {"registration": self.registered, "decision": self.today}[life["measured_at"]]
        once = gate.get("not_already_used_in_award")
        passed = {
            "issuer_in": any(facts["issued"] <= span.get("until", LAST_DAY) for span in begun),
            "status": facts["status"] not in refused,
            "endorsements": self.endorsed(badge, gate["endorsements"]),
            f"currency_years.{kind}": anniversary(badge.ended, life["years"]) >= measured,
            "not_already_used_in_award": not (badge.used and once),
        }
        return [rule for rule, holds in passed.items() if not holds]

    def endorsed(self, badge: Badge, rule: Json) -> bool:
        refused, least = rule.get("endorser_not_in", []), rule.get("endorser_level_min", 0)
        judges = [judge for judge in badge.judges if judge.get("level", 0) >= least]
        judges = [judge for judge in judges if judge.get("relation") not in refused]
        ids = [judge["id"] for judge in judges]
        if "holder" in refused:
            ids = [judge for judge in ids if judge != self.wallet["holder"]]
        return len(set(ids) if rule.get("distinct_endorsers", True) else ids) >= int(rule["min"])

    def takes(self, bucket: str, badge: Badge) -> bool:
        rules, rule = self.programme["buckets"][bucket], self.programme.get("condonement", {})
        condoned = badge.mark >= tenths(rule.get("mark_floor", 101))  # without a rule, nothing is
        condoned = condoned and bucket not in rule.get("not_in", [])
        return bool(
            fits(rules["where"], badge)
            and (not badge.rpl or rules.get("rpl", True))
            and badge.mark >= tenths(rules.get("min_mark", -1))
            and (not badge.failed or (condoned and rules.get("compensatable", True)))
        )

    def last_day(self, years: int, *, paused: bool) -> int:
        """Of that registration year: later by the days that interruptions cover up to it."""
        end = anniversary(self.registered, years) - 1
        seen = self.registered - 1
        for first, last in self.pauses if paused else []:
            begin = max(first, seen + 1)
            if begin <= min(end, last):
                end += last - begin + 1
                seen = last
        return end

    def missed(self, award: Json, *, hoped: bool) -> list[int]:
        """The completed years missed and not forgiven; `hoped` counts what is pending."""
        rule = self.programme.get("obligations")
        if rule is None or not holds_for(rule, award):
            return []
        join, provide = rule["joined"]["at_least"], rule["co_provided"]["at_least"]
        apart = "disjoint_from" in rule["joined"] or "disjoint_from" in rule["co_provided"]
        counting = [b for b in self.valid if not b.rpl and (hoped or not b.pending)]
        found, first, year = [], self.registered, 1
        while (last := self.last_day(year, paused="pauses" in rule)) < self.today:
            done = [badge for badge in counting if first <= badge.ended <= last]
            joined = {badge.activity for badge in done if badge.role == "participant"}
            provided = {badge.activity for badge in done if badge.role == "co_provider"}
            kept = len(joined) >= join and len(provided) >= provide
            if apart:  # an activity counts for one role only
                kept = kept and len(joined | provided) >= join + provide
            if not kept and year not in self.forgiven:
                found.append(year)
            first, year = last + 1, year + 1
        return found

    def pending_for(self, award: Json) -> list[str]:
        """The records and attestations on which the award may hang."""
        asked = {name for kind, name, _ in leaves(award.get("requires", "")) if kind == "attested"}
        open_ = [name for name in asked if self.attested.get(name, "pending") == "pending"]
        return sorted({*self.pending, *(f"attested:{name}" for name in open_)})


def holds_for(rule: Json, award: Json) -> bool:
    return type(rule) is list or "awards" not in rule or award["id"] in rule["awards"]


# (6) Every award in turn, and the outcome ---------------------------------------------------------
def check_verdict(record: Json, verdict: Json, place: str) -> None:
    programme, wallet = record["programmes"][verdict["programme"]], record["wallet"]
    said = wallet.get("concessions", [])
    applied = [each for each in said if each["id"] in verdict["concessions"]]
    audit = Audit(programme, wallet, record["today"], applied)
    need_same(verdict["set_aside"], audit.set_aside, f"{place}.set_aside")
    wish = wallet.get("pathway")
    tried = [a for a in programme["awards"] if wish is None or a.get("pathway") in (None, wish)]
    awards = {award["id"]: award for award in tried}
    need_order(verdict["awards"], "award", list(awards), f"{place}.awards")
    for n, claim in enumerate(verdict["awards"]):
        check_award(audit, awards[claim["award"]], claim, f"{place}.awards[{n}]")


def need_order(claims: Json, key: str, wanted: list[str], place: str) -> None:
    """In their order, none left out, up to the first that is satisfied."""
    yes = [n for n, claim in enumerate(claims) if claim["answer"] == "satisfied"]
    expected = wanted[: yes[0] + 1] if yes else wanted
    why = f"the order is {', '.join(wanted)}, to the first that is satisfied"
    need([claim[key] for claim in claims] == expected, place, why)


def check_award(audit: Audit, award: Json, claim: Json, place: str) -> None:
    if claim["answer"] == "undecided":
        check_reason(audit, award, claim, f"{place}.because")
        check_shown(audit, award, None, claim, place, hoped=bool(claim["because"]["pending"]))
        return
    check_shown(audit, award, None, claim, place)
    if claim["answer"] == "not_satisfied":
        return
    missed = audit.missed(award, hoped=False)
    need(not missed, place, f"missed and not forgiven are the years {missed}")
    rules = audit.programme.get("classification", {"awards": []})
    classes = {each["id"]: each for each in rules["classes"]} if holds_for(rules, award) else {}
    need(classes or "classes" not in claim, f"{place}.classes", "no class is given here")
    given = claim.get("classes", [])
    need_order(given, "class", list(classes), f"{place}.classes")
    for n, each in enumerate(given):
        check_shown(audit, award, classes[each["class"]], each, f"{place}.classes[{n}]")


def check_shown(
    audit: Audit, award: Json, graded: Json, claim: Json, place: str, *, hoped: bool = False
) -> None:
    """Where placements may not count what is pending, a proof must, and the other way round."""
    if claim.get("placements") is not None:
        case = Case(audit, award, graded, hoped=hoped)
        check_placements(case, claim["placements"], f"{place}.placements")
    if claim.get("proof") is not None:
        case = Case(audit, award, graded, hoped=not hoped)
        check_proof(case, claim["proof"], f"{place}.proof")


def check_reason(audit: Audit, award: Json, claim: Json, place: str) -> None:
    because, shown = claim["because"], [claim["placements"], claim["proof"]]
    hoped = bool(because["pending"])
    if because["search"]:
        claimed = because["years"] or hoped or shown != [None, None]
        need(not claimed, place, "a search that reached its limit claims nothing")
        return
    missed = audit.missed(award, hoped=hoped)
    need_same(because["years"], missed, f"{place}.years")
    need(hoped or missed, place, "there is no reason in it")
    need(len(missed) <= audit.most_missed, f"{place}.years", "more than may be forgiven")
    pending = audit.pending_for(award) if hoped else []
    need_same(because["pending"], pending, f"{place}.pending")
    why = "placements, and a proof where anything is pending, are expected"
    need([each is not None for each in shown] == [True, hoped], place, why)


def outcome_of(record: Json, verdicts: list[Json]) -> Json:
    """What these verdicts, one for each version in order, come to."""
    found = []
    for verdict in verdicts:
        programme, claims = record["programmes"][verdict["programme"]], verdict["awards"]
        stated = {a["id"]: exact(a["credits"]) * uk(programme) for a in programme["awards"]}
        award = won(claims, "award")
        class_ = None if award is None else won(claims[-1].get("classes", []), "class")
        nearness = -FAR if class_ is None else -classes_of(programme).index(class_)
        rank = (-1 if award is None else stated[award], nearness)
        open_ = [stated[claim["award"]] for claim in claims if claim["answer"] == "undecided"]
        better = [
            (rank[0], -classes_of(programme).index(each["class"]))
            for each in (claims[-1].get("classes", []) if award else [])
            if each["answer"] == "undecided"
        ]
        found.append((rank, open_, better, (verdict["programme"], award, class_)))
    rank, open_, _, (programme, award, class_) = max(found, key=lambda each: each[0])  # the first
    above = any(credits_ > rank[0] for _, each, _, _ in found for credits_ in each)
    undecided = open_ or above or any(each > rank for _, _, better, _ in found for each in better)
    return {
        "programme": programme,
        "answer": "undecided" if undecided else "satisfied" if award else "not_satisfied",
        "award": award,
        "class": class_,
        "hypothetical": any(badge.get("hypothetical") for badge in record["wallet"]["records"]),
    }


def won(claims: Json, key: str) -> Json:
    """What is satisfied, which is last, or None."""
    return claims[-1][key] if claims and claims[-1]["answer"] == "satisfied" else None


def uk(programme: Json) -> int:
    """So many UK credits are one credit of the programme."""
    return 2 if programme.get("credit_unit") == "ects" else 1


# (7) The rows of a case ---------------------------------------------------------------------------

# A variable is 1 or 0: a choice, by its name, or whether a record is in a place. The place None is
# any option, a text is a bucket or SHARED, and a tuple is an option with just these buckets.
Place = str | tuple[str, ...] | None
Variable = str | tuple[str, Place]
Weights = Mapping[Variable, int]
Row = tuple[str, Weights, int]  # these come to at least, or at most, the bound
SHARED: Final = "="  # any option of two buckets; no bucket has this name
ASKS, LIMITS = "at least", "at most"
AMOUNTS: Final = {  # the sense of an amount, its unit, and the filter of the badges that it means
    "credits": (ASKS, "credits", "any"),
    "min_badges": (ASKS, "badges", "any"),
    "max_badges": (LIMITS, "badges", "any"),
    "max_credits": (LIMITS, "credits", "any"),
    "rpl_cap": (LIMITS, "credits", "rpl"),
    "reuse_cap": (LIMITS, "credits", "used"),
    "min_at_level": (ASKS, "credits", "level"),
    "max_below_level": (LIMITS, "credits", "level_max"),
    "credits_at": (ASKS, "credits", "mark"),
    "share_at": (ASKS, "share", "mark"),
    "mean": (ASKS, "mean", "any"),
}


def places(option: tuple[str, ...]) -> list[Place]:
    """Where a record is that takes this option."""
    return [None, *option, option, *([SHARED] if len(option) == 2 else [])]


def over(badges: Iterable[Badge], unit: str, place: Place = None) -> Weights:
    return {(b.id, place): b.credit if unit == "credits" else 1 for b in badges}


def below_zero(weights: Weights) -> int:
    return -sum(size for size in weights.values() if size < 0)


class Case:
    """The rows of one award, and of a class of it; `hoped` counts what is pending as good."""

    def __init__(self, audit: Audit, award: Json, rules_of_class: Json, *, hoped: bool) -> None:
        self.audit, self.programme, self.award, self.hoped = audit, audit.programme, award, hoped
        self.path = f"awards.{award['id']}"
        minima = {name: rules["min"] for name, rules in self.programme["buckets"].items()}
        self.minima: dict[str, Json] = award.get("buckets", minima)
        self.of_codes: dict[str, str] = {}  # the paths of rows whose rules are named by codes
        self.deadline, name = FAR, f"{self.path}.max_registration_years"
        if "max_registration_years" in award and not self.waived(name):
            years = int(self.amount(name, "years", award["max_registration_years"]))
            self.deadline = audit.last_day(years, paused=True)
        self.options = {badge.id: self.options_of(badge) for badge in audit.badges}
        self.badges = [badge for badge in audit.badges if self.options[badge.id]]
        self.failed = [badge for badge in self.badges if badge.failed]
        no_rpl = self.programme.get("classification", {}).get("rpl_marks") == "excluded_from_mean"
        self.marked = [b for b in self.badges if b.mark >= 0 and not (b.rpl and no_rpl)]
        self.rows: dict[str, Row] = {}
        self.choices: list[str] = []  # in the order of setting: children first
        self.amounts(self.path, award, self.badges)
        self.amounts("sharing", self.programme.get("sharing", {}), self.badges, SHARED)
        self.of_requirements()
        self.across()
        if rules_of_class is not None:
            self.of_class(rules_of_class, f"classification.{rules_of_class['id']}")

    def options_of(self, badge: Badge) -> list[tuple[str, ...]]:
        if badge.ended > self.deadline or (badge.pending and not self.hoped):
            return []
        taking = [name for name in badge.takers if name in self.minima]
        sharing = self.programme.get("sharing", {"max_badges": 0})
        pairs = combinations(taking, 2) if sharing["max_badges"] else ()
        between = [set(pair) for pair in sharing.get("between", [])]
        allowed = [pair for pair in pairs if not between or set(pair) in between]
        return [*((name,) for name in taking), *allowed]

    def inside(self, bucket: str, badges: list[Badge]) -> list[Badge]:
        return [badge for badge in badges if (bucket,) in self.options[badge.id]]

    def waived(self, name: str) -> bool:
        """Whether a concession waives the row; a bucket's limits stay when the bucket is waived."""
        for path in self.audit.waived:
            asks = name in (path, f"{path}.min_badges") or under(name, f"{path}.at_least")
            of_bucket = path in [f"{self.path}.buckets.{bucket}" for bucket in self.minima]
            if asks if of_bucket else name == path or under(self.rule_of(name), path):
                return True
        return False

    def rule_of(self, name: str) -> str:
        """The path of the rule to which a row belongs."""
        return self.of_codes.get(name) or re.split("[=#]", name)[0]

    def row(self, name: str, sense: str, bound: int, weights: Weights, when: str = "",
            slack: int | None = None, plus: Iterable[str] = ()) -> None:  # fmt: skip
        """A row, to which each choice in `plus` adds 1; if `when` is 0, it is lower or 0."""
        own = Counter(weights)
        own.update(plus)
        if when:
            less = bound if slack is None else slack
            own[when] -= less
            bound -= less
        need(name not in self.rows, "programmes", f"two rules have the name {name}")
        if not self.waived(name):
            self.rows[name] = (sense, own, bound)

    def amount(self, name: str, unit: str, stated: Json) -> Fraction:
        """As stated, unless a concession gives the row of this name, or its whole rule, another."""
        reduced = self.audit.reduced
        granted = reduced.get(name, reduced.get(name.partition("=")[0]))
        times = 1 if unit in ("badges", "share", "years") else 10
        if granted is not None:
            return exact(granted) * times
        return exact(stated) * times * (uk(self.programme) if unit == "credits" else 1)

    def amounts(self, path: str, rules: Json, badges: list[Badge], place: Place = None,
                when: str = "", *, required: bool = True) -> None:  # fmt: skip
        """The rows of all amounts in these rules; of those that ask only where it is required."""
        bounds: list[tuple[str, str, Json]] = []
        for key, (sense, unit, means) in AMOUNTS.items():
            stated = rules.get(key, {})
            for at, amount in stated.items() if type(stated) is dict else [("", stated)]:
                bound = {unit: amount, "where": {means: at or True}}
                bounds.append((f"{path}.{key}.{at}".rstrip("."), sense, bound))
        for key, sense in (("at_least", ASKS), ("at_most", LIMITS)):
            bounds += [(f"{path}.{key}.{b['id']}", sense, b) for b in rules.get(key, [])]
        for name, sense, bound in bounds:
            if required or sense == LIMITS:
                meant = [badge for badge in badges if fits(bound["where"], badge)]
                (unit,) = bound.keys() - {"where", "id"}
                own = when if sense == ASKS else ""
                self.total(name, sense, unit, bound[unit], meant, badges, place, own)

    def total(self, name: str, sense: str, unit: str, stated: Json, meant: list[Badge],
              badges: list[Badge], place: Place = None, when: str = "") -> None:  # fmt: skip
        """The row of one amount, of the badges that are meant among all these."""
        bound = self.amount(name, unit, stated)
        if unit in ("credits", "badges"):
            self.row(name, sense, int(bound), over(meant, unit, place), when)
            return
        if unit == "share":
            part, whole, ids = bound.numerator, bound.denominator, {badge.id for badge in meant}
            sizes = {b.id: b.credit * (whole * (b.id in ids) - part) for b in badges}
        else:
            rules = self.programme.get("classification", {})
            half_up = rules.get("mean_rounding") == "half_up" and not name.startswith("condonement")
            least = int(bound) - 5 * half_up
            sizes = {badge.id: badge.credit * (badge.mark - least) for badge in meant}
        weights: Weights = {(record, place): size for record, size in sizes.items()}
        slack = below_zero(weights)
        if unit == "share" and place:
            slack = part * sum(badge.credit for badge in badges)
        self.row(name, sense, 0, weights, when, slack)

    def of_requirements(self) -> None:
        buckets = self.programme["buckets"]
        requires = self.award.get("requires", {"all_of": list(self.minima)})
        named = [(name, always) for kind, name, always in leaves(requires) if kind == "bucket"]
        named += [(name, True) for name in self.minima if buckets[name].get("mandatory")]
        self.always = {name for name, always in named if always}
        for name, least in self.minima.items():
            path, badges = f"{self.path}.buckets.{name}", self.inside(name, self.badges)
            when, required = "" if name in self.always else path, name in dict(named)
            if required:
                self.choices += [when] if when else []
                self.total(path, ASKS, "credits", least, badges, badges, name, when)
            self.amounts(path, buckets[name], badges, name, when, required=required)
        self.of_node(requires, f"{self.path}.requires", "")

    def of_node(self, node: Json, path: str, when: str) -> str:
        """Note the rows of a node of `requires`. Its choice, or nothing if it always must hold."""
        if type(node) is str:
            return "" if node in self.always else f"{self.path}.buckets.{node}"
        (key,) = node.keys() - {"choose"}
        if key == "badge":
            coded = [badge for badge in self.badges if node["badge"] in badge.labels["code"]]
            self.row(path, ASKS, 1, over(coded, "badges"), when)
        elif key == "attested":
            said = self.audit.attested.get(node["attested"], "pending")
            if said == "no" or (said == "pending" and not self.hoped):
                self.row(path, ASKS, 1, {}, when)
        else:
            below = {f"{path}.{key}[{n}]": child for n, child in enumerate(node[key])}
            open_ = when or key != "all_of"
            choices = [self.of_node(below[at], at, at if open_ else "") for at in below]
            parts = {path: choices}
            if key == "all_of":
                parts = {f"{path}#{n}": [each] for n, each in enumerate(choices) if open_}
            for name, each in parts.items():  # what always holds lowers the bound by one
                least, free = node.get("choose", 1), [choice for choice in each if choice]
                bound = least - each.count("")
                self.row(name, ASKS, bound, {}, when, slack=least, plus=free)
        self.choices += [when] if when else []
        return when

    def across(self) -> None:
        for dimension, rule in self.programme.get("distinct", {}).items():
            if holds_for(rule, self.award):
                self.of_distinct(f"distinct.{dimension}", rule, dimension.removesuffix("s"))
        for rule in self.programme.get("exclusions", []):
            if holds_for(rule, self.award):
                named = rule if type(rule) is list else rule["one_of"]
                codes = {code.removeprefix("badge:") for code in named}
                meant = [badge for badge in self.badges if badge.labels["code"] & codes]
                name = f"exclusions.{'+'.join(sorted(codes))}"
                self.of_codes[name] = name
                self.row(name, LIMITS, 1, over(meant, "badges"))
        rules = self.programme.get("prerequisites", [])
        rules = [rule for rule in rules if holds_for(rule, self.award)]
        orders = [(rule["before"], rule["after"]) for rule in rules if "before" in rule]
        need_once(map("-before-".join, orders), "programmes: prerequisites")
        for rule in rules:
            self.of_prerequisite(rule)
        if "condonement" in self.programme:
            self.of_condonement(self.programme["condonement"], "condonement.used")

    def of_distinct(self, path: str, rule: Json, kind: str) -> None:
        labels = sorted({label for badge in self.badges for label in badge.labels[kind]})
        if "at_least" in rule:
            choices = [f"{path}={label}" for label in labels]
            self.choices += choices
            least = int(self.amount(path, "badges", rule["at_least"]))
            self.row(path, ASKS, least, {}, plus=choices)
        for label in labels:
            name, each = f"{path}={label}", rule.get("min_credits_each")
            behind = [badge for badge in self.badges if label in badge.labels[kind]]
            if "at_least" in rule:
                unit = "badges" if each is None else "credits"
                least = 1 if each is None else tenths(exact(each) * uk(self.programme))
                self.row(name, ASKS, least, over(behind, unit), name)
            for key, unit in (("max_share_each", "share"), ("max_credits_each", "credits")):
                if key in rule:
                    own = f"{path}.{key}={label}"
                    self.total(own, LIMITS, unit, rule[key], behind, self.badges)

    def of_prerequisite(self, rule: Json) -> None:
        if "before" in rule:
            before, after = rule["before"], rule["after"]
            for first in self.inside(before, self.badges):
                for later in self.inside(after, self.badges):
                    if not in_order(first, later, rule):
                        pair = ",".join(re.sub(r"([\\,])", r"\\\1", b.id) for b in (first, later))
                        name = f"prerequisites.{before}-before-{after}={pair}"
                        both: list[Variable] = [(first.id, before), (later.id, after)]
                        self.row(name, LIMITS, 1, Counter(both))
            return
        needed = [badge for badge in self.badges if rule["needs"] in badge.labels["code"]]
        for badge in [b for b in self.badges if rule["badge"] in b.labels["code"]]:
            path = f"prerequisites.{rule['badge']}-needs-{rule['needs']}"
            self.of_codes[name := f"{path}={badge.id}"] = path
            weights = Counter(over([b for b in needed if in_order(b, badge, rule)], "badges"))
            weights[badge.id, None] -= 1
            self.row(name, ASKS, 0, weights)

    def of_condonement(self, rule: Json, used: str) -> None:
        self.amounts("condonement", rule, self.failed)
        if "mean_at_least" in rule:
            self.choices.append(used)
            failed: Weights = {(badge.id, None): -1 for badge in self.failed}
            self.row(used, ASKS, 0, failed, plus=[used] * len(self.failed))
            name, least = "condonement.mean_at_least", rule["mean_at_least"]
            self.total(name, ASKS, "mean", least, self.marked, self.marked, None, used)

    def of_class(self, rules: Json, path: str) -> None:
        least = self.programme["classification"].get("graded_at_least", 0)
        bound = max(1, int(self.amount(f"{path}.graded", "credits", least)))
        self.row(f"{path}.graded", ASKS, bound, over(self.marked, "credits"))
        if rules.get("first_attempts"):
            resits = [badge for badge in self.badges if not badge.facts.get("first_attempt", True)]
            self.row(f"{path}.first_attempts", LIMITS, 0, over(resits, "badges"))
        if "condonement" in self.programme:
            best, order = self.programme["condonement"].get("cap_class"), classes_of(self.programme)
            if best not in order or order.index(rules["id"]) < order.index(best):
                self.row(f"{path}.uncondoned", LIMITS, 0, over(self.failed, "badges"))
        ways = {f"{path}.any_of[{n}]": way for n, way in enumerate(rules.get("any_of", []))}
        if ways:
            self.choices += ways
            self.row(f"{path}.any_of", ASKS, 1, {}, plus=list(ways))
        for when, criteria in {"": rules, **ways}.items():
            own = when or path
            self.amounts(own, criteria, self.marked, None, when)
            for name, mean in criteria.get("bucket_means", {}).items():
                held = self.inside(name, self.marked)
                self.row(f"{own}.graded.{name}", ASKS, 1, over(held, "credits", name), when)
                self.total(f"{own}.bucket_means.{name}", ASKS, "mean", mean, held, held, name, when)


def in_order(first: Badge, later: Badge, rule: Json) -> bool:
    day = later.started if rule.get("finished") == "before_start" else later.ended
    years = rule.get("lapses_after_years")
    return first.ended <= day and (years is None or anniversary(first.ended, years) >= day)


# (8) A yes ----------------------------------------------------------------------------------------
def check_placements(case: Case, placements: Json, place: str) -> None:
    """Refuse placements that do not satisfy every row of the case."""
    ids = [placement["record"] for placement in placements]
    need(ids == sorted(set(ids)), place, "not sorted by record, each once")
    ones: set[Variable] = set()
    for n, placement in enumerate(placements):
        record, option = placement["record"], tuple(placement["buckets"])
        may = option in case.options.get(record, ())
        need(may, f"{place}[{n}]", f"{record} may not count in {' and '.join(option)}")
        ones |= {(record, each) for each in places(option)}

    def found(row: Row) -> int:
        return sum(row[1][variable] for variable in row[1].keys() & ones)

    for choice in case.choices:  # each is made, if the rows allow it that it makes harder
        ones.add(choice)
        harder = [row for row in case.rows.values() if row[1].get(choice, 0) < 0]
        if any(found(row) < row[2] for row in harder):
            ones.remove(choice)
    for name, row in case.rows.items():
        sense, _, bound = row
        holds = found(row) >= bound if sense == ASKS else found(row) <= bound
        need(holds, place, f"{name} does not hold: {found(row)} is not {sense} {bound}")


# (9) A no -----------------------------------------------------------------------------------------
def check_proof(case: Case, proof: Json, place: str) -> None:
    """Refuse a proof that does not show that no placing satisfies the case."""
    if "years" in proof:
        missed = case.audit.missed(case.award, hoped=case.hoped)
        enough = missed == proof["years"] and len(missed) > case.audit.most_missed
        need(enough, f"{place}.years", f"missed and not forgiven are {missed}")
    # Else a small record could keep whoever checks it busy for hours, by one cut many times.
    need_once((json.dumps(cut, sort_keys=True) for cut in proof.get("cuts", [])), f"{place}.cuts")
    for n, cut in enumerate(proof.get("cuts", [])):
        check_cut(case, cut, {}, f"{place}.cuts[{n}]")
    if "tree" in proof:
        used = check_tree(case, proof["tree"], f"{place}.tree")
        need_same(proof["conflict"], sorted(used), f"{place}.conflict")


def check_tree(case: Case, root: Json, place: str) -> set[str]:
    """Each leaf is closed by a cut. The paths that the cuts use."""
    used: set[str] = set()
    todo: list[tuple[Json, dict[str, Row], str]] = [(root, {}, place)]
    while todo:  # without recursion, since trees are deep
        tree, splits, at = todo.pop()
        need_kind(tree, "tree", at)
        if "cut" in tree:
            check_cut(case, tree["cut"], splits, f"{at}.cut")
            used |= {case.rule_of(row) for row in tree["cut"]["rows"] if row not in splits}
        else:
            weights, most = split_of(case, tree["split"], f"{at}.split")
            name = f"split {len(splits) + 1}"
            low, high = (LIMITS, weights, most), (ASKS, weights, most + 1)
            todo.append((tree["high"], {**splits, name: high}, f"{at}.high"))
            todo.append((tree["low"], {**splits, name: low}, f"{at}.low"))
    return used


def split_of(case: Case, split: Json, place: str) -> tuple[Weights, int]:
    """What is at most so much on the low side, and more on the high side."""
    if "choice" in split:
        need(split["choice"] in case.choices, place, f"there is no choice {split['choice']}")
        return {split["choice"]: 1}, 0
    at: Place = tuple(sorted(split["in"])) or None
    need_once(split["records"], place)
    for record in split["records"]:
        may = any(at in places(option) for option in case.options.get(record, ()))
        need(may, place, f"{record} may not count in {' and '.join(split['in']) or 'anything'}")
    return {(record, at): 1 for record in split["records"]}, split["at_most"]


def check_cut(case: Case, cut: Json, splits: Mapping[str, Row], place: str) -> None:
    """All rows are added as at least; then the most that the variables give must be less."""
    weights: Counter[Variable] = Counter()
    bound = needed = 0
    for name, times in cut["rows"].items():
        need(name in splits or name in case.rows, f"{place}.rows", f"there is no row {name}")
        sense, own, least = splits.get(name) or case.rows[name]
        if cut["whole"]:
            least = rounded(case, sense, own, least)
        sign = times if sense == ASKS else -times
        for variable, size in own.items():
            weights[variable] += sign * size
        bound, needed = bound + sign * least, needed + (sign * least if sense == ASKS else 0)
    most = sum(max(0, *found) for found in by_record(case, weights))
    most += sum(max(0, size) for variable, size in weights.items() if type(variable) is str)
    need(most < bound, place, f"it proves nothing: there can be {most}, and {bound} would do")
    need_same(cut["needed"], needed, f"{place}.needed")
    need_same(cut["could_count"], needed - (bound - most), f"{place}.could_count")


def by_record(case: Case, weights: Weights) -> Iterator[list[int]]:
    """For each record that the weights touch: what each of its options weighs."""
    for record in {variable[0] for variable in weights if type(variable) is tuple}:
        for_each = [[(record, place) for place in places(o)] for o in case.options[record]]
        yield [sum(weights.get(each, 0) for each in option) for option in for_each]


def rounded(case: Case, sense: str, weights: Weights, bound: int) -> int:
    """The bound that whole badges make of it, where nothing in the row is below 0 or a choice."""
    chosen = any(type(variable) is str for variable in weights)
    if chosen or below_zero(weights) or (bound < 0 and sense == LIMITS):
        return bound
    steps = [set(found) for found in by_record(case, weights)]
    least = max(0, bound)
    widest = least + max((step for found in steps for step in found), default=0)
    if widest > WIDEST:
        return bound
    sums = 1  # bit n is set when some badges make n
    for found in steps:
        for more in [sums << step for step in found]:
            sums |= more & ((1 << widest + 1) - 1)
    if sense == LIMITS:
        return (sums & ((1 << bound + 1) - 1)).bit_length() - 1
    reaching = sums >> least
    return least + (reaching & -reaching).bit_length() - 1 if reaching else bound


# (10) Approvals -----------------------------------------------------------------------------------
# A passkey signs no text, but a challenge that is made of the digest (docs/verifying.md).
APPROVAL: Final = b"learnometer: approval by passkey, version 1\0"
PRESENT_AND_VERIFIED: Final = 0x05


def check_approvals(record: Json) -> None:
    given = record["approvals"]
    need_once((each["role"] for each in given), "approvals")
    need_once((each["signature"]["publicKey"] for each in given), "approvals")
    decided = digest({key: value for key, value in record.items() if key != "approvals"})
    for n, each in enumerate(given):
        check_signature(each["signature"], decided, f"approvals[{n}].signature")


def check_signature(said: Json, decided: str, at: str) -> None:
    """All but whether the key signed it."""
    keys = ("digest", "nonce", "authenticatorData", "clientDataJSON")
    signed, nonce, data, client = (unspelled(said[key]) for key in keys)
    need(f"sha256:{signed.hex()}" == decided, at, f"it is of another decision than {decided}")
    need(len(nonce) == 32, at, "a nonce has 32 bytes")
    try:
        stated = json.loads(client)
    except (ValueError, RecursionError):
        stated = None
    need(type(stated) is dict, at, "clientDataJSON is no JSON object")
    asked = spelled(hashlib.sha256(APPROVAL + nonce + signed).digest())
    expected = {"type": "webauthn.get", "challenge": asked, "origin": said["origin"]}
    for key, value in expected.items():
        need_same(stated.get(key), value, f"{at}.clientDataJSON.{key}")
    framed = stated.get("crossOrigin", False)
    need(framed is False, at, "it was made in a frame of another site")
    host = hashlib.sha256(said["rpId"].encode()).digest()
    need(data[:32] == host and len(data) >= 37, at, "authenticatorData is of another host")
    sure = data[32] & PRESENT_AND_VERIFIED == PRESENT_AND_VERIFIED
    need(sure, at, "the device did not make sure who approved")


# The command --------------------------------------------------------------------------------------
def main(arguments: list[str]) -> int:
    try:
        (path,) = arguments
        record = read(sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes())
    except (OSError, ValueError) as error:
        print(on_a_line(f"checker.py RECORD.json (- is standard input): {error}"), file=sys.stderr)
        return 2
    if said := objections(record):
        print("\n".join(map(on_a_line, said)))
        return 1
    signed = {key: value for key, value in record.items() if key != "approvals"}
    print(on_a_line(f"accepted: {json.dumps(record['outcome'], ensure_ascii=False)}"))
    print(f"digest of the record without its approvals: {digest(signed)}")
    for each in record["approvals"]:
        print(on_a_line(f"approved by {each['name']} as {each['role']} at {each['at']}"))
    if record["approvals"]:
        print("That their keys signed it is not verified here: see docs/verifying.md.")
    return 0


def on_a_line(text: str) -> str:
    """As one line that a terminal can show, whatever stood in the record."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # TextIOWrappers
    sys.exit(main(sys.argv[1:]))
