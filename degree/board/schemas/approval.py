"""The form in which somebody approves a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import post_load

from degree.board.schemas.form import ConfirmationForm, line, read

_LONGEST_ANSWER: Final = 65_536  # of a passkey; it is read strictly elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody approves: in which capacity, and what their passkey answered."""

    capacity: str
    passkey: str = field(repr=False)


class ApprovalForm(ConfirmationForm):
    """That the case was read and is approved, in which capacity, and the passkey's answer."""

    capacity = line(required=True)
    passkey = line(longest=_LONGEST_ANSWER, required=True)

    @post_load
    def _as_approval(self, data: dict[str, Any], **_: Any) -> Approval:
        return Approval(capacity=data["capacity"], passkey=data["passkey"])


def read_approval(form: Mapping[str, str]) -> Approval:
    """Somebody's approval. Raises Malformed, whose place is the field."""
    approval: Approval = read(ApprovalForm(), form)
    return approval
