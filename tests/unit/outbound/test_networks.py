"""Addresses that a webhook may reach, and those it never does."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.outbound.networks import is_allowed, is_public

PUBLIC = """
    8.8.8.8 1.1.1.1 93.184.215.14 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.0 198.17.255.255
    198.20.0.0 223.255.255.255 11.0.0.0 9.255.255.255 169.253.255.255 169.255.0.0 192.167.255.255 192.169.0.0
    2606:4700::1111 2001:4860:4860::8888 2a00:1450::1 2400:cb00::1 2003::1
""".split()

PRIVATE = {
    "unspecified": "0.0.0.0 0.1.2.3 ::",
    "private": "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255 fc00::1 fd12:3456::1",
    "loopback": "127.0.0.1 127.255.255.255 ::1",
    "link-local": "169.254.0.1 169.254.255.255 fe80::1 febf::1",
    "site-local": "fec0::1",
    "metadata": "169.254.169.254 169.254.170.2 168.63.129.16 100.100.100.200 192.0.0.192 fd00:ec2::254 fd20:ce::254",
    "carrier-grade NAT": "100.64.0.0 100.127.255.255",
    "multicast": "224.0.0.1 239.255.255.255 ff02::1 ff0e::1",
    "reserved": "240.0.0.1 255.255.255.254 4000::1 ::2 100::1 5f00::1",
    "broadcast": "255.255.255.255",
    "documentation": "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1",
    "benchmark": "198.18.0.1 198.19.255.255 2001:2::1",
    "protocol assignments": "192.0.0.1 192.0.0.9 192.0.0.170 2001::1 2001:10::1 2001:20::1",
    "NAT64": "64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1",
    "6to4": "192.88.99.1 2002:7f00:1:: 2002:808:808::1",
    "Teredo": "2001:0:4136:e378::1",
    "IPv4-mapped": "::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8",
    "IPv4-compatible": "::127.0.0.1 ::8.8.8.8",
    "AS112": "192.31.196.1 192.175.48.1 2620:4f:8000::1",
    "6bone": "3ffe::1",
}
BOTH = st.ip_addresses()


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_reached(address):
    assert is_allowed(ip_address(address))


@pytest.mark.parametrize(
    ("kind", "address"), [(kind, address) for kind, row in PRIVATE.items() for address in row.split()]
)
def test_no_other_address_is_reached(kind, address):
    assert not is_allowed(ip_address(address)), kind


@given(BOTH)
def test_a_public_address_has_no_other_use(address):
    if is_public(address):
        assert address.is_global
        uses = (address.is_multicast, address.is_reserved, address.is_private, address.is_link_local)
        assert not any(uses)


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "::", "64:ff9b::", "64:ff9b:1::", "::ffff:0:0:0"]))
def test_an_ipv4_address_within_ipv6_is_never_reached(inner, prefix):
    assert not is_allowed(IPv6Address(int(IPv6Address(prefix)) | int(inner)))
    assert not is_allowed(IPv6Address((0x2002 << 112) | (int(inner) << 80)))


@given(BOTH)
def test_locally_loopback_is_reached_as_well(address):
    assert is_allowed(address, local=True) == (is_public(address) or address.is_loopback)


@pytest.mark.parametrize("address", [IPv4Address("127.0.0.1"), IPv6Address("::1")])
def test_loopback_is_reached_locally_only(address):
    assert is_allowed(address, local=True)
    assert not is_allowed(address)
