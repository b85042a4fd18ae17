"""A run report in Prometheus's text format, for node_exporter's textfile collector."""

from __future__ import annotations

from typing import Any

HELP = {
    "copydesk_run_end_seconds": "When the last run ended, seconds since 1970.",
    "copydesk_run_exit_status": "Exit status of the last run.",
    "copydesk_site_pages": "What the last run counted of a site, by what.",
    "copydesk_site_rejected": "Pages of a site that the last run rejected, by reason.",
    "copydesk_site_missing": "Articles of a site that lack a field in the last run.",
}


def exposition(report: dict[str, Any], ended: float) -> str:
    """The report as gauges."""
    values: dict[str, list[str]] = {name: [] for name in HELP}
    values["copydesk_run_end_seconds"].append(f"copydesk_run_end_seconds {ended:.0f}")
    values["copydesk_run_exit_status"].append(f"copydesk_run_exit_status {report['exit_status']}")
    for site, said in report["sites"].items():
        counts = {name: value for name, value in said.items() if isinstance(value, int)}
        for metric, label, found in (
            ("copydesk_site_pages", "what", counts),
            ("copydesk_site_rejected", "reason", said["rejected"]),
            ("copydesk_site_missing", "field", said["missing"]),
        ):
            values[metric] += [
                f'{metric}{{site="{escaped(site)}",{label}="{escaped(key)}"}} {value}' for key, value in found.items()
            ]
    return "".join(
        f"# HELP {name} {HELP[name]}\n# TYPE {name} gauge\n" + "".join(f"{line}\n" for line in lines)
        for name, lines in values.items()
    )


def escaped(value: str) -> str:
    """A label's value."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
