"""Imported by the process that workers are forked from, and by nothing else: what each of them would load is loaded once, and shared.

The models and tables take 0.5 s and 60 MB, which a short crawl would pay in each worker.
"""

from __future__ import annotations

import gc

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
"""A page that makes every model and table load."""

LOADED = clean_in_worker(SAMPLE, with_links=True)
gc.freeze()  # what is shared is not looked through again by each worker's garbage collector
gc.set_threshold(*GC_THRESHOLD)
