"""Intervals of shares and of means."""

import pytest

from benchmarks.intervals import bootstrap, wilson


@pytest.mark.parametrize(
    ("right", "of", "least", "most"),
    [
        # As published by Newcombe (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_the_published_ones(right, of, least, most):
    assert wilson(right, of) == pytest.approx((least, most), abs=5e-5)


def test_of_nothing_everything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_bootstrap_narrows_with_more_recordings_and_is_repeatable():
    few, many = [1.0, 3.0] * 3, [1.0, 3.0] * 30
    low, high = bootstrap(few)
    assert 1.0 <= low < 2.0 < high <= 3.0
    assert bootstrap(few) == (low, high)
    closer_low, closer_high = bootstrap(many)
    assert closer_high - closer_low < (high - low) / 2
