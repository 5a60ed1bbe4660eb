"""The form that VCDM 2.0 and Open Badges 3.0 demand, checked before any proof is looked at."""

import re
from datetime import datetime
from typing import Any, Final

import contexts
from vc.badge_shape import check_badge
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import Credential, identifier, instant, listed
from vc.own_terms import defines, refuse_renaming
from vc.spelling import refuse_keywords

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
UNKNOWN_CONTEXT: Final = "unknown-context"
DATA_INTEGRITY: Final = "https://w3id.org/security/data-integrity/v2"
_OB: Final = "https://purl.imsglobal.org/spec/ob/v3p0/"
OPEN_BADGES: Final = f"{_OB}context-3.0.3.json"
CLR: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"

# The list of contexts is not itself signed, so only one order of them is taken: the first is
# the data model, and each later one stands later in this table.
_ORDER: Final = (
    (CREDENTIALS_V2, CREDENTIALS_V1),
    (CLR,),
    (f"{_OB}context-3.0.1.json", f"{_OB}context-3.0.2.json", OPEN_BADGES),
    (f"{_OB}extensions.json",),
    ("https://w3id.org/citizenship/v4rc1", "https://www.w3.org/ns/credentials/examples/v2"),
    ("urn:learnometer:receipt:v1",),  # of our own verifier's receipts
)
# These define nothing but proofs, and define it protected: their place changes no meaning.
_ABOUT_PROOFS: Final = frozenset(
    {
        DATA_INTEGRITY,
        "https://w3id.org/security/suites/ed25519-2020/v1",
    }
)
_RANK: Final = {url: rank for rank, urls in enumerate(_ORDER) for url in urls}
_ONE_SUBJECT: Final = frozenset({"ClrCredential"})
BADGE_TYPES: Final = frozenset(
    {"AchievementCredential", "OpenBadgeCredential", "EndorsementCredential"}
)
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f\s<>\"{}|^`\\\[\]]+")
# Objects that VCDM 2.0 section 4 asks to carry a type.
MOST_STATUS_ENTRIES: Final = 8
_TYPED: Final = ("credentialStatus", "termsOfUse", "evidence", "refreshService", "credentialSchema")


def read_credential(document: JsonObject) -> Credential:
    """The parsed view of `document`. Raises Malformed naming the place of the first fault."""
    _check_contexts(document)
    refuse_keywords(document)
    types = _types(document)
    if "VerifiableCredential" not in types:
        raise Malformed("type", "A credential has the type VerifiableCredential.", place="/type")
    for name in sorted(types):
        if ":" not in name and not defines(document["@context"], name):
            sentence = f"The contexts give the type {name[:64]} no meaning."
            raise Malformed("type", sentence, place="/type")
    if types & BADGE_TYPES and not any(url.startswith(_OB) for url in listed(document["@context"])):
        raise Malformed(
            "context", "An Open Badge names the Open Badges context.", place="/@context"
        )
    issuer = _url(document.get("issuer"), place="/issuer")
    subjects = _subjects(document)
    _check_typed_objects(document)
    _check_schemas(document)
    _check_texts(document)
    _check_status_entries(document)
    _check_related_resources(document)
    check_badge(document, types)
    return Credential(
        document=document,
        id=_url(document["id"], place="/id") if "id" in document else "",
        types=types,
        issuer_id=issuer,
        issuer_name=_text(document["issuer"].get("name") if _is_object(document["issuer"]) else ""),
        subject_id=identifier(subjects[0]) or "",
        name=_name(document, subjects[0]),
        valid_from=max(_dates(document, "validFrom", "issuanceDate"), default=None),
        valid_until=min(_dates(document, "validUntil", "expirationDate"), default=None),
    )


def _check_contexts(document: JsonObject) -> None:
    check_contexts(document)
    if _types(document) & (BADGE_TYPES | _ONE_SUBJECT):
        _refuse_own_terms(document)


def check_contexts(document: JsonObject) -> None:
    """Raise Malformed unless the contexts are known, stand in their order, and rename nothing.

    Own terms may stand after them (VCDM 2.0 section 4.3).
    """
    entries = document.get("@context")
    if not isinstance(entries, list) or not all(isinstance(one, str | dict) for one in entries):
        raise Malformed("context", "@context is a list of URLs.", place="/@context")
    if not entries or entries[0] not in _ORDER[0]:
        raise Malformed("context", f"The first context is {CREDENTIALS_V2}.", place="/@context/0")
    ranks = []
    for index, entry in enumerate(entries):
        if isinstance(entry, dict):
            refuse_renaming(entry, place=f"/@context/{index}")
        elif (rank := _rank(entry)) is not None:
            ranks.append(rank)
        elif entry not in _ABOUT_PROOFS:
            raise Malformed(
                UNKNOWN_CONTEXT,
                f"The context {entry[:200]} is not installed, so its terms have no known meaning.",
                place=f"/@context/{index}",
            )
    urls = [entry for entry in entries if isinstance(entry, str)]
    if ranks != sorted(set(ranks)) or len(set(urls)) != len(urls):
        raise Malformed("context", "The contexts do not stand in their order.", place="/@context")


def _rank(url: str) -> int | None:
    """Where a context stands in the one order: the operator's come last, as they were installed."""
    if url in _RANK:
        return _RANK[url]
    installed = contexts.installed()
    return len(_ORDER) + installed.index(url) if url in installed else None


def _refuse_own_terms(node: Any) -> None:
    """Open Badges extend their terms by published contexts (OB 3.0, appendix D)."""
    if isinstance(node, dict):
        if any(isinstance(entry, dict) for entry in listed(node.get("@context"))):
            sentence = "A badge's terms come from published contexts, not from the badge itself."
            raise Malformed("inline-context", sentence, place="/@context")
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            _refuse_own_terms(one)


def _types(document: JsonObject) -> frozenset[str]:
    types = listed(document.get("type"))
    if not types or not all(isinstance(entry, str) for entry in types):
        raise Malformed("type", "type is a list of names.", place="/type")
    return frozenset(types)


def _subjects(document: JsonObject) -> list[JsonObject]:
    subjects = listed(document.get("credentialSubject"))
    if not subjects or not all(_is_object(subject) and subject for subject in subjects):
        place = "/credentialSubject"
        raise Malformed(
            "subject", "credentialSubject is an object that says something.", place=place
        )
    if _types(document) & (BADGE_TYPES | _ONE_SUBJECT) and len(subjects) != 1:
        place = "/credentialSubject"
        raise Malformed("subject", "An Open Badge has exactly one subject.", place=place)
    for subject in subjects:
        if "id" in subject:
            _url(subject["id"], place="/credentialSubject/id")
    return subjects


def _check_typed_objects(document: JsonObject) -> None:
    for term in _TYPED:
        for index, entry in enumerate(listed(document.get(term))):
            if not _is_object(entry) or not listed(entry.get("type")):
                raise Malformed("type", f"Each {term} has a type.", place=f"/{term}/{index}")


def _check_schemas(document: JsonObject) -> None:
    """VCDM 2.0 section 4.11: each names the file of its schema."""
    for index, entry in enumerate(listed(document.get("credentialSchema"))):
        _url(entry.get("id"), place=f"/credentialSchema/{index}/id")


def _check_texts(document: JsonObject) -> None:
    """VCDM 2.0 section 4.6: names and descriptions are texts, or texts in languages."""
    for node, above in ((document, ""), (document["issuer"], "/issuer")):
        if not _is_object(node):
            continue
        for term in ("name", "description"):
            value = node.get(term, "")
            texts = value if isinstance(value, list) and value else [value]
            if not (isinstance(value, str) or all(map(_is_text_in_language, texts))):
                sentence = f"A {term} is a text, or texts with their languages."
                raise Malformed("text", sentence, place=f"{above}/{term}")


def _is_text_in_language(value: Any) -> bool:
    return _is_object(value) and isinstance(value.get("@value"), str)


def _check_related_resources(document: JsonObject) -> None:
    """VCDM 2.0 section 5.3: each names one resource, once, and carries a digest of it."""
    seen: set[str] = set()
    for index, entry in enumerate(listed(document.get("relatedResource"))):
        place = f"/relatedResource/{index}"
        if not _is_object(entry):
            raise Malformed("related-resource", "A relatedResource is an object.", place=place)
        url = _url(entry.get("id"), place=f"{place}/id")
        if url in seen:
            raise Malformed("related-resource", "A relatedResource is named twice.", place=place)
        seen.add(url)
        if not any(isinstance(entry.get(name), str) for name in ("digestSRI", "digestMultibase")):
            raise Malformed("related-resource", "A relatedResource has a digest.", place=place)


def _check_status_entries(document: JsonObject) -> None:
    """Few entries, each once: every one may cost a list of eight megabytes."""
    entries = listed(document.get("credentialStatus"))
    if len(entries) > MOST_STATUS_ENTRIES:
        sentence = f"A credential has at most {MOST_STATUS_ENTRIES} status entries."
        raise Malformed("status-entry", sentence, place="/credentialStatus")
    if any(entry in entries[:index] for index, entry in enumerate(entries)):
        raise Malformed("status-entry", "A status entry stands twice.", place="/credentialStatus")


def _dates(document: JsonObject, *terms: str) -> list[datetime]:
    """The dates under each name that either version of VCDM gave them.

    Whichever context is named: the context of 1.1 defines the names of 2.0 too, and as the list
    of contexts is not signed, exchanging it must not hide a date.
    """
    return [instant(document[term], place=f"/{term}") for term in terms if term in document]


def is_url(value: Any) -> bool:
    """Whether a node is given by an absolute URL, or as an object with one as its id."""
    url = identifier(value)
    return url is not None and _URL.fullmatch(url) is not None


def _url(value: Any, *, place: str) -> str:
    url = identifier(value)
    if url is None or not _URL.fullmatch(url):
        raise Malformed("url", "An absolute URL was expected.", place=place)
    return url


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _name(document: JsonObject, subject: JsonObject) -> str:
    """What a credential is called, or what it is for: Open Badges asks for the latter only."""
    achievement = subject.get("achievement")
    within = achievement.get("name") if isinstance(achievement, dict) else None
    return _text(document.get("name")) or _text(within)


def _text(value: Any) -> str:
    """A name in whichever of VCDM's forms: a string, or one or more language-tagged values."""
    for entry in listed(value):
        if isinstance(entry, str):
            return entry
        if isinstance(entry, dict) and isinstance(entry.get("@value"), str):
            return str(entry["@value"])
    return ""
