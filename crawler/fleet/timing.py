"""The times of a fleet, which depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

BEATS = 12
"""Heartbeats in the time after which a worker counts as lost."""

LEASE_SHARE = 0.75
"""Share of that time after which a worker that cannot write its heartbeat kills its crawls, so that they have ended
before another worker takes them over."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in seconds."""

    takeover: float
    """Time after the last heartbeat of a worker at which other workers get its jobs (``COPYDESK_FLEET_TAKEOVER``)."""
    rest: float
    """Time between two jobs of one host (``COPYDESK_FLEET_REST``)."""

    @property
    def beat(self) -> float:
        """Between two heartbeats."""
        return self.takeover / BEATS

    @property
    def lease(self) -> float:
        """Time without a written heartbeat after which a worker kills its crawls."""
        return LEASE_SHARE * self.takeover
