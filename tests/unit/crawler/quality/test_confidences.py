"""The figures of confidence, on pairs whose figures are known by hand."""

from __future__ import annotations

import pytest

from crawler.quality.confidences import ConfidenceFigures, area_under_curve

CALIBRATED = [(0.25, n < 25) for n in range(100)] + [(0.75, n < 75) for n in range(100)]


@pytest.mark.parametrize(
    ("pairs", "auc"),
    [
        pytest.param([(0.1, False), (0.9, True)], 1.0, id="in order"),
        pytest.param([(0.9, False), (0.1, True)], 0.0, id="the wrong way round"),
        pytest.param([(0.5, False), (0.5, True)], 0.5, id="a tie"),
        pytest.param([(0.1, False), (0.4, True), (0.35, False), (0.8, True), (0.3, True)], 5 / 6, id="one pair wrong"),
        pytest.param([(0.5, True)], None, id="all ready"),
        pytest.param([(0.5, False)], None, id="none ready"),
    ],
)
def test_area_under_the_curve(pairs: list[tuple[float, bool]], auc: float | None) -> None:
    assert area_under_curve(pairs) == (pytest.approx(auc) if auc is not None else None)


def test_figures_of_calibrated_pages() -> None:
    figures = ConfidenceFigures.of(CALIBRATED)
    assert figures.ece == pytest.approx(0)
    assert (figures.ready, figures.confidence, figures.surer_half) == pytest.approx((0.5, 0.5, 0.75))
    assert list(figures.cells()) == ["200", "0.500", "0.500", "0.750", "0.000", "0.750"]


def test_the_calibration_error_is_weighted_by_pages() -> None:
    pairs = [(0.95, False)] + [(0.25, n < 1) for n in range(3)]
    assert ConfidenceFigures.of(pairs).ece == pytest.approx(0.95 / 4 + abs(0.25 - 1 / 3) * 3 / 4)


def test_the_diagram_has_a_line_for_each_interval_with_its_share_and_its_mean() -> None:
    lines = list(ConfidenceFigures.of([(1.0, True), (0.05, False)]).diagram())
    assert len(lines) == 10
    assert lines[-1].endswith("| 1.00 ready, 1.00 sure, 1 pages")
    assert lines[0].count("█") == 0
    assert lines[5] == f"0.5–0.6 |{' ' * 41}|"
