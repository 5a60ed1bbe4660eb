"""Status lists of the wrong size, place, author or time, and entries that point past them."""

import copy
import gzip
from datetime import timedelta
from typing import Any

from campus import NOW
from ed25519_keys import KnownSigner
from forging.forge import STRANGER, Case, Cases, Forge, text

from vc import status
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.model import Verdict, timestamp
from vc.structure import CREDENTIALS_V2

_HOME = "https://issuer.example/status"
_JCS = "eddsa-jcs-2022"  # signs any JSON, also what has no meaning as JSON-LD


def cases(forge: Forge) -> Cases:
    yield from _entries(forge)
    yield from _lists(forge)
    yield from _chains(forge)


def _case(
    name: str,
    document: JsonObject,
    code: str,
    why: str,
    *,
    verdict: Verdict = Verdict.UNCHECKED,
    step: str = "status",
) -> Case:
    content = text(document)
    return Case(
        file=f"status/{name}.json", content=content, why=why, step=step, code=code, verdict=verdict
    )


def _badge(forge: Forge, *entries: Any) -> JsonObject:
    status_entry: Any = entries[0] if len(entries) == 1 else list(entries)
    return forge.signed(forge.badge(credentialStatus=status_entry), suite=_JCS)


def _entry(url: str, **changes: Any) -> JsonObject:
    entry: JsonObject = {
        "id": f"{url}#revocation-7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": url,
    }
    entry |= changes
    return {name: one for name, one in entry.items() if one is not None}


def _list(
    forge: Forge,
    name: str,
    *,
    by: KnownSigner | None = None,
    encoded: Any = None,
    subject: JsonObject | None = None,
    **changes: Any,
) -> str:
    """Publish a list in which nothing is set, changed before it is signed; its URL."""
    url = f"{_HOME}/{name}"
    author = by or forge.campus.issuer
    made: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": author.did,
        "validFrom": timestamp(NOW - timedelta(hours=1)),
        "validUntil": timestamp(NOW + timedelta(hours=23)),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": status.encode([]) if encoded is None else encoded,
        },
    }
    made["credentialSubject"] |= subject or {}
    made = {name: one for name, one in (made | changes).items() if one is not None}
    forge.campus.library.publish(url, forge.signed(made, by=author, suite=_JCS))
    return url


def _entries(forge: Forge) -> Cases:
    url = _list(forge, "sound")
    for name, (index, why) in {
        "beyond": ("131072", "one place behind the last"),
        "far-beyond": ("999999999", "far behind the last"),
        "negative": ("-1", "counted from the end"),
        "negative-zero": ("-0", "a signed zero"),
        "plus": ("+7", "a sign"),
        "float": ("7.0", "a fraction"),
        "exponent": ("1e1", "an exponent"),
        "hexadecimal": ("0x7", "hexadecimal"),
        "huge": ("9" * 30, "30 digits"),
        "of-100000-digits": ("9" * 100_000, "100,000 digits"),
        "eastern-digits": ("\u0667", "a digit of another script"),
        "superscript": ("\u00b2", "a digit that is no number"),
        "spaces": (" 7 ", "spaces"),
        "underscore": ("1_0", "a number as Python writes it"),
        "empty": ("", "nothing"),
        "true": (True, "a truth value"),
        "fraction": (7.5, "half a place"),
    }.items():
        bent = _badge(forge, _entry(url, statusListIndex=index))
        code = "status-range" if "beyond" in name else "status-index"
        yield _case(f"index-{name}", bent, code, why)
    missing = _badge(forge, _entry(url, statusListIndex=None))
    yield _case("index-missing", missing, "status-index", "no place named")
    for name, (changes, code, why) in {
        "without-a-purpose": ({"statusPurpose": None}, "status-entry", "no purpose"),
        "without-a-list": ({"statusListCredential": None}, "status-entry", "no list"),
        "named-as-its-list": ({"id": url}, "status-entry", "the entry is its list"),
        "size-zero": ({"statusSize": 0}, "status-size", "no bits"),
        "size-negative": ({"statusSize": -1}, "status-size", "fewer than no bits"),
        "size-nine": ({"statusSize": 9}, "status-size", "more bits than are read"),
        "size-huge": ({"statusSize": 2**53 - 1}, "status-size", "endless bits"),
        "size-two-of-a-short-list": (
            {"statusSize": 2, "statusMessage": _messages(4)},
            "status-list-length",
            "a list that has too few places of that size",
        ),
        "size-two-without-messages": ({"statusSize": 2}, "status-message", "values without words"),
        "messages-too-few": (
            {"statusSize": 2, "statusMessage": _messages(3)},
            "status-message",
            "values without words",
        ),
        "other-purpose": ({"statusPurpose": "suspension"}, "status-list", "a list about another"),
        "unknown-kind": ({"type": "1EdTechRevocationList"}, "status-unreachable", "another kind"),
    }.items():
        yield _case(f"entry-{name}", _badge(forge, _entry(url, **changes)), code, why)
    for name, place in {
        "unreachable": "https://issuer.example/none",
        "loopback": "https://127.0.0.1/status",
        "metadata": "http://169.254.169.254/latest/meta-data/",
        "file": "file:///etc/passwd",
        "data": "data:application/json,{}",
    }.items():
        bent = _badge(forge, _entry(place))
        yield _case(f"list-{name}", bent, "status-unreachable", "a list that cannot be had")
    many = [_entry(url, id=f"urn:entry:{number}") for number in range(9)]
    structure: dict[str, Any] = {"verdict": Verdict.INVALID, "step": "structure"}
    crowded = forge.signed(forge.badge(credentialStatus=many), suite=_JCS)
    yield _case("many-entries", crowded, "status-entry", "nine lists", **structure)
    twice = forge.signed(forge.badge(credentialStatus=[_entry(url)] * 2), suite=_JCS)
    yield _case("entry-twice", twice, "status-entry", "one entry twice", **structure)
    untyped = forge.signed(forge.badge(credentialStatus=_entry(url, type=None)), suite=_JCS)
    yield _case("entry-without-type", untyped, "type", "no type", **structure)
    taken = _badge(forge, _entry(url))
    del taken["credentialStatus"]
    yield _case(
        "taken-away", taken, "signature", "no status", step="signature", verdict=Verdict.INVALID
    )


def _messages(count: int) -> list[JsonObject]:
    return [{"status": hex(number), "message": f"m{number}"} for number in range(count)]


def _lists(forge: Forge) -> Cases:
    def against(name: str, code: str, why: str, **changes: Any) -> Case:
        url = _list(forge, name, **changes)
        return _case(f"list-{name}", _badge(forge, _entry(url)), code, why)

    broken = "status-list"
    yield against("of-a-stranger", "status-issuer", "signed by somebody else", by=STRANGER)
    yield against(
        "expired",
        "expired",
        "an old list",
        validFrom="2026-11-18T00:00:00Z",
        validUntil="2026-11-20T00:00:00Z",
    )
    yield against(
        "to-come",
        "not-yet-valid",
        "a list of tomorrow",
        validFrom="2026-11-23T00:00:00Z",
        validUntil="2026-11-24T00:00:00Z",
    )
    yield against("named-otherwise", broken, "a list of another place", id=f"{_HOME}/other")
    yield against("without-id", broken, "a list that names no place", id=None)
    yield against("of-another-kind", broken, "no list", subject={"type": "Person"})
    yield against(
        "of-another-purpose", broken, "about refreshing", subject={"statusPurpose": "refresh"}
    )
    stored = gzip.compress(bytes(16_384), mtime=0)
    for name, (encoded, why) in {
        "too-small": ("u" + base64url_encode(gzip.compress(bytes(16_383), mtime=0)), "8 too few"),
        "empty": ("u", "no list"),
        "bomb": ("u" + base64url_encode(gzip.compress(bytes(2**26), mtime=0)), "64 MiB"),
        "cut-off": ("u" + base64url_encode(stored[:-9]), "no end"),
        "wrong-checksum": ("u" + base64url_encode(stored[:-8] + bytes(8)), "another checksum"),
        "not-gzip": ("u" + base64url_encode(bytes(20_000)), "no gzip"),
        "zlib": ("u" + base64url_encode(b"\x78\x9c" + stored[10:]), "zlib for gzip"),
        "base58": ("z" + "2" * 500, "another base"),
        "padded": ("u" + base64url_encode(stored) + "==", "padding"),
        "number": (5, "a number"),
    }.items():
        code = {"padded": "base64url", "too-small": "status-list-length"}.get(name, broken)
        yield against(name, code, why, encoded=encoded)
    yield from _bent_lists(forge)


def _bent_lists(forge: Forge) -> Cases:
    """Lists changed after they were signed, or that are no list."""
    library = forge.campus.library
    sound = library.documents[_list(forge, "to-be-bent")]
    for name, (content, code, why) in {
        "changed": (sound.replace(b"T11:00", b"T10:00", 1), "signature", "redated"),
        "not-json": (b"<html>", "json", "a page"),
        "huge": (b" " * 1_048_577, "json-size", "over 1 MiB"),
        "keys-twice": (
            sound.replace(b'"id"', b'"id": "x", "id"', 1),
            "json-duplicate-key",
            "twice",
        ),
        "list": (b"[]", "json-object", "a JSON list"),
    }.items():
        url = f"{_HOME}/bent-{name}"
        library.documents[url] = content
        yield _case(f"list-bent-{name}", _badge(forge, _entry(url)), code, why)
    for name, (document, code, why) in {
        "unsigned": ({}, "no-credential", "an empty object"),
        "a-badge": (forge.signed(), "status-issuer", "a badge of somebody else"),
    }.items():
        url = f"{_HOME}/{name}"
        if name == "a-badge":
            document, code = forge.signed(), "status-list"
        library.publish(url, document)
        yield _case(f"list-is-{name}", _badge(forge, _entry(url)), code, why)


def _chains(forge: Forge) -> Cases:
    url = _list(forge, "that-refers", encoded=status.encode([7]))
    withdrawn: dict[str, Any] = {"verdict": Verdict.INVALID}
    for name, reference in {
        "itself": url,
        "nowhere": "https://issuer.example/none",
        "metadata": "http://169.254.169.254/",
    }.items():
        bent = _badge(forge, _entry(url, statusReference=reference))
        yield _case(f"reference-to-{name}", bent, "revoked", "a reference to hide by", **withdrawn)
    again = _list(forge, "with-a-status-of-its-own", credentialStatus=_entry(f"{_HOME}/next"))
    chained = copy.deepcopy(_badge(forge, _entry(again, statusListIndex="131072")))
    yield _case("list-with-a-status", chained, "status-range", "a list that names a list")
    lists = [f"{_HOME}/missing-{number}" for number in range(8)]
    crowd = _badge(forge, *[_entry(one) for one in lists])
    yield _case("eight-missing-lists", crowd, "status-unreachable", "eight lists to fetch")
    revoked = _list(forge, "revoked", encoded=status.encode([7]))
    both = _badge(forge, _entry(_list(forge, "good")), _entry(revoked))
    yield _case("good-and-revoked", both, "revoked", "one list does not name it", **withdrawn)
    theirs = "https://attacker.example/revoked"
    elsewhere = {"id": theirs, "type": "1EdTechRevocationList"}
    yield _case("revocations-elsewhere", _badge(forge, elsewhere), "status-issuer", "another site")
