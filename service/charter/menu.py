"""The badge menu: achievements, the rubrics by which they are judged, and level descriptors."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.charter.reading import Entry, text_of, tree
from vc.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A place in a framework outside the community."""

    framework: str
    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """An entry of the badge menu. Credits are UK credits in tenths, the level is of the FHEQ."""

    id: str
    name: str
    kind: str
    description: str
    criteria: str
    level: int
    credits_tenths: int
    tags: frozenset[str]
    rubric: str
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """What judges are asked. Level ids from the lowest; `text` is the whole file."""

    id: str
    criteria: tuple[str, ...]
    levels: tuple[str, ...]
    required: str
    text: str

    @property
    def is_level(self) -> bool:
        """Whether this is a level descriptor, asked of activities and not of contributions."""
        return self.id.startswith("level-")


def read_rubrics(folder: Path) -> dict[str, Rubric]:
    """Every rubric in `folder`, by id; those named `level-…` are level descriptors."""
    found: dict[str, Rubric] = {}
    for path in sorted(folder.glob("*.yaml")):
        entry = tree(path)
        levels = tuple(level.text("id") for level in entry.entries("levels"))
        rubric = Rubric(
            id=entry.new("rubric", found),
            criteria=tuple(each.text("id") for each in entry.entries("criteria")),
            levels=levels,
            required=entry.chosen("required", levels[1:]),
            text=text_of(path),
        )
        found[rubric.id] = rubric
    if not found:
        raise Malformed("community-file", "There is no rubric here.", place=folder.name)
    return found


def read_achievements(entry: Entry, *, rubrics: Mapping[str, Rubric]) -> dict[str, Achievement]:
    """The achievements in the mapping of achievements.yaml, by id."""
    frameworks = _frameworks(entry.entry("frameworks"))
    judging = {id_ for id_, rubric in rubrics.items() if not rubric.is_level}
    found: dict[str, Achievement] = {}
    for each in entry.entries("achievements"):
        achievement = Achievement(
            id=each.new("id", found),
            name=each.text("name"),
            kind=each.text("kind"),
            description=each.text("description"),
            criteria=each.text("criteria"),
            level=each.integer("level"),
            credits_tenths=each.tenths("credits"),
            tags=frozenset(each.texts("tags")),
            rubric=each.chosen("rubric", judging),
            alignments=tuple(frameworks[key] for key in each.all_chosen("alignments", frameworks)),
        )
        each.done()
        if f"level-{achievement.level}" not in rubrics:
            raise each.fault("level", "There is no descriptor of this level in rubrics/.")
        if ("FHEQ", str(achievement.level)) not in {
            (alignment.framework, alignment.code) for alignment in achievement.alignments
        }:
            raise each.fault("alignments", "They do not name the level of the FHEQ.")
        found[achievement.id] = achievement
    entry.done()
    return found


def _frameworks(entry: Entry) -> dict[str, Alignment]:
    found = {}
    for key in entry.keys:
        part = entry.entry(key)
        found[key] = Alignment(
            framework=part.text("framework"),
            code=part.text("code"),
            name=part.text("name"),
            url=part.text("url"),
        )
        part.done()
    return found
