"""Secrets by name: ``env:NAME`` is an environment variable, ``file:PATH`` a file."""

from __future__ import annotations

import os
from pathlib import Path


class SecretError(ValueError):
    """A value that cannot be used; the message names its key and never the secret."""


def read_secret(key: str, value: object, folder: Path) -> str:
    """The value of a text, or of the environment variable or file that it names.

    Args:
        key: what an error calls it.
        value: the text.
        folder: where relative paths begin.

    Raises:
        SecretError: naming the key and what was expected.
    """
    if not isinstance(value, str):
        raise SecretError(f"{key}: expected a text, env:NAME or file:PATH")
    kind, _, name = value.partition(":")
    if kind == "env":
        env_value = os.environ.get(name)
        if env_value is None:
            raise SecretError(f"{key}: the environment variable {name} is not set")
        return env_value.strip()
    if kind == "file":
        try:
            return (folder / name).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretError(f"{key}: the file {name} cannot be read: {type(error).__name__}") from None
    return value
