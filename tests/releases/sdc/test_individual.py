"""Individual risks from sampling weights, as sdcMicro publishes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.sdc.individual import approximate_risk, exact_risk, weighted_sizes
from tests.releases.sdc.test_risk import FREQ, FREQ_SIZES

# sdcMicro, tests/testthat/test_freqCalc.R and test_indivRisk.R
WEIGHTS = [18.0, 45.5, 39.0, 17.0, 92.0, 8.0, 123.5, 51.0]
POPULATION = [108.0, 45.5, 108.0, 17.0, 100.0, 100.0, 123.5, 108.0]
EXACT = [0.01355297, 0.08579129, 0.01355297, 0.17707583, 0.01877883, 0.01877883, 0.03931625, 0.01355297]
APPROXIMATE = [0.01369863, 0.08579129, 0.01369863, 0.17707583, 0.01877883, 0.01877883, 0.03931625, 0.01369863]


def test_the_published_frequencies_and_risks_come_out() -> None:
    sizes = weighted_sizes(FREQ, WEIGHTS)
    assert sizes == list(zip(FREQ_SIZES, POPULATION, strict=True))
    assert [exact_risk(f, big) for f, big in sizes] == pytest.approx(EXACT, abs=5e-9)
    assert [approximate_risk(f, big) for f, big in sizes] == pytest.approx(APPROXIMATE, abs=5e-9)


@pytest.mark.parametrize("f", [1, 2, 5, 40])
def test_a_whole_population_has_the_risk_of_its_class(f: int) -> None:
    assert exact_risk(f, f) == pytest.approx(1 / f)
    assert approximate_risk(f, f) == pytest.approx(1 / f)


@given(st.integers(1, 30), st.floats(1, 5000))
def test_both_ways_of_computing_agree_with_the_integral(f: int, factor: float) -> None:
    pi, steps = 1 / factor, 4000
    points = [(i + 0.5) / steps for i in range(steps)]
    integral = pi * sum(v ** (f - 1) / (pi + (1 - pi) * v) for v in points) / steps
    assert exact_risk(f, f * factor) == pytest.approx(integral, rel=0.03 if f == 1 else 1e-3)


def test_the_two_ways_meet() -> None:
    for f in (1, 3, 12):
        below, above = exact_risk(f, f * 2.0000001), exact_risk(f, f * 2.0)
        assert below == pytest.approx(above, rel=1e-6)


def test_impossible_numbers_are_refused() -> None:
    for f, big in ((0, 5.0), (3, 2.5)):
        with pytest.raises(ValueError, match="no fewer"):
            exact_risk(f, big)
