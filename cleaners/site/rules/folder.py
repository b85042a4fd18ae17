"""The files of site rules in a folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cleaners.site.rules import fivefilters
from cleaners.site.rules.fivefilters import read_fivefilters
from cleaners.site.rules.rules import SiteRuleBook, SiteRuleError, SiteRules
from cleaners.site.rules.toml_file import read_toml

TAUGHT = ".taught.toml"
"""The end of the names of files that ``scrapy teach`` writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRuleFolder:
    """The site rules in the files of a folder."""

    book: SiteRuleBook
    notes: tuple[str, ...]
    """Content of the files that is ignored: one line for each file."""


def read_folder(folder: Path) -> SiteRuleFolder:
    """Read every ``*.toml`` of a folder, and every site configuration of FiveFilters (``*.txt``), by name.

    TOML files come first: of equal rules those from TOML files are used.

    Raises:
        SiteRuleError: naming the file, the line and the key; where the folder cannot be read, the folder.
    """
    rules: list[SiteRules] = []
    notes: list[str] = []
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
        for path in (file for file in files if file.suffix == ".toml" and not file.name.startswith(".")):
            is_taught = path.name.endswith(TAUGHT)
            rules += [replace(site_rules, is_taught=is_taught) for site_rules in read_toml(path, path.name)]
        for path in (file for file in files if file.suffix == fivefilters.ENDING and "." in file.stem):
            config = read_fivefilters(path, path.name)
            rules.append(config.rules)
            if config.unsupported:
                notes.append(f"{path.name}: without effect: {', '.join(config.unsupported)}")
    except OSError as error:
        raise SiteRuleError(error.filename or str(folder), None, None, error.strerror or str(error)) from error
    return SiteRuleFolder(book=SiteRuleBook.from_rules(rules), notes=tuple(notes))
