"""What rules of variety count, in words: one, several, and what a label has to do with credit."""

from typing import Final

from degree.rules.programme import Dimension

NOUNS: Final = {  # one, and several
    Dimension.CONTEXTS: ("context", "contexts"),
    Dimension.CIRCLES: ("circle", "circles"),
    Dimension.VALIDATORS: ("judge", "judges"),
    Dimension.CO_PARTICIPANTS: ("person who took part", "people who took part"),
    Dimension.ISSUERS: ("issuer", "issuers"),
    Dimension.KINDS: ("kind of badge", "kinds of badges"),
}


def dimension_of(rule: str) -> Dimension:
    """The dimension of a rule, by its path."""
    return Dimension(rule.split(".")[1])


def one_of(rule: str) -> str:
    """What a rule over a dimension counts, in the singular."""
    return NOUNS[dimension_of(rule)][0]


def stands_behind(dimension: Dimension, after: str = "") -> str:
    """What a label has to do with credit, alone or `after` a helping verb: a judge has endorsed
    it, others stand behind it."""
    if dimension is Dimension.VALIDATORS:
        return f"{after} have endorsed" if after else "has endorsed"
    return f"{after} stand behind" if after else "stands behind"
