"""Names of receivers: one look-up, and every address must be public."""

import socket

import pytest

from tributary.outbound.guard import RefusedAddress, Unresolved, public_addresses, resolved

PUBLIC, PUBLIC_TOO, PUBLIC_IPV6 = "93.184.215.14", "8.8.8.8", "2606:4700::1111"


def addresses_of(*texts: str, local: bool = False) -> list[str]:
    return [str(it) for it in public_addresses("hooks.example.org", 443, local, resolve=lambda *_: texts)]


def test_ipv4_comes_first_and_each_address_once():
    found = addresses_of(PUBLIC_IPV6, PUBLIC, PUBLIC_IPV6, PUBLIC_TOO, PUBLIC)

    assert found == [PUBLIC, PUBLIC_TOO, PUBLIC_IPV6]


@pytest.mark.parametrize(
    "private", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "::ffff:8.8.8.8", "fe80::1%eth0"]
)
def test_one_private_record_among_public_ones_refuses_the_name(private):
    for records in ([private], [PUBLIC, private], [private, PUBLIC], [PUBLIC, PUBLIC_IPV6, private]):
        with pytest.raises(RefusedAddress):
            addresses_of(*records)


def test_locally_loopback_is_fine_and_private_is_not():
    assert addresses_of("::1", "127.0.0.1", local=True) == ["127.0.0.1", "::1"]
    with pytest.raises(RefusedAddress):
        addresses_of("127.0.0.1", "10.0.0.1", local=True)


def test_a_name_is_looked_up_once():
    asked = []

    public_addresses("hooks.example.org", 443, resolve=lambda *name: asked.append(name) or [PUBLIC])

    assert asked == [("hooks.example.org", 443)]


@pytest.mark.parametrize("error", [socket.gaierror(-2), TimeoutError(), UnicodeError()])
def test_a_name_without_an_answer_is_unresolved(error):
    def fail(*_):
        raise error

    with pytest.raises(Unresolved):
        public_addresses("hooks.example.org", 443, resolve=fail)


def test_a_name_without_addresses_is_unresolved():
    with pytest.raises(Unresolved):
        addresses_of()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", PUBLIC, PUBLIC_IPV6])
def test_an_address_resolves_to_itself(address):
    assert resolved(address, 443) == [address]
