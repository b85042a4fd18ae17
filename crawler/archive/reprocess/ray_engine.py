"""The engine that cleans shards on Ray, on this machine or on a cluster: one task per shard, retried on lost nodes.

It uses tasks, not Ray Data: the unit of work is a file whose result is a file, not a row. Ray Data takes 100 MB and
some seconds more for each process, without a benefit.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from cleaners.workers.pool import Pool
from crawler.archive.reprocess.engine import MAX_TRIES, EngineError, ShardReport
from crawler.archive.reprocess.shard import Progress, ShardSettings, Task, clean_shard
from crawler.files.location import ShardUnavailable

MISSING = "--engine ray needs the extra 'ray': pip install copydesk[ray]"

LOOPBACK = "127.0.0.2"
"""The address of a cluster that is started here. Ray replaces 127.0.0.1 by the machine's public address."""

STORE_BYTES = 100 << 20
"""Bytes of the object store of a cluster that is started here: only accounts and memories of sites go through it."""

TASKS_PER_CPU = 2
"""Tasks that are submitted for each processor."""

WAIT_SECONDS = 1.0

ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is sent anywhere
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # suppresses Ray's warning about this variable
    "RAY_DEDUP_LOGS": "0",
}


@dataclass(frozen=True, slots=True)
class RayEngine:
    """Cleans shards on Ray."""

    workers: int
    """Processors that a cluster is started with."""
    address: str | None = None
    """Address of an existing cluster, ``host:port``; None to start one on this machine."""
    keep: bool = False
    """True to keep the local cluster running for further jobs, until :meth:`stop`."""

    def run(self, work: ShardSettings, tasks: Sequence[Task]) -> Iterator[ShardReport]:
        """Clean each shard.

        Raises:
            EngineError: when Ray is missing, or the cluster cannot be reached.
        """
        if not tasks:
            return
        ray = self._connect()
        try:
            yield from _run(ray, work, tasks)
        finally:
            if self.address is None and not self.keep:
                ray.shutdown()

    def stop(self) -> None:
        """Stop the cluster of this machine."""
        import ray  # noqa: PLC0415  an extra

        ray.shutdown()

    def _connect(self) -> ModuleType:
        for name, value in ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        if self.address is None:  # a local cluster, closed to other users
            os.environ.setdefault("RAY_AUTH_MODE", "token")
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        try:
            import ray  # noqa: PLC0415  an extra
        except ImportError as error:
            raise EngineError(MISSING) from error
        if ray.is_initialized():
            return ray
        own: dict[str, Any] = {
            "num_cpus": self.workers,
            "include_dashboard": False,
            "object_store_memory": STORE_BYTES,
            "_node_ip_address": LOOPBACK,
        }
        before = signal.getsignal(signal.SIGTERM)
        try:
            ray.init(
                address=self.address or "local",
                log_to_driver=False,
                logging_level=logging.ERROR,
                configure_logging=False,
                namespace="copydesk",
                **(own if self.address is None else {}),
            )
        except Exception as error:  # Ray's errors have no base class of their own
            where = f"the cluster {self.address} cannot be used" if self.address else "Ray cannot be started"
            raise EngineError(f"--engine ray: {where}: {error}") from error
        finally:
            signal.signal(signal.SIGTERM, before)  # ray.init replaces the handler
        return ray


def _run(ray: ModuleType, work: ShardSettings, tasks: Sequence[Task]) -> Iterator[ShardReport]:
    sent = ray.put(work)
    remote = ray.remote(
        num_cpus=1,
        max_retries=MAX_TRIES - 1,
        retry_exceptions=[ShardUnavailable],
        num_returns="streaming",
        scheduling_strategy="SPREAD",
    )(clean_in_task)
    most = max(TASKS_PER_CPU, TASKS_PER_CPU * int(ray.cluster_resources().get("CPU", 1)))
    waiting, running = list(reversed(tasks)), dict[Iterator[object], Task]()
    try:
        while waiting or running:
            while waiting and len(running) < most:
                task = waiting.pop()
                running[remote.remote(sent, task)] = task
            ready, _ = ray.wait(list(running), num_returns=1, timeout=WAIT_SECONDS, fetch_local=False)
            for stream in ready:
                report = _next(ray, stream, running[stream])
                if report is None or report.error is not None:
                    del running[stream]
                if report is not None:
                    yield report
    finally:
        for stream in running:
            with suppress(ray.exceptions.RayError):
                ray.cancel(stream, force=True)


def _next(ray: ModuleType, stream: Iterator[object], task: Task) -> ShardReport | None:
    """The next report of a shard; None where it has ended.

    Raises:
        OSError: when its output cannot be written.
    """
    try:
        return ShardReport(task=task, progress=ray.get(next(stream)))
    except StopIteration:
        return None
    except ray.exceptions.RayError as error:  # the worker was lost in all tries, or the task raised
        if isinstance(error, OSError):
            raise
        return ShardReport(task=task, error=f"{type(error).__name__}: {str(error).strip().splitlines()[-1]}")


_pools: dict[tuple[str, float, int], Pool] = {}
"""Pools that a Ray worker process reuses for its next shards."""


def clean_in_task(work: ShardSettings, task: Task) -> Iterator[Progress]:
    """Clean a shard in a Ray process; a separate worker process with deadline and memory limit cleans its pages."""
    key = (work.knowledge, work.deadline, work.memory)
    if key not in _pools:
        _pools[key] = work.pool(1)
        atexit.register(_pools[key].close)
    yield from clean_shard(work, task, _pools[key])
