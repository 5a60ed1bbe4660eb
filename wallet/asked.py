"""A request to show badges as the consent page says it: who asks, and for what.

Nothing here repeats what the request says of its sender, for anybody can write anything into it:
the signature proves the DID alone. What it asks is said in this page's own words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from openid4vc.presentation.claims import ClaimQuery
from openid4vc.presentation.query import Query
from openid4vc.presentation.request import PresentationRequest
from wallet.badge import host_of, kind_in_words
from wallet.shown import place_of

# The name under which this site knows somebody with a DID; None for a stranger.
KnownParty = Callable[[str], str | None]

_ISSUER: Final = (("issuer", "id"), ("issuer",))
_KIND: Final = ("credentialSubject", "achievement", "achievementType")
_ISSUER_ID: Final = re.compile(r"(?:did:[a-z0-9]+:|https://)[A-Za-z0-9._:%/-]{1,120}")
_TERM: Final = re.compile(r"(?:ext:)?[A-Za-z]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks to see badges: by the name that this site knows, or by where their DID lives."""

    name: str
    host: str
    did: str
    is_known: bool
    answers_at: str

    @property
    def has_address(self) -> bool:
        """Whether the DID proves where they are at home; did:key and did:jwk prove one key."""
        return self.host != self.did

    @property
    def answers_elsewhere(self) -> bool:
        """Whether the answer goes to another site than the one that the DID belongs to."""
        return self.did.startswith("did:web:") and self.answers_at != self.host


def asker(request: PresentationRequest, *, known_party: KnownParty) -> Asker:
    """Who signed `request`."""
    known, host = known_party(request.verifier), place_of(request.verifier)
    return Asker(
        name=known or host,
        host=host,
        did=request.verifier,
        is_known=known is not None,
        answers_at=host_of(request.response_uri),
    )


@dataclass(frozen=True, slots=True)
class Condition:
    """What narrows the choice down: `about` is issuer, kind or content, `names` are for people."""

    about: str
    names: str = ""


def conditions(query: Query, *, known_party: KnownParty) -> tuple[Condition, ...]:
    """What narrows the choice of badges down, each once."""
    claims = (claim for part in query.credentials for claim in part.claims)
    return tuple(dict.fromkeys(_condition(claim, known_party) for claim in claims))


def _condition(claim: ClaimQuery, known_party: KnownParty) -> Condition:
    texts = [value for value in claim.values if isinstance(value, str)]
    if claim.path in _ISSUER and texts and all(_ISSUER_ID.fullmatch(text) for text in texts):
        names = (known_party(issuer) or place_of(issuer) for issuer in texts)
        return Condition("issuer", ", ".join(names))
    if claim.path == _KIND and texts and all(_TERM.fullmatch(text) for text in texts):
        kinds = (kind_in_words(text.removeprefix("ext:")) for text in texts)
        return Condition("kind", ", ".join(kinds))
    # Other texts are the asker's own, and this page does not lend them its voice.
    return Condition("content")
