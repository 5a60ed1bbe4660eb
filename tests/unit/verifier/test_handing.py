"""What people hand over: told apart before anything is judged."""

import json
from typing import Any

import pytest
from campus import Campus

from vc.errors import Malformed, Unavailable
from vc.fetch import LARGEST_LIST
from verifier.bulk.remembering import MOST_REMEMBERED, Remembering
from verifier.checked import domain_of
from verifier.handing import MOST_AT_ONCE, Handed, address_in, bounded, in_file, in_text, several_in


@pytest.mark.parametrize("text", ["{", "{\n}\n", "one two", "a.b", "https://a.example b", "x\ny"])
def test_text_is_one_thing_unless_a_line_of_several_is_an_address_or_a_token(text: str) -> None:
    assert in_text(text) == [Handed("What was pasted", text)]


def test_lines_of_addresses_and_tokens_are_one_thing_each() -> None:
    found = in_text("https://a.example/1\n\n  aa.bb.cc \r\nhttps://a.example/2")
    assert [one.source for one in found] == [
        "https://a.example/1", "aa.bb.cc", "https://a.example/2",
    ]  # fmt: skip
    assert [one.name for one in found] == ["https://a.example/1", "Line 2", "https://a.example/2"]


def test_line_that_is_neither_stops_none_of_the_lines_that_are() -> None:
    found = in_text("https://a.example/1\nnonsense\n")
    assert [(one.name, one.source) for one in found] == [
        ("https://a.example/1", "https://a.example/1"),
        ("Line 2", "nonsense"),
    ]
    document = '{\n"a":\n"https://a.example/1"\n}\nhttps://a.example/1'
    assert len(in_text(document)) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.json", "a.json"),
        ("C:\\fake\\b.png", "b.png"),
        ("../../etc/passwd", "passwd"),
        ("\x1b[2J\u202egnp.exe", "[2Jgnp.exe"),
        ("", "A file without a name"),
        ("x" * 500, "x" * 120),
    ],
)
def test_file_is_called_by_its_own_name_as_far_as_it_can_be_shown(name: str, shown: str) -> None:
    assert in_file(name, b"").name == shown


def test_no_more_than_fits_one_answer() -> None:
    few = [Handed("x", "")] * MOST_AT_ONCE
    assert bounded(few) == few
    many = in_text("https://a.example\n" * 100_000)
    assert len(many) == MOST_AT_ONCE + 1
    with pytest.raises(Malformed) as refusal:
        bounded(many)
    assert refusal.value.place == "file"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        (" https://a.example/x \n", "https://a.example/x"),
        (b"http://a.example", "http://a.example"),
        ("https://a.example/x y", ""),
        ("{}", ""),
        ({}, ""),
        (b"\xff\xfe", ""),
    ],
)
def test_address_stands_alone(source: Any, address: str) -> None:
    assert address_in(source) == address


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ('{"credentials": [{}, "a.b.c", 7]}', 3),
        (b'{"credentials": []}', 0),
        ('{"credentials": {}}', 0),
        ('{"credentials": [{}], "id": "x"}', 0),
        ('[{"credentials": [{}]}]', 0),
        ('{"credentials": [{}], "credentials": []}', 0),
        ({"credentials": [{}]}, 0),
        ("hello", 0),
    ],
)
def test_list_of_credentials_is_nothing_but_that(content: Any, count: int) -> None:
    assert len(several_in(content)) == count


@pytest.mark.parametrize(
    ("issuer", "domain"),
    [
        ("did:web:issuer.example", "issuer.example"),
        ("did:web:issuer.example%3A8443:a:b", "issuer.example:8443"),
        ("did:web:xn--ssuer-q9a.example", "xn--ssuer-q9a.example"),
        ("https://issuer.example/profile", "issuer.example"),
        ("https://university.example@evil.example/", ""),
        ("https://[::1]/", ""),
        ("did:key:z6Mk", ""),
        ("urn:uuid:1", ""),
    ],
)
def test_domain_is_the_host_and_nothing_that_looks_like_one(issuer: str, domain: str) -> None:
    assert domain_of(issuer) == domain


def test_documents_are_remembered_as_long_as_they_are_among_the_last() -> None:
    library = Campus().library
    fetcher = Remembering(library)
    key = "https://issuer.example/.well-known/did.json"
    for _ in range(3):
        fetcher.get(key, accept="")
        with pytest.raises(Unavailable):
            fetcher.get("https://nowhere.example", accept="")
    assert library.asked == [key, "https://nowhere.example"]
    for number in range(MOST_REMEMBERED):
        with pytest.raises(Unavailable):
            fetcher.get(f"https://nowhere.example/{number}", accept="")
    fetcher.get(key, accept="")
    assert library.asked.count(key) == 2


def test_a_share_link_of_a_hundred_judged_badges_is_taken_apart() -> None:
    badge = Campus().judged_badge(12)
    listed = json.dumps({"credentials": [badge] * 100})
    assert 1_048_576 < len(listed) < LARGEST_LIST
    assert several_in(listed) == [badge] * 100
    assert several_in(f'{{"credentials": ["{"x" * LARGEST_LIST}"]}}') == []
