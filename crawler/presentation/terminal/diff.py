"""The changes between two outputs as lines of text, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from crawler.presentation.terminal.lines import StyledLine
from crawler.quality.differences import Differences, Kind, SiteDifferences, shown
from crawler.util import count_noun


def lines(differences: Differences) -> Iterator[StyledLine]:
    """The changes as lines of text."""
    total = differences.total
    yield StyledLine(_sums(total), "bold")
    for name, site in sorted(differences.sites.items(), key=lambda pair: pair[1].same - pair[1].records):
        if site.records == site.same:
            continue
        yield StyledLine("")
        yield StyledLine(f"{name}: {_sums(site)}", "bold")
        for (field, kind), count in sorted(site.kinds.items(), key=lambda pair: (-pair[1], pair[0])):
            yield StyledLine(f"  {shown(field)} {kind.words}: {count}")
        for (field, example_kind), examples in sorted(site.examples.items()):
            for example in examples[:1]:
                change = example_kind.words if isinstance(example_kind, Kind) else example_kind
                yield StyledLine(f"  {shown(field or 'record')} {change}: {example.url}", "dim")
                yield from (StyledLine(f"    - {line}", "red") for line in example.old.split("\n") if line)
                yield from (StyledLine(f"    + {line}", "green") for line in example.new.split("\n") if line)
                if example.why:
                    yield StyledLine(f"    {example.why}", "dim")


def _sums(site: SiteDifferences) -> str:
    records = count_noun(site.records, "record")
    return f"{records}: {site.same} same, {site.changed} changed, {site.added} added, {site.gone} gone"


def as_json(differences: Differences) -> str:
    """The numbers, by site."""
    return json.dumps(
        {
            "total": _values(differences.total),
            "sites": {name: _values(site) for name, site in differences.sites.items()},
        }
    )


def _values(site: SiteDifferences) -> dict[str, object]:
    fields: dict[str, dict[str, int]] = {}
    for (name, kind), count in sorted(site.kinds.items()):
        fields.setdefault(name, {})[kind] = count
    return {"same": site.same, "changed": site.changed, "added": site.added, "gone": site.gone, "fields": fields}
