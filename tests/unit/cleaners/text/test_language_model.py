"""The language model is unpacked once; whatever is wrong with the cache, the language found is the same."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners.text import language_model
from cleaners.text.language_model import ARRAYS, cache_folder, load_identifier, unpack_model

TEXTS = {
    "en": "The councillors voted on Tuesday to keep the lamps of the quay burning until dawn, as they always have.",
    "fr": "Les conseillers ont voté mardi pour que les lampes du quai restent allumées jusqu’à l’aube, comme toujours.",
    "ar": "صوّت أعضاء المجلس يوم الثلاثاء على إبقاء مصابيح الرصيف مضاءة حتى الفجر كما كانت دائما في المدينة.",
    "ru": "Советники проголосовали во вторник за то, чтобы фонари на набережной горели до рассвета, как и всегда.",
    "zh": "议员们星期二投票决定让码头的路灯像过去一样一直亮到黎明，预算将从港口基金中支付。",
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def languages() -> list[str]:
    identifier = load_identifier()
    return [identifier.classify(text)[0] for text in TEXTS.values()]


def is_mapped() -> bool:
    return isinstance(load_identifier().tk_nextmove, memoryview)


def test_the_arrays_are_those_of_the_package(cache: Path) -> None:
    before = [load_identifier().classify(text) for text in TEXTS.values()]
    assert not is_mapped()
    assert list(cache.iterdir()) == [], "cleaning writes nothing"
    unpack_model()
    assert is_mapped()
    assert [load_identifier().classify(text) for text in TEXTS.values()] == before
    assert languages() == list(TEXTS)


def _missing(folder: Path) -> None:
    (folder / "moves.npy").unlink()


def _cut(folder: Path) -> None:
    with (folder / "moves.npy").open("r+b") as file:
        file.truncate(1_000)


def _no_array(folder: Path) -> None:
    (folder / "rows.npy").write_bytes(b"no array")


def _of_another_model(folder: Path) -> None:
    shutil.copy(folder / "classes.npy", folder / "rows.npy")


def _a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder")


@pytest.mark.parametrize("damage", [_missing, _cut, _no_array, _of_another_model])
def test_a_damaged_cache_is_replaced(cache: Path, damage: Callable[[Path], None]) -> None:
    unpack_model()
    damage(cache_folder())
    assert (is_mapped(), languages()) == (False, list(TEXTS))
    unpack_model()
    assert (is_mapped(), languages()) == (True, list(TEXTS))
    assert [path.name for path in cache.rglob(".*")] == []


def test_what_cannot_be_written_is_left_out(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(language_model.np, "save", full)
        unpack_model()
    assert [path for path in cache.rglob("*") if path.is_file()] == []
    assert languages() == list(TEXTS)


def test_a_home_that_is_no_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "file"))
    unpack_model()
    assert languages() == list(TEXTS)


def test_one_that_is_there_is_not_written_again(cache: Path) -> None:
    unpack_model()
    times = [(cache_folder() / f"{name}.npy").stat().st_mtime_ns for name in ARRAYS]
    unpack_model()
    assert [(cache_folder() / f"{name}.npy").stat().st_mtime_ns for name in ARRAYS] == times
    assert stat.S_IMODE(cache_folder().stat().st_mode) & 0o077 == 0
