"""Rubrics: what judges are asked, and the levels of quality that a badge can record."""

from dataclasses import dataclass

from issuer.peers import strict
from vc.encoding import digest_multibase
from vc.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that is judged by itself."""

    id: str
    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricLevel:
    """One step of quality."""

    id: str
    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """Criteria and ordered levels, lowest first; from `required` on a contribution is at the level.

    `digest` is the digestMultibase of the file's bytes.
    """

    id: str
    version: str
    title: str
    criteria: tuple[Criterion, ...]
    levels: tuple[RubricLevel, ...]
    required: str
    digest: str

    def rank(self, level: str) -> int:
        """The place of a level among the levels, 0 for the lowest. Raises Malformed."""
        for rank, known in enumerate(self.levels):
            if known.id == level:
                return rank
        raise Malformed("rubric-level", f"{level!r} is not a level of the rubric {self.title!r}.")

    def suffices(self, level: str) -> bool:
        """Whether a level is the required one or higher."""
        return self.rank(level) >= self.rank(self.required)


def read_rubric(text: str, *, source: str) -> Rubric:
    """The rubric in a YAML file's `text`. Raises Malformed with `source` and the entry's place."""
    root = strict.read(text, source=source)
    rubric = Rubric(
        id=root.text("rubric"),
        version=root.text("version"),
        title=root.text("title"),
        criteria=tuple(Criterion(**_entry(section)) for section in root.sections("criteria")),
        levels=tuple(RubricLevel(**_entry(section)) for section in root.sections("levels")),
        required=root.text("required"),
        digest=digest_multibase(text.encode()),
    )
    root.done()
    for key, ids in (
        ("criteria", [criterion.id for criterion in rubric.criteria]),
        ("levels", [level.id for level in rubric.levels]),
    ):
        if len(ids) != len(set(ids)):
            raise Malformed("rules-entry", "An id occurs twice.", place=f"{source}:{key}")
    rubric.rank(rubric.required)
    return rubric


def _entry(section: strict.Section) -> dict[str, str]:
    entry = {key: section.text(key) for key in ("id", "name", "description")}
    section.done()
    return entry
