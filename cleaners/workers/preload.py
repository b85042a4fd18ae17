"""Imported only by the process from which workers are forked: models are loaded once there and shared by all workers.

The models and tables take 0.5 s and 60 MB, which a short crawl would otherwise spend in each worker.
"""

from __future__ import annotations

import gc

from cleaners.text.language_model import unpack_model
from cleaners.types import Page
from cleaners.workers.forkserver import GC_THRESHOLD
from cleaners.workers.worker import clean_in_worker

SENTENCES = "".join(
    f"<p>This is the sample's sentence of number {n}, which says nothing that a reader would miss.</p>"
    for n in range(9)
)
SAMPLE = Page(
    url="http://news.example/2026/a-sample-story",
    body=f"<html><body><main><h1>A sample story</h1>{SENTENCES}</main></body></html>".encode(),
)
"""A page whose cleaning loads every model and table."""

unpack_model()
LOADED = clean_in_worker(SAMPLE, with_links=True)
gc.freeze()  # the workers' garbage collectors skip the shared objects
gc.set_threshold(*GC_THRESHOLD)
