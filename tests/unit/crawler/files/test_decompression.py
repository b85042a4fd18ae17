"""Content codings: whole, bounded, or an error that is named."""

from __future__ import annotations

import gzip
import random
import time
import zlib

import brotli
import pytest
from backports import zstd

from crawler.files.decompression import DamagedStreamError, StreamTooLargeError, decompress

DATA = bytes(random.Random(1).choices(b"abcdef ", k=200_000)) + b"x" * 100_000
STREAMS = {
    "gzip": ("gzip", gzip.compress(DATA, mtime=0)),
    "gzip in members": ("gzip", gzip.compress(DATA[:9_000], mtime=0) + gzip.compress(DATA[9_000:], mtime=0) + b"\0\0"),
    "x-gzip": ("x-gzip", gzip.compress(DATA, mtime=0)),
    "zlib": ("deflate", zlib.compress(DATA)),
    "bare deflate": ("deflate", zlib.compress(DATA, wbits=-15)),
    "brotli": ("br", brotli.compress(DATA, quality=4)),
    "zstandard": ("zstd", zstd.compress(DATA)),
    "zstandard in frames": ("zstd", zstd.compress(DATA[:9_000]) + zstd.compress(DATA[9_000:])),
}
EACH = pytest.mark.parametrize(("coding", "stream"), STREAMS.values(), ids=STREAMS)


@EACH
def test_whole(coding: str, stream: bytes) -> None:
    assert decompress(stream, coding, len(DATA)) == DATA


@EACH
def test_larger_than_allowed(coding: str, stream: bytes) -> None:
    with pytest.raises(StreamTooLargeError, match="unpack to more than 1000"):
        decompress(stream, coding, 1_000)


@EACH
@pytest.mark.parametrize("left", [0.0001, 0.1, 0.5, 0.99])
def test_cut(coding: str, stream: bytes, left: float) -> None:
    with pytest.raises(DamagedStreamError, match="damaged"):
        decompress(stream[: int(len(stream) * left)] or stream[:1], coding, len(DATA))


@EACH
def test_damaged(coding: str, stream: bytes) -> None:
    dice = random.Random(2)
    for _ in range(50):
        spoiled = bytearray(stream)
        for _ in range(20):
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
        try:
            assert len(decompress(bytes(spoiled), coding, 1_000_000)) <= 1_000_000
        except (DamagedStreamError, StreamTooLargeError) as error:
            assert str(error)  # noqa: PT017  the only exceptions there are


@EACH
@pytest.mark.parametrize("rest", [b"\n", b"\0" * 300, b"</html>"])
def test_what_follows_the_end_is_left_out(coding: str, stream: bytes, rest: bytes) -> None:
    assert decompress(stream + rest, coding, len(DATA)) == DATA


@pytest.mark.parametrize(
    ("coding", "stream"),
    [("gzip", gzip.compress(b"", mtime=0)), ("zstd", zstd.compress(b"")), ("zstd", b"\x50\x2a\x4d\x18\0\0\0\0")],
)
def test_a_million_empty_streams_end_at_once(coding: str, stream: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(StreamTooLargeError, match="more than 10000 streams"):
        decompress(stream * 1_000_000, coding, 1_000)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("coding", "stream"),
    [("gzip", gzip.compress(b"", mtime=0)), ("br", brotli.compress(b"")), ("zstd", zstd.compress(b""))],
)
def test_nothing(coding: str, stream: bytes) -> None:
    assert decompress(stream, coding, 10) == b""


def test_a_window_that_takes_the_memory_of_the_machine_is_refused() -> None:
    wide = zstd.ZstdCompressor(
        options={zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    )
    stream = wide.compress(DATA * 100) + wide.flush()
    with pytest.raises(DamagedStreamError, match="zstd"):
        decompress(stream, "zstd", 100_000_000)
