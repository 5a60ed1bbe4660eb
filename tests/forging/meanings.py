"""Badges whose words are given another meaning, or none, after they were signed."""

import copy
from dataclasses import replace
from typing import Any

from forging.forge import Case, Cases, Forge, text

from vc.documents import JsonObject
from vc.model import Verdict
from vc.structure import CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES

_V2, _OB = CREDENTIALS_V2, OPEN_BADGES
_EVIL = "https://attacker.example/context"

_LISTS: dict[str, tuple[Any, str, str]] = {
    "redefined-inline": ([_V2, _OB, {"name": _EVIL}], "own-terms", "name redefined"),
    "redefined-inline-first": ([{"name": _EVIL}, _V2, _OB], "context", "redefined before"),
    "vocab": ([_V2, _OB, {"@vocab": _EVIL}], "own-terms", "a meaning for every word"),
    "base": ([_V2, _OB, {"@base": "https://attacker.example/"}], "own-terms", "another base"),
    "import": ([_V2, _OB, {"@import": _EVIL}], "own-terms", "a context from elsewhere"),
    "language": ([_V2, _OB, {"@language": "en"}], "own-terms", "a language for all texts"),
    "protected-off": ([_V2, _OB, {"@protected": False}], "own-terms", "protection taken off"),
    "null": ([_V2, None, _OB], "context", "all contexts forgotten"),
    "empty": ([], "context", "no contexts"),
    "object": ({"@vocab": _EVIL}, "context", "an object for a list"),
    "text": (_V2, "context", "a text for a list"),
    "nested-list": ([_V2, [_OB]], "context", "a list in the list"),
    "swapped": ([_OB, _V2], "context", "another order"),
    "twice": ([_V2, _OB, _OB], "context", "one context twice"),
    "two-versions-of-badges": (
        [_V2, _OB.replace("3.0.3", "3.0.2"), _OB],
        "context",
        "two versions of Open Badges",
    ),
    "both-data-models": ([_V2, CREDENTIALS_V1, _OB], "context", "two data models"),
    "without-the-first": ([_OB], "context", "no data model"),
    "without-open-badges": ([_V2], "type", "a badge without Open Badges"),
    "unknown": ([_V2, _OB, _EVIL], "unknown-context", "an unknown context"),
    "plain-http": ([_V2, _OB.replace("https", "http")], "unknown-context", "another scheme"),
    "fragment": ([_V2, _OB + "#"], "unknown-context", "a fragment"),
    "query": ([_V2, _OB + "?"], "unknown-context", "a query"),
    "capital-host": ([_V2, _OB.replace("purl", "PURL")], "unknown-context", "capitals"),
    "dots-in-the-path": (
        [_V2, _OB.replace("/ob/", "/x/../ob/")],
        "unknown-context",
        "the same place by another way",
    ),
    "homoglyph": ([_V2, _OB.replace("purl", "pur\u04cf")], "unknown-context", "a Cyrillic letter"),
    "file": ([_V2, _OB, "file:///etc/passwd"], "unknown-context", "a file"),
    "metadata": ([_V2, _OB, "http://169.254.169.254/"], "unknown-context", "a cloud's metadata"),
    "data-url": ([_V2, _OB, "data:application/json,{}"], "unknown-context", "a context in itself"),
    "did-context": ([_V2, _OB, "https://www.w3.org/ns/did/v1"], "unknown-context", "of documents"),
}


def cases(forge: Forge) -> Cases:
    sound = forge.signed()

    def case(name: str, document: JsonObject, code: str, why: str, step: str = "signature") -> Case:
        # What is not installed here is no fault of the credential's: it is not judged.
        open_ = step == "structure" and code == "unknown-context"
        return Case(
            file=f"context/{name}.json",
            content=text(document),
            why=why,
            step=step,
            code=code,
            verdict=Verdict.UNCHECKED if open_ else Verdict.INVALID,
        )

    def bent(name: str, way: str, value: Any, code: str, why: str) -> Case:
        document = copy.deepcopy(sound)
        node: Any = document
        *parents, last = [way] if "://" in way else way.split("/")
        for parent in parents:
            node = node[parent]
        node[last] = value
        return case(name, document, code, why)

    for name, (listed, code, why) in _LISTS.items():
        yield case(name, sound | {"@context": listed}, code, why, step="structure")
    yield case(
        "missing",
        {key: value for key, value in sound.items() if key != "@context"},
        "context",
        "no contexts",
        step="structure",
    )
    subject, achievement = "credentialSubject", "credentialSubject/achievement"
    inside = bent(
        "inner-vocab",
        f"{subject}/@context",
        {"@vocab": _EVIL},
        "inline-context",
        "a context inside",
    )
    yield replace(inside, step="structure")
    yield bent(
        "inner-null", f"{achievement}/@context", None, "context", "contexts forgotten inside"
    )
    yield bent("inner-unknown", f"{subject}/@context", _EVIL, "unknown-context", "unknown inside")
    yield bent("inner-older", f"{subject}/@context", CREDENTIALS_V1, "json-ld", "an older meaning")
    yield bent("undefined-term", "honours", "summa cum laude", "undefined-term", "an unsigned word")
    yield bent("undefined-inside", f"{achievement}/level", 8, "undefined-term", "an unsigned level")
    yield bent(
        "expanded-term", "https://schema.org/name", "X", "undefined-term", "a word by its address"
    )
    yield bent("compact-term", "schema:name", "X", "undefined-term", "a word by a prefix")
    yield bent("blank-term", "_:name", "X", "undefined-term", "a word without an address")
    for word in ("graph", "included", "reverse", "nest", "set", "list", "id", "type", "index"):
        place = f"{subject}/@{word}"
        yield replace(bent(f"keyword-{word}", place, "x", "keyword", f"@{word}"), step="structure")
    yield bent("typed-value", "name", {"@value": "X"}, "keyword", "a text in another dress")
    yield bent(
        "direction", "name", {"@value": "X", "@direction": "rtl"}, "keyword", "what is not signed"
    )
    yield bent(
        "language-tag", "name", {"@value": "X", "@language": "x y"}, "language", "no language"
    )
    yield bent("null-member", "honours", None, "null", "a null, which is not signed")
    yield bent("list-in-a-list", "honours", [["X"]], "nested-list", "a list in a list")
    yield from _own_terms(forge)
    yield bent(
        "relative-id", f"{achievement}/id", "achievements/1", "relative-iri", "depends on the place"
    )
    yield bent("blank-id", f"{achievement}/id", "_:b0", "relative-iri", "an id that is none")
    evidence = [{"id": "urn:x", "type": ["Evidence", "Doctorate"]}]
    yield bent("undefined-type", "evidence", evidence, "relative-iri", "no type")
    yield bent(
        "id-with-spaces", f"{achievement}/id", "urn:a b", "relative-iri", "an id of two words"
    )
    yield bent(
        "id-that-ends-a-line", f"{achievement}/id", "urn:a> <b", "relative-iri", "a statement"
    )
    changed = "signature"
    yield bent("other-value", "name", "Doctorate", changed, "a changed name")
    lettered = bent(
        "text-for-number", f"{subject}/creditsEarned", "12.5", "badge-shape", "a text for a number"
    )
    yield replace(lettered, step="structure")
    yield bent("other-case", f"{achievement}/name", "lesson study", changed, "a small letter")
    wide = [f"v{number}" for number in range(2_000)]
    yield bent("crowd", f"{achievement}/tag", wide, "crowd", "2,000 values in one place")
    alike = [{"type": ["Evidence"]} for _ in range(400)]
    yield bent("alike-nodes", "evidence", alike, "crowd", "400 nodes that cannot be told apart")
    alignment = {"type": ["Alignment"], "targetName": "x", "targetUrl": "urn:x"}
    result = {"type": ["Result"], "value": "x", "alignment": [alignment] * 10}
    poison = [result, result]
    yield bent("poison-graph", f"{subject}/result", poison, "graph-poison", "10! orders of nodes")
    names = [_OB] * 513
    yield bent("many-contexts", f"{subject}/@context", names, "contexts", "513 contexts inside")


def _own_terms(forge: Forge) -> Cases:
    """A credential that is no badge may bring terms of its own, and may rename nothing by them."""
    plain = forge.badge(**{"@context": [_V2], "type": ["VerifiableCredential"], "issuer": None})
    plain |= {
        "id": "urn:uuid:1234",
        "issuer": forge.campus.issuer.did,
        "credentialSubject": {"id": "urn:uuid:5678", "name": "Anna"},
        "validUntil": "2036-01-01T00:00:00Z",
    }
    sound = forge.signed(plain)
    respelt = {"id": "u:1234", "credentialSubject": {"id": "u:5678", "name": "Anna"}}
    ends = "https://www.w3.org/2018/credentials#validUntil"
    renamed = {"until": sound["validUntil"], "validUntil": None}
    for name, (terms, changes, why) in {
        "prefix": ({"u": "urn:uuid:"}, respelt, "its id and its holder's spelt otherwise"),
        "end-by-another-name": ({"until": ends}, renamed, "its end by another name"),
        "name-of-a-name": ({"title": "https://schema.org/name"}, {}, "a name by another name"),
        "keyword": ({"identifier": "@id"}, {}, "another name for ids"),
        "container": ({"x": {"@id": "urn:e:x", "@container": "@index"}}, {}, "what is not signed"),
        "json-literal": ({"x": {"@id": "urn:e:x", "@type": "@json"}}, {}, "JSON as it stands"),
        "reverse": ({"x": {"@reverse": "urn:e:x"}}, {}, "a statement turned around"),
        "many": ({f"t{number}": f"urn:e:{number}" for number in range(300)}, {}, "300 terms"),
    }.items():
        bent = sound | {"@context": [_V2, terms]} | changes
        yield Case(
            file=f"context/own-{name}.json",
            content=text({key: value for key, value in bent.items() if value is not None}),
            why=why,
            step="structure",
            code="own-terms",
        )
