"""A run report as metrics for node_exporter's textfile collector."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, Gauge

HELP = {
    "copydesk_run_end_seconds": "When the last run ended, seconds since 1970.",
    "copydesk_run_exit_status": "Exit status of the last run.",
    "copydesk_site_pages": "What the last run counted of a site, by what.",
    "copydesk_site_rejected": "Pages of a site that the last run rejected, by reason.",
    "copydesk_site_missing": "Articles of a site that lack a field in the last run.",
}


def metrics(report: dict[str, Any], ended: float) -> CollectorRegistry:
    """The report as gauges; ``prometheus_client.write_to_textfile`` writes them.

    Args:
        report: the content of ``run.json``.
        ended: end of the run, seconds since 1970.
    """
    registry = CollectorRegistry()
    _gauge(registry, "copydesk_run_end_seconds").set(round(ended))
    _gauge(registry, "copydesk_run_exit_status").set(report["exit_status"])
    counted = _gauge(registry, "copydesk_site_pages", "site", "what")
    rejected = _gauge(registry, "copydesk_site_rejected", "site", "reason")
    missing = _gauge(registry, "copydesk_site_missing", "site", "field")
    for site, values in report["sites"].items():
        counts = {name: value for name, value in values.items() if isinstance(value, int)}
        for gauge, found in ((counted, counts), (rejected, values["rejected"]), (missing, values["missing"])):
            for name, value in found.items():
                gauge.labels(site, name).set(value)
    return registry


def _gauge(registry: CollectorRegistry, name: str, *labels: str) -> Gauge:
    return Gauge(name, HELP[name], labels, registry=registry)
