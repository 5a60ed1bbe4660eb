"""The homes of demonstrations: a played one is served as it is, and no other is ever emptied."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from short_story import MEMBERS, short_plot

from service.cli import main
from service.demo import home, kept
from service.demo.chronicle import Chronicle
from service.demo.claims import Claim
from service.demo.telling import Told
from service.settings import Settings
from vc.errors import Conflict


@pytest.fixture(name="served")
def _served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The short story in place of the long one, and what was served without a socket."""
    served: list[Settings] = []

    def serve(settings: Settings, **_: Any) -> None:
        served.append(settings)

    for command in ("demo", "serve"):
        monkeypatch.setattr(f"service.commands.{command}.serve", serve)
    monkeypatch.setattr("service.commands.demo.plan", lambda *_, **__: short_plot())
    return served


@contextmanager
def interrupted() -> Iterator[None]:
    """While a story is told, somebody presses Ctrl+C."""

    def tell(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.commands.demo.tell", tell)
        yield


def demo(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--home", str(folder), *options])


def words(result: Result) -> str:
    return " ".join(result.output.split())


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path): path.read_bytes() for path in found if "learnometer.sqlite-" not in path.name
    }


def test_played_home_is_served_again_as_it_is_and_says_so(
    tmp_path: Path, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = ("--members", str(MEMBERS))
    first = demo(tmp_path, *story, "--no-serve")
    assert first.exit_code == 0, first.output
    before = files(tmp_path)
    again = demo(tmp_path)
    assert again.exit_code == 0, again.output
    assert f"was played already, with {MEMBERS} members and seed 5, and is left as it" in words(
        again
    )
    assert "--afresh plays it anew." in again.output
    assert files(tmp_path) == before
    (settings,) = served
    assert settings.home == tmp_path
    assert settings.master_secret is not None
    # The ways in, with the links and the password that nothing else keeps, are shown once more.
    shown = first.output[first.output.index("To look at") :]
    assert shown in again.output
    for others in (("--members", "30"), ("--seed", "6"), ("--port", "8001")):
        refused = demo(tmp_path, *others)
        assert refused.exit_code == 1
        assert "--afresh" in refused.output
    assert files(tmp_path) == before
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path))
    assert CliRunner().invoke(main, ["serve"]).stderr == ""
    with interrupted():  # so that it need not be played once more
        anew = demo(tmp_path, *story, "--afresh")
    assert "was played already" not in words(anew)
    assert home.is_half_played(tmp_path)


def test_interrupted_demonstration_is_told_of_and_played_anew(
    tmp_path: Path, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    with interrupted():
        first = demo(tmp_path)
    assert (first.exit_code, served) == (1, [])
    assert "was interrupted" not in words(first)
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path))
    half = CliRunner().invoke(main, ["serve"])
    assert "`learnometer demo` plays it anew." in half.stderr
    assert len(served) == 1
    with interrupted():
        again = demo(tmp_path)
    assert "was interrupted. It is played anew." in words(again)


def test_story_of_which_something_was_not_found_again_does_not_count_as_played(
    tmp_path: Path, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Claim(sentence="One badge was signed.", against=("It is in no wallet.",))
    told = Told(chronicle=Chronicle(), claims=(lost,), visits=())
    monkeypatch.setattr("service.commands.demo.tell", lambda *_, **__: told)
    assert demo(tmp_path).exit_code == 1
    assert served == []
    assert home.is_half_played(tmp_path)


def test_played_home_counts_as_played_though_nobody_reads_the_table(
    tmp_path: Path, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def show(*_: Any, **__: Any) -> None:
        raise BrokenPipeError

    told = Told(chronicle=Chronicle(), claims=(), visits=())
    monkeypatch.setattr("service.commands.demo.tell", lambda *_, **__: told)
    monkeypatch.setattr("service.commands.demo.summary.show", show)
    assert demo(tmp_path).exit_code != 0
    assert served == []
    assert not home.is_half_played(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"visits": [{}]}', '{"visits": 1}', "\xff"])
def test_record_of_another_form_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "demonstration.json").write_text(text, encoding="latin-1")
    assert kept.read(tmp_path) is None


def test_record_is_for_its_owner_only(tmp_path: Path) -> None:
    played = kept.Kept(members=24, seed=5, origin="http://x", password="p", visits=())
    kept.keep(tmp_path, played)
    assert kept.read(tmp_path) == played
    assert (tmp_path / "demonstration.json").stat().st_mode & 0o777 == 0o600


def test_a_demonstration_is_made_anew(tmp_path: Path) -> None:
    first = home.fresh(Settings(home=tmp_path / "var"))
    (first.keys_folder).mkdir()
    (first.keys_folder / "old.json").touch()
    again = home.fresh(Settings(home=tmp_path / "var"))
    assert not again.keys_folder.exists()
    assert again.master_secret == first.master_secret


@pytest.mark.parametrize(
    "name", ["learnometer.sqlite", "master.secret", "keys", "thesis.docx", "demonstration"]
)
def test_an_installation_that_is_no_demonstration_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("somebody's")
    with pytest.raises(Conflict, match="no demonstration"):
        home.fresh(Settings(home=tmp_path))
    assert (tmp_path / name).read_text() == "somebody's"


@pytest.mark.parametrize("option", ["--no-serve", "--afresh"])
def test_the_command_leaves_an_installation_alone_and_says_so(tmp_path: Path, option: str) -> None:
    (tmp_path / "learnometer.sqlite").touch()
    result = demo(tmp_path, option)
    assert result.exit_code == 1
    assert "no demonstration" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["learnometer.sqlite"]


def test_too_small_a_community_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    result = demo(tmp_path / "var", "--members", "5", "--no-serve")
    assert result.exit_code == 2
    assert "--members" in result.output
    assert not (tmp_path / "var").exists()
