"""The few accounts of the story with which somebody at the keyboard can sign in."""

import secrets
from dataclasses import dataclass, field

from service.demo.community import Aim, Person
from service.demo.plot import Plot

_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody who works for the community or the university and is no member."""

    name: str
    email: str
    roles: tuple[str, ...]


REGISTRAR = Staff(name="Ruth Okafor", email="registrar@university.example", roles=("registrar",))
EXTERNAL_EXAMINER = Staff(
    name="Edith Marsh", email="examiner@elsewhere.example", roles=("external_examiner",)
)
MODERATOR = Staff(
    name="Henrik Lund", email="desk@learnometer.example", roles=("issuer_admin", "moderator")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIns:
    """Who can sign in, all with one password that was made for this demonstration.

    `candidate` is the member for whom the degree is meant, `typical` came for the practice.
    """

    candidate: Person
    typical: Person
    password: str = field(repr=False)

    def password_of(self, person: Person) -> str | None:
        """The password of a member; most have none."""
        return self.password if person in (self.candidate, self.typical) else None


def sign_ins(plot: Plot, *, password: str = "") -> SignIns:
    """The sign-ins of a plot; with a new password, unless it was played with one already."""
    typical = next(p for p in plot.people.values() if p.aim is Aim.PRACTICE)
    candidate = plot.people[plot.community.story.conferred]
    return SignIns(candidate=candidate, typical=typical, password=password or _password())


def _password() -> str:
    """Four words of 15 bits each that can be said and typed."""
    return "-".join(
        "".join(secrets.choice(letters) for letters in (_CONSONANTS, _VOWELS) * 2)
        + secrets.choice(_CONSONANTS)
        for _ in range(4)
    )
