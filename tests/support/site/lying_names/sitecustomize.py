"""Python imports this at its start where this folder is on PYTHONPATH: every name that ends in ``.example`` is of this
machine.

So is the name of a host that a stranger's name server answers for: it may say 127.0.0.1. ``hangs.example`` takes its
time.
"""

import socket
import time

gethostbyname = socket.gethostbyname


def lying(name):
    """Answer as such a server does."""
    if name.rstrip(".") == "hangs.example":
        time.sleep(2)
    return "127.0.0.1" if name.rstrip(".").endswith(".example") else gethostbyname(name)


socket.gethostbyname = lying
