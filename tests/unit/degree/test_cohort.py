"""Auditing many wallets: where they are found, and that one that is wrong stops no other."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from wallets import TODAY, outline, record, wallet, written

from degree.checker import check
from degree.cohort.auditing import Line, Task, audit_all, record_name, whole_file
from degree.cohort.lines import csv_heading, line_as_csv, line_as_json
from degree.cohort.sources import Source, files_of, how_many, sources
from degree.cohort.summary import rules_text, summary, titles_of
from degree.rules.figures import Figures, figures
from degree.rules.grammar import read_programme
from degree.rules.records_json import LARGEST, records_as_json
from vc.errors import Missing

ROOT = Path(__file__).parents[3]
BUCKETS = {"a": {"min": 20, "where": {"tag": "a"}}}
RULES = read_programme(written(outline(awards=[{"id": "X", "credits": 20}], buckets=BUCKETS)))
GOOD = json.dumps(records_as_json(wallet([record("a1", 20, tags=("a",))])))
SHORT = json.dumps(records_as_json(wallet([record("a1", 5, tags=("a",))])))


def task(out: Path | None = None) -> Task:
    return Task(programmes=(dict(RULES.document),), today=TODAY, version="1.2.3", out=out)


def audited(*places: Path, out: Path | None = None, workers: int = 1) -> list[Line]:
    return list(audit_all(task(out), sources(files_of(places)), workers=workers))


def cells(*found: Line) -> list[dict[str, str]]:
    text = csv_heading() + "".join(line_as_csv(each) for each in found)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_folder_holds_files_and_lines_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(f"{GOOD}\n\n{SHORT}")
    (tmp_path / "a.json").write_text(GOOD)
    (tmp_path / "notes.txt").write_text("not a wallet")
    (tmp_path / "inner.json").mkdir()
    found = list(sources(files_of([tmp_path])))
    assert [(each.number, each.path.name, each.line) for each in found] == [
        (1, "a.json", 0),
        (2, "b.jsonl", 1),
        (3, "b.jsonl", 3),
    ]
    assert how_many(files_of([tmp_path])) == 3


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_place_without_records_is_refused_by_name(tmp_path: Path, place: str) -> None:
    with pytest.raises(Missing) as refused:
        list(files_of([tmp_path / place]))
    assert refused.value.place == str(tmp_path / place)


def test_a_wallet_that_cannot_be_read_is_a_line_with_its_fault(tmp_path: Path) -> None:
    lines = (GOOD, "{", '{"form": "learnometer-records/1"}', "\udcff", SHORT)
    path = tmp_path / "all.jsonl"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    found = audited(path)
    assert [each.standing is not None for each in found] == [True, False, False, False, True]
    assert "not JSON" in found[1].fault
    assert "'holder'" in found[2].fault
    assert "UTF-8" in found[3].fault
    assert found[1].file == f"{path}:2"


def test_a_line_that_is_too_large_is_passed_over_whole(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    with path.open("w") as file:
        file.write(" " * (2 * LARGEST + 10) + "{}\n" + "x" * (LARGEST + 1) + "\n" + GOOD + "\n")
    found = audited(path)
    assert ["larger than" in each.fault for each in found][-2:] == [True, False]
    assert found[-1].standing is not None


def test_a_file_that_went_away_is_a_line_with_its_fault(tmp_path: Path) -> None:
    gone = [tmp_path / "gone.json", tmp_path / "gone.jsonl"]
    found = list(audit_all(task(), sources(gone), workers=1))
    assert ["cannot be read" in each.fault for each in found] == [True, True]


def test_a_link_that_leads_nowhere_and_a_pipe_are_lines_with_their_fault(tmp_path: Path) -> None:
    for suffix in ("json", "jsonl"):
        (tmp_path / f"link.{suffix}").symlink_to(tmp_path / "nowhere")
        os.mkfifo(tmp_path / f"pipe.{suffix}")
    found = audited(tmp_path)
    assert ["no file behind it" in each.fault for each in found] == [True] * 4
    assert how_many(files_of([tmp_path])) == 4


def test_a_programme_that_is_not_in_force_is_a_fault_of_the_wallet(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(GOOD)
    early = Task(programmes=(dict(RULES.document),), today=TODAY.replace(year=2019), version="1")
    (line,) = audit_all(early, sources([path]), workers=1)
    assert "in force from" in line.fault


def test_each_wallet_leaves_a_record_that_the_checker_accepts(tmp_path: Path) -> None:
    out, path = tmp_path / "out", tmp_path / "all.jsonl"
    out.mkdir()
    path.write_text(f"{GOOD}\n{{\n{SHORT}\n")
    found = audited(path, out=out)
    assert [each.record for each in found] == ["000001-all-1.json", "", "000003-all-3.json"]
    assert sorted(each.name for each in out.iterdir()) == [found[0].record, found[2].record]
    assert all(check(each.read_bytes()) == [] for each in out.iterdir())


def test_a_record_has_a_plain_name_whatever_the_file_is_called() -> None:
    odd = Path(os.fsdecode(b"\xff= a/\n" + b"x" * 240 + b".json"))
    name = record_name(Source(number=7, path=odd))
    assert name.startswith("000007--x")
    assert len(name) < 100
    assert "\ufffd" in Source(number=7, path=odd).name


def test_several_processes_say_the_same_in_the_same_order(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("\n".join([GOOD, SHORT, "{"] * 15))
    assert audited(path, workers=2) == audited(path)


def test_a_csv_line_has_a_cell_for_each_heading_and_no_formula() -> None:
    (line,) = cells(Line(file="=1+1.json", fault="2 faults:\n  one\n  two"))
    assert line["file"] == "'=1+1.json"
    assert line["fault"] == "2 faults:   one   two"
    assert line["answer"] == ""


def test_lines_say_award_and_credits(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(f"{GOOD}\n{SHORT}\n{{")
    found = audited(path)
    earned, none, unread = cells(*found)
    assert (earned["answer"], earned["award"], earned["credits counted"]) == (
        "satisfied",
        "X",
        "20",
    )
    assert (none["answer"], none["award"], none["credits counted"]) == ("not_satisfied", "", "5")
    assert json.loads(line_as_json(found[0]))["credits"] == 20
    assert "fault" in json.loads(line_as_json(found[2]))
    assert unread["holder"] == ""


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    def stopped() -> None:
        with whole_file(tmp_path / "one") as file:
            file.write("half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        stopped()
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_leaves_no_half_written_file(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal\n"
        "from degree.cohort.auditing import whole_file\n"
        f"with whole_file(pathlib.Path({str(tmp_path / 'one.json')!r})) as file:\n"
        "    file.write('half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [each.name for each in tmp_path.iterdir()] == [".one.json.draft"]


def test_the_summary_tells_figures_and_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(f"{GOOD}\n{SHORT}\n{{")
    standings = [each.standing for each in audited(path) if each.standing]
    text = summary(figures(standings), unread=1, titles=titles_of([RULES]))
    assert text.startswith("2 decided, 1 could not be read\n")
    assert "      1  No award\n" in text
    assert "      1  A, 15 credits at the median\n           awards.X.buckets.a\n" in text
    assert "\n\nMissing is what the proof of a no names: " in text


def test_the_summary_explains_nothing_that_it_does_not_tell(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(GOOD)
    standings = [each.standing for each in audited(path) if each.standing]
    assert "issing" not in summary(figures(standings), unread=0, titles=titles_of([RULES]))


def test_the_summary_of_nobody_says_so() -> None:
    assert summary(Figures(), unread=0, titles={}) == "0 decided\n"


def test_rules_that_clash_are_named_together() -> None:
    rules = ("awards.X.buckets.a", "awards.X.rpl_cap", "awards.X.rpl_cap")
    assert rules_text(rules) == "A with prior learning"
