"""Base encodings: one spelling for each value, and nothing else taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vc import encoding
from vc.errors import Malformed


@given(st.binary(max_size=80))
def test_base58_gives_back_what_it_took(content: bytes) -> None:
    assert encoding.base58btc_decode(encoding.base58btc_encode(content)) == content


@given(st.binary(max_size=80))
def test_base64url_gives_back_what_it_took(content: bytes) -> None:
    assert encoding.base64url_decode(encoding.base64url_encode(content)) == content


@pytest.mark.parametrize("text", ["AB==", "A", "A+", "AB", "A B"])
def test_base64url_that_is_padded_foreign_or_loose_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        encoding.base64url_decode(text)


@pytest.mark.parametrize("text", ["0OIl", "z" * 513])
def test_base58_with_foreign_characters_or_of_any_length_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        encoding.base58btc_decode(text)
