"""What there is to look at after the story, and as whom."""

from dataclasses import dataclass

from service.demo.chronicle import Chronicle
from service.demo.signins import EXTERNAL_EXAMINER, MODERATOR, REGISTRAR, SignIns
from service.founding import COMMUNITY_TENANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page to open; `email` is with whose sign-in, or empty for a page that is open to all."""

    title: str
    path: str
    email: str = ""


def visits(chronicle: Chronicle, sign_ins: SignIns) -> tuple[Visit, ...]:
    """The pages that the table recommends, the open ones first."""
    return (
        Visit(title="Home", path="/"),
        Visit(title="Badge menu", path="/issuer/"),
        *_activity(chronicle),
        *_shares(chronicle),
        Visit(title="Verify a badge", path="/verifier/"),
        *(
            Visit(title=f"{title} of {person.name}", path=path, email=person.email)
            for person in (sign_ins.candidate, sign_ins.typical)
            for title, path in (("Wallet", "/wallet/"), ("Degree page", "/degree/progress"))
        ),
        Visit(title="Registry of awards", path="/degree/registry/", email=REGISTRAR.email),
        Visit(title="Exam board", path="/degree/board/", email=EXTERNAL_EXAMINER.email),
        Visit(title="Issuer's desk", path="/issuer/desk", email=MODERATOR.email),
    )


def _activity(chronicle: Chronicle) -> list[Visit]:
    """The activity to which most badges belong."""
    if not chronicle.badges:
        return []
    names = [signed.activity for signed in chronicle.badges.values()]
    name = max(sorted(set(names)), key=names.count)
    path = f"/issuer/{COMMUNITY_TENANT}/activities/{chronicle.activities[name]}"
    return [Visit(title="An activity with its ballots", path=path)]


def _shares(chronicle: Chronicle) -> list[Visit]:
    """A link to badges that hold, and one among whose badges is one that was withdrawn."""
    withdrawn = {*chronicle.revoked, *chronicle.suspended}
    found = []
    for title, wanted in (("Badges shared", False), ("A revoked badge, shared", True)):
        fitting = [s for s in chronicle.shares if bool(withdrawn & set(s.urls)) is wanted]
        found += [Visit(title=title, path=share.path) for share in fitting[:1]]
    return found
