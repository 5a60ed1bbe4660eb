"""Counting again what peers decided: the votes that a badge states, against what its judges signed.

The badge states its votes as results, names the policy by its digest, and carries an endorsement
of each judge who said yes (docs/adr/0010). A no is never published, so of the votes the yes of the
panel can be proven; the rest is the issuer's word, and so is a second look by a moderator or on
appeal, which the badge has to state where the votes alone were too few.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from vc.did import key_behind
from vc.effort import spend
from vc.encoding import digest_multibase
from vc.errors import Malformed, Refused
from vc.fetch import Fetcher
from vc.model import Credential, Outcome, Step, identifier, listed

LARGEST_POLICY: Final = 65_536  # bytes
_BYTES_A_STEP: Final = 9  # of YAML, which is read slowly
_YAML: Final = "application/yaml"
_ACCEPT: Final = "application/yaml, text/plain"
_TALLY: Final = re.compile(r"([0-9]{1,5}) yes of ([0-9]{1,5}) cast, ([0-9]{1,5}) eligible")
_LEVEL: Final = "#level-ballot"
_PANEL: Final = "#panel-ballot"
_LAST_WORD: Final = "#last-word"
LAST_WORDS: Final = frozenset({"a moderator", "an appeal"})


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes as a badge states them, in persons."""

    yes: int
    cast: int
    eligible: int


def check(credential: Credential, judges: Sequence[Credential], *, fetcher: Fetcher) -> list[Step]:
    """The step recount, for a badge that states a panel's votes and names a policy; else none.

    `judges` are the endorsements of the badge, each verified; that none is the holder's and none
    counts twice was checked before.
    """
    stated = _stated(credential)
    rules = _rules(credential)
    if _PANEL not in stated or not rules:
        return []
    try:
        peers = [one for one in judges if key_behind(one.issuer_id) != _issuer_key(credential)]
        _check_bound(credential, peers)
        policy = _policy(rules, fetcher)
        needed = _needed(policy)
    except Malformed as error:
        return [Step("recount", Outcome.FAIL, error.sentence, error.code)]
    except Refused as error:
        sentence = f"The policy that it names could not be had: {error.sentence}"
        return [Step("recount", Outcome.UNKNOWN, sentence, "policy-unreachable")]
    last_word = _last_word(credential)
    return [_compared(stated, proven=len(peers), needed=needed, last_word=last_word)]


def _compared(stated: Mapping[str, Tally], *, proven: int, needed: int, last_word: str) -> Step:
    panel = stated[_PANEL]
    if proven != panel.yes:
        sentence = f"It states {panel.yes} votes for it, and {proven} judges signed."
        return Step("recount", Outcome.FAIL, sentence, "recount-votes")
    if proven < needed and not last_word:
        sentence = f"{proven} judges signed for it; the policy that it names asks for {needed}."
        return Step("recount", Outcome.FAIL, sentence, "recount-threshold")
    level = stated.get(_LEVEL)
    of_the_activity = (
        f"Of its activity's participants {level.eligible} could judge, {level.cast} did, and "
        f"{level.yes} said yes; this is its issuer's count. "
        if level
        else ""
    )
    by_whom = f", and then {last_word} decided, by its issuer's word" if last_word else ""
    sentence = (
        f"{of_the_activity}On its panel {panel.yes} of {panel.eligible} said yes, and each of them "
        f"signed; the policy that it names asks for {needed}{by_whom}."
    )
    return Step("recount", Outcome.PASS, sentence)


def _last_word(credential: Credential) -> str:
    """Who decided where the ballot did not; empty where it did."""
    for result in listed(credential.subject.get("result")):
        if isinstance(result, dict):
            named = identifier(result.get("resultDescription")) or ""
            if named.endswith(_LAST_WORD) and result.get("value") in LAST_WORDS:
                return str(result["value"])
    return ""


def _stated(credential: Credential) -> dict[str, Tally]:
    """The votes among the results, by the end of the name of what describes them."""
    found: dict[str, Tally] = {}
    for result in listed(credential.subject.get("result")):
        if not isinstance(result, dict):
            continue
        named = identifier(result.get("resultDescription")) or ""
        ending = next((end for end in (_LEVEL, _PANEL) if named.endswith(end)), None)
        tally = _TALLY.fullmatch(str(result.get("value")))
        if ending is not None and tally is not None:
            found[ending] = Tally(*map(int, tally.groups()))
    return found


def _rules(credential: Credential) -> dict[str, str]:
    """The digests of the rules that the badge names, by their addresses."""
    return {
        url: digest
        for url, (digest, media_type) in _bound(credential).items()
        if media_type == _YAML
    }


def _bound(credential: Credential) -> dict[str, tuple[str, str]]:
    return {
        str(one["id"]): (str(one.get("digestMultibase")), str(one.get("mediaType")))
        for one in listed(credential.document.get("relatedResource"))
        if isinstance(one, dict) and "id" in one
    }


def _check_bound(credential: Credential, peers: Sequence[Credential]) -> None:
    """Each judge signed about this evidence, rubric and policy, and no other version of them."""
    bound = _bound(credential)
    for peer in peers:
        if any(bound.get(url) != found for url, found in _bound(peer).items()):
            sentence = "A judge signed about other evidence or rules than the badge names."
            raise Malformed("recount-digest", sentence)


def _policy(rules: Mapping[str, str], fetcher: Fetcher) -> dict[str, Any]:
    """The one of the rules that is a policy, read by its digest. Raises Malformed, Unavailable."""
    for url, digest in rules.items():
        content = fetcher.get(url, accept=_ACCEPT).content
        if len(content) > LARGEST_POLICY or digest_multibase(content) != digest:
            sentence = "What stands where it names its rules is something else."
            raise Malformed("policy-digest", sentence)
        spend(steps=len(content) // _BYTES_A_STEP)
        read = _plain_yaml(content)
        if isinstance(read, dict) and "policy" in read:
            return read
    raise Malformed("policy", "None of the rules that it names is a policy.")


def _plain_yaml(content: bytes) -> Any:
    """YAML without aliases and explicit tags: they multiply, and build what fails in odd ways."""
    try:
        text = content.decode("utf-8")
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
                raise Malformed("policy", "The rules that it names use an alias or a tag.")
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Malformed("policy", "The rules that it names are no YAML.") from error


def _needed(policy: Mapping[str, Any]) -> int:
    node: Any = policy
    for key in ("panel", "passes", "yes_votes"):
        node = node.get(key) if isinstance(node, dict) else None
    if type(node) is not int or not 0 < node < 100:
        sentence = "The policy does not say how many votes a panel needs."
        raise Malformed("policy", sentence)
    return node


def _issuer_key(credential: Credential) -> Any:
    return key_behind(credential.issuer_id)
