"""The strict reader of CBOR: what it takes, and all that a general reader would take besides."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vc import cbor
from vc.errors import Malformed


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("190100", 256),
        ("1a00010000", 65_536),
        ("1b0000000100000000", 4_294_967_296),
        ("4401020304", b"\x01\x02\x03\x04"),
        ("6449455446", "IETF"),
        ("83010203", [1, 2, 3]),
        ("a201020304", {1: 2, 3: 4}),
        ("80", []),
        ("a0", {}),
    ],
)
def test_examples_of_the_standard_are_read(content: str, value: object) -> None:
    assert cbor.decode(bytes.fromhex(content)) == value
    assert cbor.encode(value) == bytes.fromhex(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="nothing"),
        pytest.param("0000", id="two values"),
        pytest.param("1817", id="not the shortest number"),
        pytest.param("190017", id="not the shortest, two bytes"),
        pytest.param("20", id="negative"),
        pytest.param("c074323031332d30332d32315432303a30343a30305a", id="a tag"),
        pytest.param("d81843010203", id="a tag of embedded CBOR"),
        pytest.param("f4", id="false"),
        pytest.param("f6", id="null"),
        pytest.param("f97e00", id="a float"),
        pytest.param("5f42010243030405ff", id="bytes without a length"),
        pytest.param("9fff", id="an array without a length"),
        pytest.param("bf00ff", id="a map without a length"),
        pytest.param("44010203", id="cut off"),
        pytest.param("1a0001", id="cut off within a number"),
        pytest.param("a2010201ff", id="a key twice"),
        pytest.param("a24101024101", id="a key of bytes"),
        pytest.param("61ff", id="no UTF-8"),
        pytest.param("818181818100", id="deep"),
        pytest.param("9b7fffffffffffffff", id="a huge array"),
        pytest.param("5b7fffffffffffffff", id="huge bytes"),
        pytest.param("1c", id="reserved"),
    ],
)
def test_everything_else_is_refused(content: str) -> None:
    with pytest.raises(Malformed):
        cbor.decode(bytes.fromhex(content))


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_value_or_a_refusal(content: bytes) -> None:
    with contextlib.suppress(Malformed):
        cbor.decode(content)


_LEAVES = st.integers(0, 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=300)
_KEYS = st.integers(0, 2**64 - 1) | st.text(max_size=10)


@given(_LEAVES | st.lists(_LEAVES | st.lists(_LEAVES)) | st.dictionaries(_KEYS, _LEAVES))
def test_what_is_written_is_read_back(value: object) -> None:
    assert cbor.decode(cbor.encode(value)) == value


@pytest.mark.parametrize("value", [True, None, 1.5, object()])
def test_other_values_are_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        cbor.encode(value)


@pytest.mark.parametrize("value", [-1, 2**64])
def test_numbers_without_a_form_are_not_written(value: int) -> None:
    with pytest.raises(ValueError, match="number"):
        cbor.encode(value)
