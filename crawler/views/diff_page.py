"""The page of what changed between two outputs."""

from __future__ import annotations

from crawler.evaluation.differences import Differences, shown
from crawler.views.html import render


def diff_page(found: Differences, old: str, new: str) -> str:
    """The page, in HTML.

    Args:
        found: the changes.
        old: name of the old output.
        new: name of the new one.
    """
    changed = {name: site for name, site in found.sites.items() if site.records != site.same}
    ordered = sorted(changed.items(), key=lambda pair: (pair[1].same - pair[1].records, pair[0]))
    return render("diff.html", "tables.js", total=found.total, sites=ordered, old=old, new=new, shown=shown)
