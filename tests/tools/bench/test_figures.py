import pytest

from tools.bench.figures import Aim, Figure, Series, percentile, table


def _series(*values: float) -> Series:
    return Series(name="it", unit="ms", values=values)


def test_the_spread_of_few_values_is_their_range_and_of_many_leaves_the_ends_out() -> None:
    assert _series(3, 1, 2).spread == (1, 3)
    assert _series(*range(1, 101)).spread == pytest.approx((10.9, 90.1))


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([10, 20], 50) == 15
    assert percentile([7], 95) == 7


@pytest.mark.parametrize(
    ("limit", "of_ratio", "met"), [(10, False, True), (9, False, False), (2, True, True)]
)
def test_an_aim_is_judged_by_the_median_or_by_the_ratio(limit: float, of_ratio: bool, met: bool) -> None:
    aim = Aim(limit=limit, is_of_ratio=of_ratio)
    figure = Figure(part="a", title="x", ours=_series(10), baseline=_series(5), aim=aim)

    assert figure.ratio == 2
    assert figure.is_met is met


def test_a_baseline_too_short_to_be_measured_gives_no_ratio() -> None:
    assert Figure(part="a", title="x", ours=_series(10), baseline=_series(0)).ratio is None


def test_a_note_is_printed_once_below_the_table() -> None:
    figures = [Figure(part="d", title=title, ours=_series(1), note="Read this.") for title in ("x", "y")]

    assert table(figures).count("- (d) Read this.") == 1
