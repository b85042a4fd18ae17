"""What the rules ask of a page."""

from __future__ import annotations

from cleaners.labels.page_view import Sums
from tests.unit.cleaners.pages import seen, story


def test_what_is_below_a_block_is_summed() -> None:
    view = seen(story()).labelled.view
    sums = Sums.of(view.body_evidence)
    for index in range(-1, len(view.blocks) + 1):
        assert sums.below(index) == sum(b.weight for b in view.body_evidence if b.index > index)
    assert Sums.of(()).below(3) == 0


def test_a_scope_is_searched_once_for_each_tag() -> None:
    view = seen(story("<figure><img src=/a.jpg><figcaption>The lock</figcaption></figure>")).labelled.view
    figure = next(scope for block in view.blocks for scope in block.scope.chain() if scope.tag == "figure")
    assert view.has_inside(figure, "img")
    assert not view.has_inside(figure, "figure", "video")
    figure.element.clear()
    assert view.has_inside(figure, "img")
