"""A run report as metrics for node_exporter's textfile collector."""

from __future__ import annotations

import msgspec
from prometheus_client import CollectorRegistry, Gauge

from crawler.run_report.report_types import RunReport

HELP = {
    "copydesk_run_end_seconds": "When the last run ended, seconds since 1970.",
    "copydesk_run_exit_status": "Exit status of the last run.",
    "copydesk_site_pages": "URLs, requests and responses of a site in the last run, by what.",
    "copydesk_site_bytes": "Bytes of the responses of a site in the last run.",
    "copydesk_site_failed": "1 for a source that could not be read or gave no article in the last run, else 0.",
    "copydesk_site_degraded": "Number of figures of a site that are far below those of its earlier runs.",
    "copydesk_site_rejected": "Pages of a site that the last run rejected, by reason.",
    "copydesk_site_missing": "Articles of a site that lack a field in the last run.",
    "copydesk_site_confidence": "Mean confidence in the texts that the last run wrote of a site, 0 to 1.",
    "copydesk_site_classes": "Pages of a site that the last run fetched, by what they are.",
}


def metrics(report: RunReport, ended: float) -> CollectorRegistry:
    """The report as gauges; ``prometheus_client.write_to_textfile`` writes them.

    Args:
        report: of the run.
        ended: end of the run, seconds since 1970.
    """
    registry = CollectorRegistry()
    _gauge(registry, "copydesk_run_end_seconds").set(round(ended))
    _gauge(registry, "copydesk_run_exit_status").set(report.exit_status)
    counted = _gauge(registry, "copydesk_site_pages", "site", "what")
    rejected = _gauge(registry, "copydesk_site_rejected", "site", "reason")
    missing = _gauge(registry, "copydesk_site_missing", "site", "field")
    confidence = _gauge(registry, "copydesk_site_confidence", "site")
    classes = _gauge(registry, "copydesk_site_classes", "site", "class")
    size, failed = _gauge(registry, "copydesk_site_bytes", "site"), _gauge(registry, "copydesk_site_failed", "site")
    degraded = _gauge(registry, "copydesk_site_degraded", "site")
    for site in {*report.sites, *report.failed_sources}:
        failed.labels(site).set(site in report.failed_sources)
        degraded.labels(site).set(len(report.sites[site].degraded) if site in report.sites else 0)
    for site, account in report.sites.items():
        counts = {name: value for name, value in msgspec.structs.asdict(account).items() if isinstance(value, int)}
        size.labels(site).set(counts.pop("bytes"))
        if account.confidence is not None:
            confidence.labels(site).set(account.confidence)
        by_label = (
            (counted, counts),
            (rejected, account.rejected),
            (missing, account.missing),
            (classes, account.pages),
        )
        for gauge, counts_by_label in by_label:
            for name, value in counts_by_label.items():
                gauge.labels(site, name).set(value)
    return registry


def _gauge(registry: CollectorRegistry, name: str, *labels: str) -> Gauge:
    return Gauge(name, HELP[name], labels, registry=registry)
