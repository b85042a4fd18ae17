"""Makes self-contained HTML pages from the templates. What a crawled site sent is shown as text only.

The templates escape all values. A Content-Security-Policy in each page allows its own script alone, by its hash, and no
request at all (Content Security Policy Level 3).
"""

from __future__ import annotations

import sys
import webbrowser
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from crawler.files.line_files import unwritable


class Link(NamedTuple):
    """A link at the top of a page, to a page around it."""

    words: str
    href: str


TEMPLATES = files("crawler.presentation.html").joinpath("templates")


@cache
def environment() -> Environment:
    """The templates' environment: it escapes by default, and an unknown name is an error."""
    return Environment(
        loader=PackageLoader("crawler.presentation.html", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    template: str,
    *scripts: str,
    connect: str = "'none'",
    images: str = "'none'",
    forms: str = "'none'",
    links: Sequence[Link] = (),
    **values: object,
) -> str:
    """A page from a template.

    Args:
        template: name of the template.
        scripts: names of the scripts, which the page holds as one.
        connect: origins that the script may send requests to (``connect-src``).
        images: where pictures may be from (``img-src``).
        forms: where forms may be sent to (``form-action``).
        links: to pages around it, shown at the top.
        values: names in the template.
    """
    code = "\n".join(('"use strict";', *map(_asset, scripts)))
    digest = b64encode(sha256(code.encode()).digest()).decode()
    policy = {
        "default-src": "'none'",
        "script-src": f"'sha256-{digest}'",
        "style-src": "'unsafe-inline'",
        "connect-src": connect,
        "img-src": images,
        "base-uri": "'none'",
        "form-action": forms,
    }
    return (
        environment()
        .get_template(template)
        .render(
            csp="; ".join(f"{name} {value}" for name, value in policy.items()),
            style=Markup(_asset("base.css")),  # noqa: S704  a file of ours
            script=Markup(code),  # noqa: S704  a file of ours
            links=links,
            **values,
        )
    )


def write_page(path: Path, text: str) -> None:
    """Write a page in UTF-8; a lone surrogate, which UTF-8 cannot encode, becomes a question mark.

    Raises:
        OSError: when it cannot be written.
    """
    path.write_bytes(text.encode("utf-8", "replace"))


def show_page(path: str, text: str, *, is_opened: bool) -> None:
    """Write a page, say its name on standard error, and open it in the browser where that is wanted.

    Raises:
        OutputError: when it cannot be written.
    """
    page = Path(path)
    try:
        write_page(page, text)
    except OSError as error:
        raise unwritable(path, error) from error
    sys.stderr.write(f"{page}\n")
    if is_opened:
        webbrowser.open(page.absolute().as_uri())


@cache
def _asset(name: str) -> str:
    return TEMPLATES.joinpath(name).read_text("utf-8")
