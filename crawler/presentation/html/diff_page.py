"""The HTML page of the differences between two outputs."""

from __future__ import annotations

from crawler.presentation.html.page import render
from crawler.quality.differences import Differences, shown


def diff_page(differences: Differences, old: str, new: str) -> str:
    """The page, in HTML.

    Args:
        differences: the changes.
        old: name of the old output.
        new: name of the new one.
    """
    changed = {name: site for name, site in differences.sites.items() if site.records != site.same}
    ordered = sorted(changed.items(), key=lambda pair: (pair[1].same - pair[1].records, pair[0]))
    return render("diff.html", "tables.js", total=differences.total, sites=ordered, old=old, new=new, shown=shown)
