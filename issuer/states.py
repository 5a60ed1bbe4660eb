"""The states through which activities and contributions go."""

from enum import StrEnum


class ActivityState(StrEnum):
    """PROPOSED by a member; OPEN for attendance and ballots; CLOSED after the level ballot;
    FINISHED when nothing more can be handed in and the lottery's nonce is public."""

    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"
    FINISHED = "finished"


class ContributionState(StrEnum):
    """HANDED_IN, then JUDGED by a panel until it is ACCEPTED, with a MODERATOR, to REVISE, or
    NOT_ACCEPTED; APPEALED while an outsider looks again; AWARDED when its badge is decided; LAPSED
    when no decision came of it."""

    HANDED_IN = "handed_in"
    JUDGED = "judged"
    ACCEPTED = "accepted"
    MODERATOR = "moderator"
    REVISE = "revise"
    NOT_ACCEPTED = "not_accepted"
    APPEALED = "appealed"
    AWARDED = "awarded"
    LAPSED = "lapsed"


class Role(StrEnum):
    """For which part in an activity a badge is given."""

    PARTICIPANT = "participant"
    CO_PROVIDER = "co_provider"
