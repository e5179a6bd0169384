import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain import ids

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_an_id_is_the_leading_53_bits_of_sha_256_over_a_json_array():
    import hashlib

    digest = hashlib.sha256('["demo","transaction","wc","Ü-1"]'.encode()).hexdigest()

    assert ids.cause_id("demo", "transaction", "wc", "Ü-1") == int(digest[:16], 16) >> 11


@given(TEXT, TEXT, TEXT)
def test_every_client_can_represent_an_id(organization: str, source: str, external_id: str):
    chain = list(itertools.islice(ids.transaction_ids(organization, source, external_id), 3))

    assert all(0 < transaction_id < 2**53 for transaction_id in chain)
    assert chain[0] == ids.cause_id(organization, "transaction", source, external_id)


@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(TEXT, min_size=1, max_size=4))
def test_two_causes_share_an_id_only_if_they_are_equal(one: list[str], other: list[str]):
    assert (ids.cause_id(*one) == ids.cause_id(*other)) == (one == other)


def test_parts_that_merely_join_alike_are_different_causes():
    assert ids.cause_id("a", "b#c") != ids.cause_id("a#b", "c")
    assert ids.cause_id("1") != ids.cause_id(1)
    assert ids.text_digest("a", "bc") != ids.text_digest("ab", "c")


def test_a_probe_chain_of_four_bits_visits_every_id_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ids, "BITS", 4)

    chains = [list(ids.transaction_ids("demo", "wc", str(number))) for number in range(40)]

    assert {chain[0] for chain in chains} > {1, 15}
    assert all(sorted(chain) == list(range(1, 16)) for chain in chains)


def test_a_probe_chain_counts_up_and_wraps_around(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ids, "BITS", 4)
    monkeypatch.setattr(ids, "cause_id", lambda *_: 14)

    chain = list(ids.transaction_ids("demo", "wc", "1"))

    assert chain[:4] == [14, 15, 1, 2]


def test_a_probe_chain_ends(monkeypatch: pytest.MonkeyPatch):
    assert len(list(ids.transaction_ids("demo", "wc", "1"))) == ids.MAX_PROBES


def test_random_ids_are_positive_and_fit(monkeypatch: pytest.MonkeyPatch):
    for drawn in (0, 2**53 - 2):
        monkeypatch.setattr(ids.secrets, "randbelow", lambda below, drawn=drawn: drawn if below == 2**53 - 1 else -1)
        assert 0 < ids.random_id() < 2**53


def test_a_digest_of_text_hides_it_and_takes_any_text():
    digest = ids.text_digest("ada@example.com", "\ud800")

    assert len(digest) == 64
    assert "ada" not in json.dumps(digest)
