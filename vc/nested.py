"""What a credential carries inside: endorsements at any depth, and the credentials of a CLR.

Sources: Open Badges 3.0 section 8.4 and appendix C (`endorsement`, `endorsementJwt`), CLR 2.0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import Credential, identifier, listed
from vc.received import ENVELOPE

# Parts of a credential that are credentials or proofs themselves, and answer for what is in them.
_APART = frozenset({"endorsement", "endorsementJwt", "proof", "verifiableCredential"})


@dataclass(frozen=True, slots=True)
class Endorsement:
    """An endorsement as it is carried: JSON, or a JWT.

    `about` are the ids that it may be about: those of what carries it. `of_the_badge` says that
    the credential itself carries it, as the judges' are.
    """

    source: JsonObject | str
    about: frozenset[str]
    of_the_badge: bool


def endorsements(credential: Credential) -> Iterator[Endorsement]:
    """Every endorsement in a credential, its own first. Raises Malformed naming the place."""
    document = credential.document
    yield from _carried(document, credential.endorsable, place="", of_the_badge=True)
    for key, value in document.items():
        if key not in _APART:
            yield from _within(value, place=f"/{key}")


def judges(credential: Credential) -> list[str]:
    """The issuers of the endorsements that a credential itself carries as JSON."""
    carried = listed(credential.document.get("endorsement"))
    return [issuer for entry in carried if (issuer := _issuer(entry)) is not None]


def credentials(credential: Credential) -> list[JsonObject | str]:
    """The credentials that one holds, as a CLR does: wherever they stand, and whatever its type.

    Raises Malformed naming the place.
    """
    return list(_held(credential.document, place=""))


def _held(node: Any, *, place: str) -> Iterator[JsonObject | str]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _held(item, place=f"{place}/{index}")
    elif isinstance(node, dict):
        for index, entry in enumerate(listed(node.get("verifiableCredential"))):
            if not isinstance(entry, dict | str):
                where = f"{place}/verifiableCredential/{index}"
                raise Malformed("credential", "A credential is an object or a token.", place=where)
            yield entry
        for key, value in node.items():
            if key not in _APART:
                yield from _held(value, place=f"{place}/{key}")


def _issuer(endorsement: Any) -> str | None:
    return identifier(endorsement.get("issuer")) if isinstance(endorsement, dict) else None


def _within(node: Any, *, place: str) -> Iterator[Endorsement]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _within(item, place=f"{place}/{index}")
    elif isinstance(node, dict):
        name = identifier(node)
        about = frozenset(() if name is None else (name,))
        yield from _carried(node, about, place=place, of_the_badge=False)
        for key, value in node.items():
            if key not in _APART:
                yield from _within(value, place=f"{place}/{key}")


def _carried(
    node: JsonObject, about: frozenset[str], *, place: str, of_the_badge: bool
) -> Iterator[Endorsement]:
    for name, kind in (("endorsement", dict), ("endorsementJwt", str)):
        for index, entry in enumerate(listed(node.get(name))):
            if not isinstance(entry, kind):
                what = "an object" if kind is dict else "a token"
                raise Malformed(
                    "endorsement", f"Each {name} is {what}.", place=f"{place}/{name}/{index}"
                )
            if isinstance(entry, dict) and ENVELOPE in listed(entry.get("type")):
                # Its outer members would name one judge, and the token inside be another's.
                sentence = "An endorsement in an envelope belongs into endorsementJwt."
                raise Malformed("endorsement", sentence, place=f"{place}/{name}/{index}")
            yield Endorsement(entry, about, of_the_badge)
