"""What a ratio comes to in a placing."""

from fractions import Fraction

from degree.rules.rows import Placing, Problem


def measure(problem: Problem, placed: Placing, number: int) -> Fraction | None:
    """Of the row with this number the part by the whole; None where nothing counts, and for what is
    no ratio."""
    row = problem.rows[number]
    if not row.ratio:
        return None
    part, whole = (
        sum(
            amount
            for record, amount in term.amounts.items()
            if placed[record] >= 0
            and (term.bucket is None or term.bucket in problem.options[record][placed[record]])
        )
        for term in row.terms
    )
    return Fraction(part, whole) if whole else None
