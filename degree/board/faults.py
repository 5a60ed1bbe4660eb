"""A form with faults: all of them at once, each at its field."""

from collections.abc import Mapping

from vc.errors import Malformed, Refused


class Faulty(Malformed):
    """A form that cannot be taken. `faults` has a sentence for each field that is at fault; the
    refusal itself tells of the first."""

    def __init__(self, code: str, faults: Mapping[str, str]) -> None:
        place, sentence = next(iter(faults.items()))
        super().__init__(code, sentence, place=place)
        self.faults = dict(faults)


def faults_of(refusal: Refused | None) -> Mapping[str, str]:
    """What a refusal says, by the fields at fault; of the whole by ""."""
    if refusal is None:
        return {}
    return refusal.faults if isinstance(refusal, Faulty) else {refusal.place: refusal.sentence}
