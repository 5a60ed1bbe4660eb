"""What anyone finds who looks, after the story: wallets, verdicts, pages, the degree office.

Read from a program that was composed anew on what was stored, at the real time; nothing that
played the story is asked.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.approval import PasskeySignature, verify_approval
from degree import checker
from degree.board.approvals import signed_digest
from degree.command import LARGEST_DECISION_RECORD
from issuer.reading import records
from issuer.reading.activities import ActivityView
from issuer.reading.store import ReadingStore
from service.demo.addresses import Visit
from service.demo.chronicle import Chronicle
from service.demo.visitor import Page, Visitor
from service.founding import COMMUNITY_TENANT
from service.parts import Program
from vc.documents import parse
from vc.fetch import ReadOnce
from vc.model import Credential, Outcome
from vc.nested import judges
from verifier.desk import Checked, Desk

VALID = "valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A credential in a wallet and what the verifier's desk says of it today.

    `standing` is `valid`, or the code of the first finding against it, such as `revoked`;
    `type` is its achievementType; `judges` counts the people who signed for it.
    """

    url: str
    type: str
    issuer: str
    standing: str
    issuer_is_known: bool
    judges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that was read. Wallets by handle, activities by the plot's name, pages by path.

    `awards` leads from a handle to the award that the latest audit found, `objections` to what the
    stand-alone checker prints against its record, `approvers` from the audit of an award to those
    whose signatures over its decision hold; `visits` has the status of each recommended page,
    or 401 where its sign-in did not work.
    """

    wallets: Mapping[str, tuple[Shown, ...]]
    activities: Mapping[str, ActivityView]
    shares: Mapping[str, Page]
    awards: Mapping[str, str | None]
    objections: Mapping[str, str]
    approvers: Mapping[str, tuple[str, ...]]
    visits: Mapping[Visit, int]


def read_back(
    chronicle: Chronicle,
    program: Program,
    *,
    visits: tuple[Visit, ...],
    password: str,
    now: datetime,
) -> Found:
    """Look everywhere that the table speaks of. Raises RuntimeError unless all roles are there."""
    desk, wallet, office = program.verifier, program.wallet, program.degree
    if desk is None or wallet is None or office is None:
        raise RuntimeError("the story is read back with all roles in one program")
    # Keys and status lists are read once for all badges, which are then all checked by the same.
    desk = replace(desk, fetcher=ReadOnce(desk.fetcher))
    store = ReadingStore(program.parts.database.sessions)
    public = records(store, origin=program.parts.settings.origin).activities
    handles = {person_id: handle for handle, person_id in chronicle.people.items()}
    cases = {handles[case.application.person_id]: case for case in office.registry.cases()}
    return Found(
        wallets={
            handle: tuple(
                _shown(desk, held.signed, now) for held in wallet.wallet.credentials(person_id)
            )
            for handle, person_id in chronicle.people.items()
        },
        activities={
            name: public.activity(COMMUNITY_TENANT, activity_id, viewer=None)
            for name, activity_id in chronicle.activities.items()
        },
        shares={each.path: Visitor(program.app).get(each.path) for each in chronicle.shares},
        awards={handle: case.decision.earned for handle, case in cases.items()},
        objections={
            handle: _objections(office.registry.record(case.decision.id))
            for handle, case in cases.items()
        },
        approvers={
            each.audit: _approvers(office.registry.record(each.audit), program)
            for each in chronicle.conferrals
        },
        visits=_visited(program, visits, password),
    )


def _shown(desk: Desk, signed: str, now: datetime) -> Shown:
    checked = desk.check(signed, now=now)
    credential = checked.report.credential
    if credential is None:
        return Shown(
            url="",
            type="",
            issuer="",
            standing=_standing(checked),
            issuer_is_known=False,
            judges=0,
        )
    return Shown(
        url=credential.id,
        type=_type(credential),
        issuer=credential.issuer_id,
        standing=_standing(checked),
        issuer_is_known=checked.trust is not None and checked.trust.known is not None,
        judges=len(judges(credential)),
    )


def _standing(checked: Checked) -> str:
    against = (step for step in checked.report.steps if step.outcome is not Outcome.PASS)
    return next((step.code for step in against), VALID)


def _type(credential: Credential) -> str:
    achievement = credential.subject.get("achievement")
    return str(achievement.get("achievementType")) if isinstance(achievement, dict) else ""


def _objections(record: bytes) -> str:
    """What the checker says against a decision record, run as the one file that anybody may run:
    it sees no installed package and nothing of this program."""
    alone = (sys.executable, "-I", "-S", checker.__file__, "-")
    ran = subprocess.run(alone, input=record, capture_output=True, check=False)  # noqa: S603
    return "" if ran.returncode == 0 else (ran.stdout or ran.stderr).decode()


def _approvers(written: bytes, program: Program) -> tuple[str, ...]:
    """Who approved the decision in a record. Raises Refused where a signature does not hold."""
    record, party = parse(written, largest=LARGEST_DECISION_RECORD), program.parts.passkeys.party
    for approval in record["approvals"]:
        verify_approval(
            PasskeySignature.from_json(approval["signature"]),
            expected_digest=signed_digest(record),
            expected_origin=party.origin,
            expected_rp_id=party.id,
        )
    return tuple(approval["name"] for approval in record["approvals"])


def _visited(program: Program, visits: tuple[Visit, ...], password: str) -> dict[Visit, int]:
    """The status of each page, for a visitor who signs in where that is needed."""
    visitors = {"": Visitor(program.app)}
    found = {}
    for visit in visits:
        if visit.email not in visitors:
            visitor = visitors[visit.email] = Visitor(program.app)
            visitor.sign_in(email=visit.email, password=password)
        found[visit] = visitors[visit.email].get(visit.path).status
    return found
