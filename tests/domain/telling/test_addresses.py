"""To which URLs and addresses webhooks may go."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.telling.addresses import LONGEST_URL, Target, is_allowed, target

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:80b::200e"]
CARRYING_PUBLIC = ["::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"]
INSIDE = {
    "this": ["0.0.0.1", "::"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"],
    "link-local": ["169.254.0.1", "fe80::1", "169.254.100.1"],
    "metadata": ["169.254.169.254", "169.254.170.2", "fd00:ec2::254"],
    "carrier-grade NAT": ["100.64.0.1", "100.127.255.254"],
    "multicast": ["224.0.0.1", "239.255.255.250", "232.1.1.1", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "4000::1"],
    "documentation, Teredo, discard": ["2001:db8::1", "2001:0:7f00:1::1", "100::1", "fec0::1", "5f00::1"],
    "IPv4 inside": ["::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"],
    "6to4": ["2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b:1::1", "::ffff:0:127.0.0.1"],
}
HOOK = "https://hooks.example.com/takip"


@pytest.mark.parametrize("address", PUBLIC + CARRYING_PUBLIC)
def test_public_addresses_are_allowed_everywhere(address: str) -> None:
    assert is_allowed(ip_address(address), local=False)
    assert is_allowed(ip_address(address), local=True)


@pytest.mark.parametrize("address", [each for addresses in INSIDE.values() for each in addresses])
def test_no_other_address_is_allowed(address: str) -> None:
    assert not is_allowed(ip_address(address), local=False)


@pytest.mark.parametrize("address", [each for addresses in INSIDE.values() for each in addresses])
def test_the_local_environment_allows_the_computer_itself_and_nothing_else(address: str) -> None:
    own = address == "::1" or address.startswith(("127.", "::ffff:127.", "64:ff9b::7f00:", "2002:7f00:"))
    assert is_allowed(ip_address(address), local=True) == own


@given(st.ip_addresses(v=4))
def test_an_address_that_carries_another_is_judged_by_that_one(address: object) -> None:
    plain = ip_address(str(address))
    carried = [f"::ffff:{plain}", f"64:ff9b::{plain}", f"2002:{int(plain) >> 16:x}:{int(plain) & 0xFFFF:x}::1"]
    assert {is_allowed(ip_address(each), local=False) for each in carried} == {is_allowed(plain, local=False)}


@pytest.mark.parametrize(
    ("url", "host", "header", "port", "path"),
    [
        (HOOK, "hooks.example.com", "hooks.example.com", 443, "/takip"),
        ("HTTPS://Hooks.Example.COM", "hooks.example.com", "hooks.example.com", 443, "/"),
        (
            "https://hooks.example.com:8443?a=%20",
            "hooks.example.com",
            "hooks.example.com:8443",
            8443,
            "/?a=%20",
        ),
        ("https://xn--retm-1qa.example.xn--p1ai/x", "xn--retm-1qa.example.xn--p1ai", None, 443, "/x"),
        ("https://93.184.216.34/x", "93.184.216.34", "93.184.216.34", 443, "/x"),
        ("https://[2606:4700::1111]:8443/x", "2606:4700::1111", "[2606:4700::1111]:8443", 8443, "/x"),
        ("https://hooks.example.com/@a:b//c", "hooks.example.com", None, 443, "/@a:b//c"),
    ],
)
def test_a_url_leads_to_a_port_of_a_host(url: str, host: str, header: str | None, port: int, path: str) -> None:
    found = target(url, local=False)
    assert found == Target(secure=True, host=host, port=port, path=path)
    assert found.host_header == (header or host)


REFUSED = {
    "http": ["http://hooks.example.com/", "ftp://hooks.example.com/", "//hooks.example.com/", "hooks.example.com", ""],
    "userinfo": ["https://user@hooks.example.com/", "https://a:b@hooks.example.com/", "https://x@127.0.0.1/"],
    "fragment": ["https://hooks.example.com/\x23", "https://hooks.example.com/\x23a"],
    "letters": ["https://höök.example.com/", "https://hooks.example.com/ü", "https://example。com/"],
    "blanks": ["https://hooks.example.com/ x", " https://hooks.example.com/", "https://hooks.example.com/\r\nX: y"],
    "controls": ["https://hooks.example.com/\t", "https://hooks.example.com/\x00", "https://hooks.example.com/\x7f"],
    "length": [f"https://hooks.example.com/{'x' * LONGEST_URL}"],
    "host": ["https:///x", "https://", "https://.com/", "https://a..example.com/", "https://-a.example.com/"],
    "dot": ["https://hooks.example.com./", "https://localhost./", "https://127.0.0.1./"],
    "own names": [
        "https://localhost/",
        "https://a.localhost/",
        "https://x.local/",
        "https://metadata.google.internal/",
    ],
    "IPv4 forms": ["https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/"],
    "more forms": ["https://0x7f.0.0.1/", "https://1.2.3.4.5/", "https://127.0.0.0x1/", "https://a.0x1/"],
    "IPv6 forms": ["https://[::1]/", "https://[fe80::1%25eth0]/", "https://[2606:4700::1111%1]/", "https://[::1/"],
    "inside": ["https://127.0.0.1/", "https://169.254.169.254/", "https://[::ffff:10.0.0.1]/", "https://[v1.a]/"],
    "ports": ["https://hooks.example.com:25/", "https://hooks.example.com:80/", "https://hooks.example.com:0/"],
    "no ports": ["https://hooks.example.com:65536/", "https://hooks.example.com:x/", "https://hooks.example.com:-1/"],
    "slashes": ["https://hooks.example.com\\@127.0.0.1/", "https:\\\\hooks.example.com", "https:/hooks.example.com"],
    "odd": ["https://hooks_1.example.com/", "https://hooks.example.com%2f/", "https://%31.example.com/"],
}


@pytest.mark.parametrize("url", [each for urls in REFUSED.values() for each in urls])
def test_no_other_url_is_taken(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        target(url, local=False)


def test_the_local_environment_takes_http_and_any_port() -> None:
    assert target("http://127.0.0.1:80", local=True) == Target(secure=False, host="127.0.0.1", port=80, path="/")
    assert target("http://localhost/", local=True).host_header == "localhost"
    assert target("http://[::1]:25/", local=True).host_header == "[::1]:25"
    for url in ("http://10.0.0.1/", "http://169.254.169.254/", "http://user@localhost/", "gopher://localhost/"):
        with pytest.raises(ValueError, match=r"^must "):
            target(url, local=True)
