"""A verified credential as pages show it: facts, finding, and who the issuer is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol
from urllib.parse import unquote, urlencode

from vc.bakery import LARGEST_TEXT, Kind, bake_png, bake_svg, kind_of
from vc.documents import JsonObject
from vc.model import Credential, Outcome, Report, Step, listed
from vc.received import receive
from wallet.badge import Badge, host_of, read_badge
from wallet.finding import Finding, Registration, find
from wallet.holder import Checked
from wallet.store import Held

_LINKEDIN: Final = "https://www.linkedin.com/profile/add"

# What this site's registry says of a credential's issuer.
RegisteredIssuer = Callable[[Credential], Registration]


class Pictures(Protocol):
    """Draws a badge that brings no picture; the same seed always gives the same one."""

    def svg(self, *, name: str, level: str, seed: str) -> str:
        """The picture as an SVG document."""
        ...

    def png(self, *, seed: str) -> bytes:
        """The picture as PNG."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One credential on a page.

    `issuer` is the registered name, or where the issuer's DID lives: never the name that the
    badge claims, which anybody can write; `claimed_issuer` is that name. `registry` is what the
    registry says of the issuer, in a sentence.
    """

    held: Held
    badge: Badge
    report: Report
    finding: Finding
    issuer: str
    claimed_issuer: str
    is_registered: bool
    registry: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """The verification's own steps, and where it got to the end, whether we know the issuer."""
        if not self.finding.says_who:
            return self.report.steps
        outcome = Outcome.PASS if self.is_registered else Outcome.UNKNOWN
        return (*self.report.steps, Step("registry", outcome, self.registry))

    @property
    def fits_picture(self) -> bool:
        """Whether a picture can carry it: a transcript may be too large for one."""
        return len(self.held.signed.encode()) <= LARGEST_TEXT

    @property
    def source(self) -> str:
        """The signed document for reading: indented, or the token as it is."""
        received = receive(self.held.signed)
        if received.token:
            return received.token
        return json.dumps(received.document, indent=2, ensure_ascii=False)


def show(checked: Checked, *, registered_issuer: RegisteredIssuer) -> Shown:
    """`checked` laid out for a page."""
    held = checked.held
    credential = checked.report.credential
    found = registered_issuer(credential) if credential else Registration(None, "")
    return Shown(
        held=held,
        badge=read_badge(receive(held.signed).document, short_id=short_id(held)),
        report=checked.report,
        finding=find(checked.report, registration=found),
        issuer=found.name or place_of(held.issuer_id),
        claimed_issuer=held.issuer_name,
        is_registered=found.name is not None,
        registry=found.sentence,
    )


def short_id(held: Held) -> str:
    """A short id for people: forms such as LinkedIn's show it, and a urn:uuid says nothing."""
    digest = sha256(f"{held.issuer_id} {held.credential_id}".encode()).hexdigest()[:10].upper()
    return f"LM-{digest[:5]}-{digest[5:]}"


def place_of(issuer_id: str) -> str:
    """Where an issuer is at home: the host of its did:web or URL, else the identifier itself."""
    if issuer_id.startswith("did:web:"):
        return unquote(issuer_id.split(":")[2])
    return host_of(issuer_id) or issuer_id


def baked_png(held: Held, *, pictures: Pictures) -> bytes:
    """The badge's picture as PNG with the credential baked in."""
    document = receive(held.signed).document
    badge = read_badge(document, short_id="")
    return bake_png(pictures.png(seed=badge.seed), held.signed, kind=_kind(document))


def baked_svg(held: Held, *, pictures: Pictures) -> bytes:
    """The badge's picture as SVG with the credential baked in.

    Raises Malformed for a text that XML cannot carry.
    """
    document = receive(held.signed).document
    badge = read_badge(document, short_id="")
    # Control characters may stand in JSON, escaped, and nowhere in XML.
    name = "".join(character for character in badge.name if character.isprintable())
    svg = pictures.svg(name=name, level=badge.level, seed=badge.seed)
    return bake_svg(svg.encode(), held.signed, kind=_kind(document))


def _kind(document: JsonObject) -> Kind:
    return kind_of(listed(document.get("type")))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIn:
    """What LinkedIn's form for a certificate asks; shown too, as it may not fill itself in."""

    name: str
    organisation: str
    issued: datetime | None
    expires: datetime | None
    url: str
    id: str

    @property
    def address(self) -> str:
        """LinkedIn's form with everything filled in, each value encoded."""
        fields = {
            "startTask": "CERTIFICATION_NAME",
            "name": self.name,
            "organizationName": self.organisation,
            "certUrl": self.url,
            "certId": self.id,
        }
        for prefix, moment in (("issue", self.issued), ("expiration", self.expires)):
            if moment is not None:
                fields |= {f"{prefix}Year": str(moment.year), f"{prefix}Month": str(moment.month)}
        return f"{_LINKEDIN}?{urlencode(fields)}"


def linkedin(shown: Shown, *, url: str) -> LinkedIn:
    """The fields for a badge that the share link `url` shows."""
    return LinkedIn(
        name=shown.badge.name,
        organisation=shown.issuer if shown.is_registered else shown.claimed_issuer,
        issued=shown.badge.issued,
        expires=shown.badge.expires,
        url=url,
        id=shown.badge.short_id,
    )
