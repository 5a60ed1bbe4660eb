"""Server-side request forgery by the text of a URL and by the addresses of its name."""

import pytest
from payloads import PRIVATE_ADDRESSES, REFUSED_URLS

from service.addresses import Target, is_public, target
from vc.errors import Unavailable


@pytest.mark.parametrize("url", REFUSED_URLS.values(), ids=REFUSED_URLS)
def test_a_url_that_is_not_plainly_a_public_web_server_is_refused(url: str) -> None:
    with pytest.raises(Unavailable) as refusal:
        target(url)
    assert refusal.value.code == "address-refused"
    assert refusal.value.sentence.isascii()
    assert refusal.value.sentence.isprintable()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/did.json", Target("example.org", "/did.json")),
        ("https://Example.ORG", Target("example.org", "/")),
        ("https://example.org:443/a?b=c&d=%20", Target("example.org", "/a?b=c&d=%20")),
        ("https://xn--bcher-kva.example.com/", Target("xn--bcher-kva.example.com", "/")),
        ("https://a.xn--p1ai/", Target("a.xn--p1ai", "/")),
        ("https://1.example.org/", Target("1.example.org", "/")),
    ],
)
def test_a_public_web_server_is_let_through(url: str, expected: Target) -> None:
    assert target(url) == expected


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_an_address_with_a_special_purpose_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2001:4860::8888"]
)
def test_an_ordinary_address_is_public(address: str) -> None:
    assert is_public(address)
