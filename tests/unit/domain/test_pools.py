import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain.commission import shares

rewards = st.integers(0, 10**15)
weights = st.lists(st.integers(0, 10**8), min_size=1, max_size=90).filter(any)


@pytest.mark.parametrize(
    ("whole", "held", "truncated", "handed_out"),
    [
        (10000, [1, 1, 1], [3333, 3333, 3333], [3334, 3333, 3333]),
        (10000, [500, 300, 200], [5000, 3000, 2000], [5000, 3000, 2000]),
        (100, [1, 5], [16, 83], [17, 83]),
        (2, [1, 1, 1], [0, 0, 0], [1, 1, 0]),
        (0, [1, 2], [0, 0], [0, 0]),
        (999, [7], [999], [999]),
    ],
)
def test_a_reward_is_split_to_the_minor_unit(whole: int, held: list[int], truncated: list[int], handed_out: list[int]):
    assert shares(whole, held) == truncated
    assert shares(whole, held, hand_out_remainder=True) == handed_out


@given(whole=rewards, held=weights)
def test_shares_never_exceed_the_reward(whole: int, held: list[int]):
    parts = shares(whole, held)

    assert sum(parts) <= whole
    assert whole - sum(parts) < len(held)
    assert all(0 <= part * sum(held) <= whole * weight for part, weight in zip(parts, held, strict=True))


@given(whole=rewards, held=weights)
def test_largest_remainders_hand_out_exactly_the_rest_and_at_most_one_unit_each(whole: int, held: list[int]):
    truncated, parts = shares(whole, held), shares(whole, held, hand_out_remainder=True)

    assert sum(parts) == whole
    assert {part - before for part, before in zip(parts, truncated, strict=True)} <= {0, 1}
    assert all(part == 0 for part, weight in zip(parts, held, strict=True) if weight == 0)


@given(whole=rewards, held=weights, data=st.data())
def test_the_order_of_sharers_does_not_change_the_share_of_a_weight(whole: int, held: list[int], data: st.DataObject):
    shuffled = data.draw(st.permutations(held))

    before = sorted(zip(held, shares(whole, held, hand_out_remainder=True), strict=True))
    after = sorted(zip(shuffled, shares(whole, shuffled, hand_out_remainder=True), strict=True))

    assert before == after
