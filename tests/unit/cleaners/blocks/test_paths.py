"""XPaths like those of lxml."""

from __future__ import annotations

import pytest

from cleaners.blocks.paths import ElementPaths
from cleaners.html.parse import parse
from cleaners.options import DEFAULT
from cleaners.types import Html

PAGES = (
    "<p>one</p>",
    "<div><p>one</p><p>two</p><b>x</b><div><p>three</p></div></div><p>four</p>",
    "<ul>" + "<li><a>x</a></li>" * 12 + "</ul>",
    "<fb:like>x</fb:like><svg><g/><g/></svg><table><tr><td>1<td>2</table>",
)


@pytest.mark.parametrize("body", PAGES)
def test_each_path_is_as_lxml_writes_it(body: str) -> None:
    data = f"<html><head><title>t</title></head><body>{body}</body></html>".encode()
    tree = parse(Html(data=data, encoding="utf-8", evidence="utf-8"), DEFAULT)
    paths, root = ElementPaths(), tree.getroottree()
    for element in reversed(list(tree.iter())):
        assert paths.path(element) == root.getpath(element)
