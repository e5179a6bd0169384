"""URLs of receivers: a single strict form is taken."""

import http.client
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.outbound import targets
from tributary.outbound.guard import refused_url

TAKEN = {
    "https://example.org": ("example.org", 443, "/"),
    "https://example.org:443/a/b?c=d&e": ("example.org", 443, "/a/b?c=d&e"),
    "https://example.org?c=d": ("example.org", 443, "/?c=d"),
    "HTTPS://Hooks.EXAMPLE.org/A": ("hooks.example.org", 443, "/A"),
    "https://my_shop.example.org/": ("my_shop.example.org", 443, "/"),
    "https://bücher.example.org/": ("xn--bcher-kva.example.org", 443, "/"),
    "https://BÜCHER.example.org/": ("xn--bcher-kva.example.org", 443, "/"),
    "https://xn--bcher-kva.example.org/": ("xn--bcher-kva.example.org", 443, "/"),
    "https://例え.jp/": ("xn--r8jz45g.jp", 443, "/"),
    "https://ｅｘａｍｐｌｅ。ｏｒｇ/": ("example.org", 443, "/"),
    "https://1.example.org/": ("1.example.org", 443, "/"),
    "https://8.8.8.8/": ("8.8.8.8", 443, "/"),
    "https://[2606:4700:0:0::1111]/": ("2606:4700::1111", 443, "/"),
    "https://example.org/%C3%BC?x=%23": ("example.org", 443, "/%C3%BC?x=%23"),
}

REFUSED = {
    "too_long": ["https://example.org/" + "a" * 2048],
    "characters": [
        "https://example.org/a b",
        " https://example.org/",
        "https://example.org/\n",
        "https://exam\tple.org/",
        "https://example.org/\x7f",
        "https://example.org\\@10.0.0.1/",
        "https://example.org/ü",
        "https://example.org/?ü",
        'https://example.org/"',
    ],
    "scheme": [
        "",
        "//example.org",
        "example.org",
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
    ],
    "userinfo": [
        "https://user@example.org/",
        "https://user:pass@example.org/",
        "https://@example.org/",
        "https://example.org@10.0.0.1/",
        "https://example.org:443@10.0.0.1/",
        "https://a%40b@example.org/",
    ],
    "fragment": ["https://example.org/#a", "https://example.org/#", "https://example.org#@10.0.0.1/"],
    "host": [
        "https://",
        "https:///a",
        "https://:443/",
        "https:example.org",
        "https://.example.org/",
        "https://example..org/",
        "https://-example.org/",
        "https://example-.org/",
        "https://exa%6Dple.org/",
        "https://%31%32%37.0.0.1/",
        "https://exa$mple.org/",
        "https://example.org,10.0.0.1/",
        "https://[::1/",
        "https://[example.org]/",
        "https://[2606:4700::1111]x/",
        "https://example.org[2606:4700::1111]/",
        "https://[2606:4700::1111].example.org/",
        "https://exa\ud800mple.org/",
        "https://faß.example.org/",
        "https://βόλος.example.org/",
        "https://" + "a" * 64 + ".org/",
        "https://" + "a." * 126 + "org/",
        "https://" + "ü." * 100 + "org/",
        "https://a\u200db.example.org/",
        "https://a\ufeff\u00ad.example.org\u2028/",
        "https://example.org℀/",
    ],
    "trailing_dot": ["https://example.org./", "https://example.org。/", "https://10.0.0.1./", "https://localhost./"],
    "odd_address": [
        "https://[2606:4700::1111%x]/",
        "https://[2606:4700::1111%25eth0]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.1/",
        "https://127.0.1/",
        "https://8.8.8.08/",
        "https://8.8.8.256/",
        "https://1.2.3.4.5/",
        "https://example.0x/",
        "https://example.1/",
        "https://１２７.０.０.１/",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://8.8.8.８/",
    ],
    "private_address": [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:8.8.8.8]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fd00:ec2::254]/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://ｌocalhost/",
        "https://a.localhost/",
        "https://intranet/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://router.home.arpa/",
    ],
    "port": [
        "https://example.org:80/",
        "https://example.org:0/",
        "https://example.org:22/",
        "https://example.org:8443/",
        "https://example.org:65536/",
        "https://example.org:x/",
        "https://example.org:-1/",
        "https://example.org:４４３/",
        "https://[2606:4700::1111]:444/",
    ],
}  # fmt: skip


@pytest.mark.parametrize("url", TAKEN)
def test_a_good_url_is_taken(url):
    target = targets.read(url)

    assert (target.host, target.port, target.path) == TAKEN[url]
    assert refused_url(url) is None


@pytest.mark.parametrize(("reason", "url"), [(reason, url) for reason, urls in REFUSED.items() for url in urls])
def test_a_url_is_refused_by_a_named_reason(reason, url):
    assert refused_url(url) == reason


@pytest.mark.parametrize(("url", "authority"), [
    ("https://example.org:443/", "example.org"),
    ("https://example.org:8443/", "example.org:8443"),
    ("http://localhost/", "localhost"),
    ("http://localhost:443/", "localhost:443"),
    ("https://[2606:4700::1111]:8443/", "[2606:4700::1111]:8443"),
])  # fmt: skip
def test_host_header(url, authority):
    assert targets.read(url, local=True).authority == authority


@pytest.mark.parametrize("url", [
    "http://127.0.0.1:4600/", "http://localhost:4600/hooks", "https://localhost/", "http://[::1]:1/", "http://shop:80/",
    "http://example.org/",
])  # fmt: skip
def test_locally_loopback_plain_http_and_any_port_are_taken(url):
    assert refused_url(url, local=True) is None


@pytest.mark.parametrize(("url", "reason"), [
    ("http://10.0.0.1/", "private_address"),
    ("http://169.254.169.254/", "private_address"),
    ("http://127.1/", "odd_address"),
    ("http://a@localhost/", "userinfo"),
    ("http://localhost/#", "fragment"),
    ("http://localhost:0/", "port"),
    ("ftp://localhost/", "scheme"),
])  # fmt: skip
def test_locally_all_else_is_refused_still(url, reason):
    assert refused_url(url, local=True) == reason


def test_further_ports_are_taken_where_the_stack_states_them(monkeypatch):
    monkeypatch.setenv("WEBHOOK_PORTS", "443,8443")

    assert refused_url("https://example.org:8443/") is None
    assert refused_url("https://example.org:8444/") == "port"


CONTEXT = ssl.create_default_context()
PIECES = st.lists(
    st.sampled_from("https:// http:// example .org : 443 80 / ? # @ [ ] % \\ 127.0.0.1 ::1 . - ü ß xn-- 0x7f".split())
    | st.text(st.characters(), max_size=3),
    max_size=12,
)


@given(PIECES.map("".join) | PIECES.map(lambda it: "https://" + "".join(it)), st.booleans())
def test_whatever_the_text_a_taken_url_can_be_sent(url, local):
    if refused_url(url, local) is None:
        target = targets.read(url, local)
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.putrequest("POST", target.path, skip_host=True)
        connection.putheader("Host", target.authority)
        CONTEXT.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=target.host)
        again = targets.read(f"{target.scheme}://{target.authority}{target.path}", local)
        assert again == target
