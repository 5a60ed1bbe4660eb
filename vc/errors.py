"""One error tree for the whole project: a stable code for machines, a sentence for people.

A class says what kind of refusal it is; service/problems.py alone knows which HTTP status that is.
"""


class Refused(Exception):
    """Something was asked that cannot be done, for a reason that the asker may read.

    `code` is stable and for machines, the sentence is for people, `place` names where in the
    input the fault lies: a JSON pointer, a file and line, or a form field; empty when it is the
    whole.
    """

    def __init__(self, code: str, sentence: str, *, place: str = "") -> None:
        super().__init__(f"{place}: {sentence}" if place else sentence)
        self.code = code
        self.sentence = sentence
        self.place = place


class Malformed(Refused):
    """The input does not have the form that its specification asks for."""


class NotAuthenticated(Refused):
    """Nobody, or not the one claimed, is asking."""


class Forbidden(Refused):
    """The asker is known and may not do this."""


class Missing(Refused):
    """What is asked for does not exist, or not for this asker."""


class Conflict(Refused):
    """It cannot be done in the present state: already done, closed, or taken."""


class Gone(Refused):
    """It existed and was withdrawn."""


class Unavailable(Refused):
    """It could not be done or checked now, through no fault of the input; it may work later."""
