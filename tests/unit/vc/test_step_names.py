"""What checks are called: every one has a name for people."""

import re
from pathlib import Path

import pytest

from vc.step_names import step_name

ROOT = Path(__file__).parents[3]
ROOMS = ("vc", "verifier", "wallet", "degree", "openid4vc")
MADE = re.compile(r'\bStep\(\s*"([a-z-]+)"')


def made() -> list[str]:
    """The names of all steps that the sources make."""
    sources = (path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted({name for source in sources for name in MADE.findall(source)})


@pytest.mark.parametrize("name", made())
def test_step_that_is_made_has_a_name_for_people(name: str) -> None:
    assert step_name(name)[0].isupper()


def test_names_of_two_steps_differ() -> None:
    names = [step_name(name) for name in made()]
    assert len(names) > 15
    assert len(set(names)) == len(names)


def test_step_of_another_verifier_keeps_its_own_name() -> None:
    assert step_name("x-custom") == "x-custom"
