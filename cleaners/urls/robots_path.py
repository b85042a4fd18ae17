"""Paths as robots.txt has them (RFC 9309, 2.2.3)."""

from __future__ import annotations


def matches_path(place: str, path: str) -> bool:
    """True where a rule matches a path: by prefix, with ``*`` for any characters and ``$`` for the end.

    These are the rules of RFC 9309, 2.2.3. Each piece between stars is searched once, from the end of the previous one,
    so no rule takes longer than its length times that of the path.
    """
    is_whole = place.endswith("$")
    first, *others = place.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    if not others:
        return not is_whole or position == len(path)
    *middle, last = others
    for piece in middle:
        start = path.find(piece, position)
        if start < 0:
            return False
        position = start + len(piece)
    return path.endswith(last) and len(path) - len(last) >= position if is_whole else last in path[position:]
