"""What a diploma supplement says: the eight sections of the European model, filled from the award.

Source: the model of the European Commission, the Council of Europe and UNESCO, as revised in 2018.
It asks for all sections, and where something is not known, for the reason; nothing is invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from degree.award import Earned
from degree.rules.exact import credits_text, ects_text
from degree.rules.records import Record
from degree.supplement_texts import CYCLES
from degree.wording import both_units, day
from vc.documents import JsonObject
from vc.encoding import digest_multibase
from vc.model import listed

_MASTER: Final = 1_800  # tenths of a UK credit: the least of a master's degree in the UK
_NOT_RECORDED: Final = "Not recorded. The degree office identifies the holder by the key in 1.4."


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a section: its number and name in the model, and what is to be said."""

    number: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the model."""

    number: int
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A counted badge as a row: title, requirements, level, credits, day and issuer."""

    title: str
    fills: str
    level: str
    credits: str
    ects: str
    issued: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Supplement:
    """A supplement: whose, of what, by whom, and its sections and tables.

    `attached` are the signed transcripts that belong to it.
    """

    earned: Earned
    sections: tuple[Section, ...]
    results: tuple[Result, ...]
    attached: tuple[bytes, ...]


def supplement(
    earned: Earned, *, transcripts: Sequence[bytes], held: Sequence[JsonObject], verifier: str
) -> Supplement:
    """The supplement of an award.

    `transcripts` are its signed transcripts as they are attached, `held` the badges in them;
    `verifier` is a page where anybody can have them checked.
    """
    issuers = {str(badge.get("id")): _issuer_name(badge) for badge in held}
    sections = (
        _holder(earned),
        _qualification(earned),
        _level(earned),
        _programme(earned),
        _function(earned),
        _additional(earned, verifier),
        _certification(earned, transcripts, verifier),
    )
    results = tuple(_result(earned, record, issuers) for record in _in_order(earned))
    return Supplement(earned, sections, results, tuple(transcripts))


def _in_order(earned: Earned) -> list[Record]:
    """The counted badges by the requirement that each fills first, and by their days."""
    by_day = sorted(earned.counted, key=lambda record: record.issued)
    filling = [record for one in earned.requirements for record in by_day if record in one.records]
    return list({record.id: record for record in filling}.values())


def _holder(earned: Earned) -> Section:
    name = f"{earned.holder_name} (the name in full; the register does not divide it)"
    return Section(
        1,
        "Information identifying the holder of the qualification",
        (
            Item("1.1, 1.2", "Last and first names", name),
            Item("1.3", "Date of birth", _NOT_RECORDED),
            Item("1.4", "Student identification", f"Key of the holder: {earned.wallet.holder}"),
        ),
    )


def _qualification(earned: Earned) -> Section:
    issuer = (
        f"{earned.issuer['name']} ({earned.issuer['id']}). Whether it may award degrees is shown "
        "by the register of providers that section 8 names."
    )
    return Section(
        2,
        "Information identifying the qualification",
        (
            Item("2.1", "Name of the qualification", earned.title),
            Item("2.2", "Main field of study", earned.programme.title),
            Item("2.3", "Awarding institution", issuer),
            Item(
                "2.4",
                "Institution administering studies",
                "The communities that issued the badges: the table in 4.3 names each.",
            ),
            Item(
                "2.5",
                "Language of instruction",
                "Not recorded for the programme: each badge shows the evidence that was judged.",
            ),
        ),
    )


def _level(earned: Earned) -> Section:
    award, floors = earned.award, earned.award.floors
    level = max((floor.level for floor in floors), default=0)
    told = "The programme ties the award to no level; the table in 4.3 gives that of each badge."
    if level in CYCLES:
        part = ", of which it is a part" if level == 7 and award.credits < _MASTER else ""
        told = f"Level {level} of the FHEQ (England, Wales and Northern Ireland); {CYCLES[level]}"
        told += f"{part}."
    bound = [
        f"of these at least {both_units(floor.amount)} at level {floor.level} or above"
        for floor in floors
    ]
    years = award.max_registration_years
    limit = f" To be completed within {years} years of registration." if years else ""
    return Section(
        3,
        "Information on the level and duration of the qualification",
        (
            Item("3.1", "Level of the qualification", told),
            Item(
                "3.2",
                "Official duration",
                f"{', '.join((both_units(award.credits), *bound))}. The programme has no fixed "
                f"length.{limit}",
            ),
            Item(
                "3.3",
                "Access requirements",
                "Membership of the community. The programme asks for no earlier qualification.",
            ),
        ),
    )


def _programme(earned: Earned) -> Section:
    judges = earned.programme.gate.min_endorsers
    return Section(
        4,
        "Information on the programme completed and the results obtained",
        (
            Item(
                "4.1",
                "Mode of study",
                "Activities with other members, beside work, each with a contribution of one's "
                f"own. Registered from {day(earned.wallet.registered)}.",
            ),
            Item(
                "4.2",
                "Learning outcomes",
                "What each badge stands for is written in it, with the criteria that its judges "
                "applied. What the award asks for in all is in the second table.",
            ),
            Item("4.3", "Details and credits", "See the tables below."),
            Item(
                "4.4",
                "Grading system",
                "Badges carry no marks. Each contribution was judged at its level and accepted, "
                f"by at least {judges} judges who signed; what is not accepted leads to no badge.",
            ),
            Item("4.5", "Overall classification", "None: the award is not classified."),
        ),
    )


def _function(earned: Earned) -> Section:
    further = (
        "Doctoral studies, where an institution admits the holder."
        if earned.award.credits >= _MASTER
        else "It gives no right of access by itself. An institution that admits the holder may "
        "recognise its credit towards a master's degree."
    )
    return Section(
        5,
        "Information on the function of the qualification",
        (
            Item("5.1", "Access to further study", further),
            Item("5.2", "Regulated professions", "None: it is no licence to practise."),
        ),
    )


def _additional(earned: Earned, verifier: str) -> Section:
    programme = earned.programme
    return Section(
        6,
        "Additional information",
        (
            Item(
                "6.1",
                "Additional information",
                "Every badge in 4.3 is a credential of its own, signed by its issuer and by the "
                "judges. The attached transcript holds all of them whole, with the requirement "
                "that each fills. They were verified, and the rules applied, by version "
                f"{programme.version} of the programme.",
            ),
            Item("6.2", "The programme's text", f"{earned.programme_url} ({programme.digest})"),
            Item("", "To verify", f"{verifier}, or any verifier that reads CLR 2.0"),
        ),
    )


def _certification(earned: Earned, transcripts: Sequence[bytes], verifier: str) -> Section:
    digests = ", ".join(digest_multibase(one) for one in transcripts)
    what = (
        "is the signed transcript that is attached to this PDF as transcript.json. Hand the PDF to "
        f"{verifier}, which reads it there and says whether it is genuine and still holds."
        if len(transcripts) == 1
        else "are the signed transcripts that are attached to this PDF. Save them, and hand each "
        f"to {verifier}, which says whether it is genuine and still holds."
    )
    return Section(
        7,
        "Certification of the supplement",
        (
            Item(
                "7.1", "Date", f"{day(earned.issued_at)}; conferred on {day(earned.conferred_at)}"
            ),
            Item("7.2", "Signature", f"Electronic. Paper can be altered: what holds {what}"),
            Item(
                "7.3",
                "Capacity",
                f"The degree office, on behalf of {earned.issuer['name']}",
            ),
            Item("7.4", "In place of a seal", f"SHA-256 of the transcript: {digests}"),
        ),
    )


def _result(earned: Earned, record: Record, issuers: Mapping[str, str]) -> Result:
    fills = [one.title for one in earned.requirements if record in one.records]
    return Result(
        title=f"{record.title} (prior learning)" if record.rpl else record.title,
        fills=", ".join(fills),
        level=str(record.level),
        credits=credits_text(record.credits_tenths),
        ects=ects_text(record.credits_tenths),
        issued=f"{record.issued.day} {record.issued:%b %Y}",
        issuer=issuers.get(record.id) or record.issuer,
    )


def _issuer_name(badge: JsonObject) -> str:
    """What the issuer, whom the programme trusts, calls itself; nothing where it does not."""
    (issuer,) = listed(badge.get("issuer")) or [None]
    name = issuer.get("name") if isinstance(issuer, dict) else None
    return name if isinstance(name, str) else ""
