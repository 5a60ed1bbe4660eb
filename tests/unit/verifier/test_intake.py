"""Files of many: whatever is wrong with one row or member stops no other, and no bomb goes off."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from vc.bakery import LARGEST_IMAGE
from vc.errors import Malformed
from verifier.bulk.intake import LARGEST_TOGETHER, opened
from verifier.bulk.item import LARGEST_FILE, MOST_ITEMS, Item
from verifier.bulk.rows import LONGEST_BESIDE, MOST_BESIDE, MOST_CELLS
from verifier.handing import LONGEST_NAME

LINK = "https://wallet.example/share/"


def _items(content: bytes) -> list[Item]:
    intake = opened(content)
    items = [intake.item(place) for place in range(len(intake.names))]
    assert [item.name for item in items] == list(intake.names)
    return items


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f"link\n{LINK}1\n{LINK}2\n",
        f"{LINK}1\n{LINK}2",
        f"\ufeffname;Link;note\r\nAmina;{LINK}1;good\r\nBen;{LINK}2;\r\n",
        f"name\turl\nAmina\t{LINK}1\nBen\t{LINK}2\n",
        f'name,badge\n"Amina, née Otieno","{LINK}1"\nBen,{LINK}2\n\n\n',
        f"anything,else\nAmina,{LINK}1\nBen,{LINK}2\n",
    ],
)
def test_links_are_found_in_any_usual_csv(text: str) -> None:
    assert [item.source for item in _items(text.encode())] == [f"{LINK}1", f"{LINK}2"]


def test_csv_as_old_spreadsheets_save_it_is_read() -> None:
    assert _items(f"name;link\nMüller;{LINK}1\n".encode("cp1252"))[0].source == f"{LINK}1"


def test_row_without_a_link_is_a_result_of_its_own() -> None:
    items = _items(f"name,link\nAmina,{LINK}1\nBen\nCarl,none\nDina,{LINK}2\n".encode())
    assert [bool(item.fault) for item in items] == [False, True, True, False]
    assert items[1] == Item(
        "Row 3", fault="This row holds no link.", number=3, beside={"name": "Ben"}
    )


def test_columns_beside_the_links_come_along_with_the_number_of_their_row() -> None:
    table = f'name,link,,name,mark\n"Amina, née Otieno",{LINK}1,x,Otieno,=1\n\nBen,{LINK}2\n'
    first, second = _items(table.encode())
    beside = {"name": "Amina, née Otieno", "name (column 4)": "Otieno", "mark": "=1"}
    assert (first.number, first.beside) == (2, beside)
    assert (second.number, second.beside) == (4, dict.fromkeys(beside, "") | {"name": "Ben"})
    assert _items(f"Amina,{LINK}1\n".encode())[0].beside == {}  # without headings, nobody's column


def test_columns_that_come_along_are_few_and_short() -> None:
    wide = ",".join(f"h{number}" + "y" * 200 for number in range(MOST_CELLS - 1))
    (item,) = _items(f"link,{wide}\n{LINK}1,\u202e{'x' * 500}\n".encode())
    assert len(item.beside) == MOST_BESIDE
    assert {len(heading) for heading in item.beside} == {LONGEST_BESIDE}
    assert next(iter(item.beside.values())) == "x" * (LONGEST_BESIDE - 1) + "…"


def test_quotation_mark_that_nobody_closes_swallows_no_row() -> None:
    items = _items(f'name,link\n"Amina,{LINK}1\nBen,{LINK}2\nCarl,{LINK}3\n'.encode())
    assert [item.source for item in items][1:] == [f"{LINK}2", f"{LINK}3"]


def test_row_is_as_wide_as_a_spreadsheet_makes_it() -> None:
    wide = ",".join(str(number) for number in range(MOST_CELLS - 1))
    items = _items(f"link,{wide}{',' * 2_000}\n{LINK}1,{wide}{',' * 2_000}\n".encode())
    assert [item.source for item in items] == [f"{LINK}1"]


@pytest.mark.parametrize("rows", [1, 990])
def test_row_of_more_cells_than_anybody_fills_is_refused_before_they_are_made(rows: int) -> None:
    cells = (LARGEST_FILE - 100) // rows // 3
    content = (f"{LINK}1" + "".join([",aa"] * (cells - 20)) + "\n").encode() * rows
    tracemalloc.start()
    with pytest.raises(Malformed, match="at most 100 cells; row 1 holds more"):
        opened(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 48 * 1_048_576  # the text, and Python's reader of lines with four bytes a letter


def test_row_over_many_lines_costs_no_more_than_another() -> None:
    content = f'"{LINK}1\n",' + ("aa," * 2_000 + '"\n",') * 800
    tracemalloc.start()
    items = _items(content.encode())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item.source for item in items if not item.fault] == [f"{LINK}1"]
    assert most < 48 * 1_048_576


def test_quotation_mark_that_nobody_closes_swallows_no_row_of_a_long_list() -> None:
    rows = "".join(f"Ben,{','.join('x' * 40)},{LINK}{number}\n" for number in range(900))
    items = _items(f'name,{"," * 39},link\n"Amina,{"," * 39},{LINK}0\n{rows}'.encode())
    assert [item.source for item in items][1:] == [f"{LINK}{number}" for number in range(900)]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"link\n", b"a,b\n1,2\n", b"\x00\x01\x02", b"link\n" + b"x\x00"],
)
def test_file_without_links_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        opened(content)


@pytest.mark.parametrize("line", [f"{LINK}1\n", "\n", '"\n', "\r"])
def test_more_rows_than_are_taken_are_refused(line: str) -> None:
    with pytest.raises(Malformed, match="holds more"):
        opened((line * (LARGEST_FILE // len(line)))[:LARGEST_FILE].encode())
    with pytest.raises(Malformed, match="holds more"):
        opened(f"{LINK}1\n".encode() * (MOST_ITEMS + 1))


def test_every_member_of_a_zip_is_an_item() -> None:
    items = _items(_zip(("a.json", b"{}"), ("folder/b.png", b"x"), ("folder/", b"")))
    assert items == [Item("a.json", b"{}", number=1), Item("folder/b.png", b"x", number=2)]


def test_member_without_a_name_is_an_item_that_stops_no_other() -> None:
    content = bytearray(_zip(("abc", b"1"), ("b", b"2")))
    entry = content.index(b"PK\x01\x02")
    content[entry + 28], content[entry + 30] = 0, 3  # its three letters are not its name any more
    items = _items(bytes(content))
    assert items[0].name == "A file without a name"
    assert items[1] == Item("b", b"2", number=2)


def test_files_that_systems_add_are_left_out() -> None:
    items = _items(_zip(("__MACOSX/._a", b"1"), (".DS_Store", b"2"), ("a", b"3")))
    assert [item.name for item in items] == ["a"]


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    deep = f"anna/{'x/' * 200}badge.json"
    items = _items(_zip(("anna/badge.json", b"1"), ("ben/badge.json", b"2"), (deep, b"3")))
    assert [item.name for item in items[:2]] == ["anna/badge.json", "ben/badge.json"]
    assert items[2].name.startswith("anna/x/")
    assert items[2].name.endswith("/badge.json")
    assert len(items[2].name) == LONGEST_NAME


def test_names_that_lead_elsewhere_are_names_only() -> None:
    members = ("../../etc/passwd", "a\\b\x1b[2J", "/.\u202e./\u202egpj", "\u202e")
    names = [item.name for item in _items(_zip(*[(name, b"1") for name in members]))]
    assert names == ["etc/passwd", "a/b[2J", "gpj", "A file without a name"]


def test_bomb_is_not_unpacked() -> None:
    bomb = _zip(*[(f"{number}", bytes(LARGEST_IMAGE + 1)) for number in range(8)])
    assert len(bomb) < LARGEST_FILE
    tracemalloc.start()
    items = _items(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert all("larger than" in item.fault for item in items)
    assert most < 1_048_576


def test_member_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    honest = _zip(("a", bytes(50 * 1_048_576)))
    lying = honest.replace(struct.pack("<L", 50 * 1_048_576), struct.pack("<L", 1_000))
    (item,) = _items(lying)
    assert (item.fault, item.source) == ("It is broken inside the ZIP.", b"")


def test_members_together_are_bounded() -> None:
    size = LARGEST_IMAGE
    most = LARGEST_TOGETHER // size
    items = _items(_zip(*[(str(number), bytes(size)) for number in range(most + 2)]))
    assert [bool(item.fault) for item in items] == [False] * most + [True] * 2


def test_more_members_than_are_taken_are_refused() -> None:
    with pytest.raises(Malformed, match="this one holds 1,001"):
        opened(_zip(*[(str(number), b"") for number in range(MOST_ITEMS + 1)]))
    with pytest.raises(Malformed, match="this one holds more"):
        opened(_zip(*[("x" * 300 + str(number), b"") for number in range(4_000)]))


def test_broken_locked_and_strange_members_stop_no_other() -> None:
    whole = _zip(("good", b"1"), ("torn", b"2" * 100), ("last", b"3"), method=zipfile.ZIP_STORED)
    torn = whole.replace(b"2" * 100, b"2" * 99 + b"!")
    assert [item.fault for item in _items(torn)] == ["", "It is broken inside the ZIP.", ""]
    locked = bytearray(_zip(("locked", b"1")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    assert _items(bytes(locked))[0].fault == "It is locked with a password."
    packed = _zip(("lzma", b"1"), method=zipfile.ZIP_LZMA)
    assert _items(packed)[0].fault == "It is packed in a way that is not read here."


@pytest.mark.parametrize("cut", [4, 30, 60, 100, -1, -10])
def test_zip_that_is_cut_off_is_refused(cut: int) -> None:
    content = _zip(("a", b"1" * 50), ("b", zlib.compress(b"2" * 50)))[:cut]
    with pytest.raises(Malformed, match="cut off"):
        opened(content)


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(Malformed, match="larger than"):
        opened(b"x" * (LARGEST_FILE + 1))
