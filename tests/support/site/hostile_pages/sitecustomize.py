"""Python imports this at its start where this folder is on PYTHONPATH: in workers, three stories of a site do what no
page should. Where SLOW_LOG names a file, each page takes its time instead, and the moment it is read is written there.

The parser is what they hurt, so it is the pipeline inside of the worker that acts.
"""

import os
import signal
import time
from pathlib import Path

from cleaners import pipeline

process_page = pipeline.process_page
SLOW_LOG = os.environ.get("SLOW_LOG")


def hostile(page, *args, **kwargs):
    """Process a page, or do what its number is here for."""
    if SLOW_LOG:
        time.sleep(0.02)
        with Path(SLOW_LOG).open("a") as log:
            log.write(f"{time.time()}\n")
        return process_page(page, *args, **kwargs)
    number = page.url.rstrip("/").rsplit("-", 1)[-1]
    if number == "20":
        time.sleep(600)
    elif number == "50":
        hoard = []
        while True:
            hoard.append(bytearray(10_000_000))
    elif number == "90":
        os.kill(os.getpid(), signal.SIGKILL)
    return process_page(page, *args, **kwargs)


pipeline.process_page = hostile
