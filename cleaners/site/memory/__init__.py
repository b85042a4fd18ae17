"""The memory of a site: its last pages, and the lines that they share."""

from cleaners.site.memory.memory import SharedLines, SiteMemory, decode, encode, from_text, to_text

__all__ = ["SharedLines", "SiteMemory", "decode", "encode", "from_text", "to_text"]
