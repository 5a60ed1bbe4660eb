"""Server-side request forgery by the text of a URL and by the addresses of its name."""

import pytest

from service.addresses import Target, is_public, target
from vc.errors import Unavailable

REFUSED_URLS = {
    "plain http": "http://example.org/did.json",
    "file": "file:///etc/passwd",
    "gopher": "gopher://example.org/",
    "ftp": "ftp://example.org/a",
    "data": "data:application/json,{}",
    "jar": "jar:https://example.org!/",
    "no scheme": "//example.org/did.json",
    "capital scheme": "HTTPS://example.org/",
    "localhost": "https://localhost/",
    "localhost with port": "https://localhost:443/",
    "name under localhost": "https://a.localhost/",
    "localhost with dot": "https://localhost./",
    "dotted loopback": "https://127.0.0.1/",
    "loopback as a decimal number": "https://2130706433/",
    "loopback in hexadecimal": "https://0x7f000001/",
    "loopback in dotted hexadecimal": "https://0x7f.0x0.0x0.0x1/",
    "loopback in octal": "https://0177.0.0.1/",
    "short loopback": "https://127.1/",
    "zero": "https://0/",
    "v6 loopback": "https://[::1]/",
    "v6 any": "https://[::]/",
    "v6 mapped": "https://[::ffff:127.0.0.1]/",
    "v6 mapped in hexadecimal": "https://[::ffff:7f00:1]/",
    "v6 compatible": "https://[::127.0.0.1]/",
    "NAT64": "https://[64:ff9b::7f00:1]/",
    "6to4": "https://[2002:7f00:1::]/",
    "link-local with zone": "https://[fe80::1%25eth0]/",
    "unique local metadata": "https://[fd00:ec2::254]/",
    "cloud metadata": "https://169.254.169.254/latest/meta-data/",
    "cloud metadata by name": "https://metadata.google.internal/",
    "Alibaba metadata": "https://100.100.100.200/",
    "private network": "https://10.0.0.1/",
    "user info": "https://example.org@127.0.0.1/",
    "user info before a public name": "https://user:pass@example.org/",
    "fragment": "https://example.org/#@127.0.0.1",
    "fragment before the path": "https://example.org#@127.0.0.1/",
    "backslash": "https://example.org\\@127.0.0.1/",
    "backslash in the path": "https://example.org/\\127.0.0.1",
    "escaped slash in the host": "https://example.org%2f@127.0.0.1/",
    "escaped host": "https://%6cocalhost/",
    "circled digits": "https://①②⑦.⓪.⓪.①/",
    "full-width letter": "https://\uff4cocalhost/",
    "ideographic full stop": "https://127。0。0。1/",
    "ssh port": "https://example.org:22/",
    "redis port": "https://example.org:6379/",
    "port zero": "https://example.org:0/",
    "port with a sign": "https://example.org:+443/",
    "line break": "https://example.org/\r\nHost: 127.0.0.1",
    "tab": "https://exa\tmple.org/",
    "space in front": " https://example.org/",
    "one slash": "https:/example.org/",
    "three slashes": "https:///example.org/",
    "no host": "https://",
    "one label": "https://intranet/",
    "numeric last label": "https://example.123/",
    "hexadecimal last label": "https://example.0x7f/",
    "underscore": "https://a_b.example.org/",
    "label that begins with a hyphen": "https://-a.example.org/",
    "empty label": "https://example..org/",
    "mDNS": "https://printer.local/",
    "onion": "https://abcdefgh.onion/",
    "reverse lookup": "https://1.0.0.127.in-addr.arpa/",
    "query right after the host": "https://example.org?a=https://example.com/",
    "too long": "https://example.org/" + "a" * 2048,
}

PRIVATE_ADDRESSES = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:4700::1111%eth0", "fec0::1",
    "ff02::1", "not an address", "",
]  # fmt: skip


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
