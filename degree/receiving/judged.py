"""The question to the process that decides, and its answer."""

from dataclasses import dataclass
from datetime import date

from degree.rules.faults import Fault
from degree.rules.linting import Remark
from degree.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The programme's versions as YAML, and the wallet as JSON (degree/rules/records_json.py).

    Without a wallet only the programme is read. `with_remarks` asks for the lint's remarks on it;
    `trusting` are issuers beyond the trust list, and `software` is the version of this program.
    """

    sources: tuple[str, ...]
    with_remarks: bool
    wallet: str
    trusting: tuple[str, ...]
    today: date
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The version that decided. `digest` is of what was applied, `handed_digest` of the file.

    They differ where issuers were trusted beyond its list.
    """

    title: str
    id: str
    version: str
    in_force_from: date
    source: str
    digest: str
    handed_digest: str
    trust_list: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came out. `record` is the decision record in RFC 8785, and `digest` its digest.

    `untrusted` are issuers whose badges hold, and are set aside by the trust list alone;
    `trusts_some` says that other badges are not.
    """

    rules: Rules
    record: str
    digest: str
    statement: Statement
    untrusted: tuple[str, ...]
    trusts_some: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing came out: `kind` is the name of the class in vc.errors."""

    kind: str
    code: str
    sentence: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came out, nothing where there was no wallet, and the remarks on the programme; or its
    faults, or another refusal."""

    judged: Judged | None = None
    remarks: tuple[Remark, ...] = ()
    faults: tuple[Fault, ...] = ()
    refusal: Refusal | None = None
