"""What an employer can ask to see, and how a wallet is told (DCQL)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from openid4vc.presentation.claims import ClaimQuery
from openid4vc.presentation.query import (
    EMBEDDED,
    OPEN_BADGE,
    OPEN_BADGE_NAMES,
    TOKEN,
    CredentialQuery,
    Query,
)
from verifier.trust import DEGREES

# What a university awards, with two terms of our own university's that the enumeration of Open
# Badges lacks.
AWARDS: Final = (*sorted(DEGREES), "ext:PostgraduateCertificate", "ext:PostgraduateDiploma")
_TYPE: Final = ("credentialSubject", "achievement", "achievementType")


class Kind(StrEnum):
    """How much is asked."""

    BADGE = "badge"
    BADGES = "badges"
    DEGREE = "degree"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to ask for: one badge, several or a degree; `issuer` is a DID, or empty for any."""

    kind: Kind
    issuer: str = ""

    @property
    def query(self) -> Query:
        """The same asked in both formats: a wallet has a badge with its proof inside, or a token.

        Where several are asked, it may answer with some of either.
        """
        asked = {EMBEDDED: self._part("embedded"), TOKEN: self._part("token", format_=TOKEN)}
        either = tuple(frozenset({part.id}) for part in asked.values())
        both = (frozenset[str]().union(*either),) if self.kind is Kind.BADGES else ()
        return Query(tuple(asked.values()), both + either)

    def _part(self, part_id: str, *, format_: str = EMBEDDED) -> CredentialQuery:
        claims, sets = self._claims()
        return CredentialQuery(
            id=part_id,
            alternatives=(OPEN_BADGE,) if format_ == EMBEDDED else (OPEN_BADGE, *OPEN_BADGE_NAMES),
            multiple=self.kind is Kind.BADGES,
            format=format_,
            claims=claims,
            claim_sets=sets,
        )

    def _claims(self) -> tuple[tuple[ClaimQuery, ...], tuple[frozenset[str], ...]]:
        """The claims, and where there are two ways to spell them, the sets that say so."""
        degree = ClaimQuery(_TYPE, AWARDS, id="degree")
        wanted = (degree,) if self.kind is Kind.DEGREE else ()
        if not self.issuer:
            return wanted, ()
        # An issuer stands as an object with an id, or as the id alone (OB 3.0, ProfileRef).
        spelled = (
            ClaimQuery(("issuer", "id"), (self.issuer,), id="issuer-id"),
            ClaimQuery(("issuer",), (self.issuer,), id="issuer"),
        )
        ids = frozenset(claim.id for claim in wanted)
        return (*spelled, *wanted), tuple(ids | {claim.id} for claim in spelled)
