"""The gzip members of a WARC file: each record is one, so that reading can go on after a record that is damaged."""

from __future__ import annotations

import zlib

from crawler.warc.shards import READ_ERRORS, Shard

CHUNK = 1 << 20

WINDOW = zlib.MAX_WBITS | 16
"""A gzip member with its header and checksum."""


def next_member(shard: Shard, place: int) -> int | None:
    """Where the gzip member begins that follows the one at a place.

    None where no member begins at the place, as in a file that is not packed by records; where the member is damaged:
    what looks like the next one may be a part of a page; and where it is the last one.
    """
    unpacker = zlib.decompressobj(WINDOW)
    try:
        with shard.open() as file:
            file.seek(place)
            while part := file.read(CHUNK):
                while part and not unpacker.eof:
                    unpacker.decompress(part, CHUNK)  # never more than that in memory
                    part = unpacker.unconsumed_tail
                if unpacker.eof:
                    end = file.tell() - len(unpacker.unused_data)
                    return end if unpacker.unused_data or file.read(1) else None
    except (*READ_ERRORS, zlib.error):
        return None
    return None
