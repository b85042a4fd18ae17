"""The model of py3langid, unpacked once per machine: all processes then map the same memory pages.

The package ships its arrays compressed with LZMA. Unpacking them takes 0.45 s of CPU in each process that identifies a
language; mapping them takes 0.01 s. The workers' server writes them (:func:`unpack_model`); cleaning itself writes
nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

LAYOUT = 1
"""Version of the files below; another layout gets another folder."""

ARRAYS = ("features", "classes", "names", "moves", "rows", "outputs")
"""One file each, as :class:`LanguageIdentifier` takes them."""


def cache_folder() -> Path:
    """Where the unpacked arrays are: the user's cache, by the version of py3langid and the size of its model.

    Another version of the package, or a model that was replaced, gets a folder of its own.
    """
    size = (MODEL_DIR / MODEL_FILE).stat().st_size
    return user_cache_path("copydesk", appauthor=False) / f"py3langid-{version('py3langid')}-{size}-{LAYOUT}"


def load_identifier() -> LanguageIdentifier:
    """The identifier with the arrays of the cache; with those of the package where the cache has none."""
    try:
        return _mapped(cache_folder())
    except (OSError, ValueError):  # not there yet, or damaged
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def unpack_model() -> None:
    """Write the arrays into the cache, unless they are there.

    What cannot be written (a home that is read-only or full) is left out: each process unpacks them for itself then.
    """
    try:
        _arrays(cache_folder())
    except (OSError, ValueError):
        with suppress(OSError):
            _write(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True), cache_folder())


def _arrays(folder: Path) -> list[np.ndarray[Any, Any]]:
    """The arrays of a folder in the order of :data:`ARRAYS`; the system maps them into memory, read only.

    Raises:
        OSError, ValueError: when a file is missing, no array, or of another model.
    """
    arrays = [np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS]
    features, _, names, _, rows, outputs = arrays
    if len(rows) != len(outputs) or features.shape[1] != len(names):
        raise ValueError(f"{folder}: arrays of different models")
    return arrays


def _mapped(folder: Path) -> LanguageIdentifier:
    """The identifier over the arrays of a folder.

    Raises:
        OSError, ValueError: see :func:`_arrays`.
    """
    features, classes, names, moves, rows, outputs = _arrays(folder)
    return LanguageIdentifier(
        features,
        np.array(classes),
        names.tolist(),
        moves.data,  # an index gives a Python integer, without a copy of its 39 MB
        outputs.data,
        norm_probs=True,
        tk_row=rows.tolist(),
    )


def _write(identifier: LanguageIdentifier, folder: Path) -> None:
    """Write the arrays into a folder beside it and rename that: another process sees all of them or none.

    Raises:
        OSError: when they cannot be written.
    """
    arrays = (
        identifier.nb_ptc,
        identifier.nb_pc,
        np.array(identifier.nb_classes),
        np.asarray(identifier.tk_nextmove),
        np.asarray(identifier.tk_row),
        np.asarray(identifier.tk_output, dtype=np.int32),
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = tempfile.mkdtemp(prefix=".py3langid-", dir=folder.parent)
    try:
        for name, array in zip(ARRAYS, arrays, strict=True):
            with Path(unfinished, f"{name}.npy").open("wb") as file:
                np.save(file, array)
                os.fsync(file.fileno())  # a file of zeros after a power cut would be read as a model
        shutil.rmtree(folder, ignore_errors=True)  # damaged, or it would have been loaded
        Path(unfinished).rename(folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
