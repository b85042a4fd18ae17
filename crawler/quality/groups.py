"""Groups of articles with nearly the same text: who had it first, whom they credit, what each changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cleaners.metadata.dates import aware
from cleaners.urls.resolve import bare_host
from crawler.quality.versions import changes_between

Record = Mapping[str, Any]

AGENCY = re.compile(
    r"\b(?:AP|Associated Press|AFP|Agence France-Presse|Reuters|dpa|Deutsche Presse-Agentur|UPI|PA Media|"
    r"Press Association|Bloomberg(?: News)?|EFE|Europa Press|ANSA|Adnkronos|APA|Keystone-SDA|ATS|Belga|ANP|TT|NTB|"
    r"Ritzau|STT|PAP|ČTK|MTI|Agerpres|TASS|ТАСС|РИА Новости|Interfax|Интерфакс|Ukrinform|Укринформ|AA|"
    r"Anadolu(?: Agency)?|IRNA|"
    r"Xinhua|新华社|新華社|中新社|Kyodo|共同通信|Jiji|時事通信|Yonhap|연합뉴스|PTI|ANI|IANS|Lusa|Agência Brasil|"
    r"Télam|Notimex|MENA|SPA|WAM|قنا|واس|رويترز|فرانس برس)\b"
)
"""Names of news agencies as credits and bylines have them. In capitals or in full: 'AA' is no word of a byline."""


LATEST = datetime.max.replace(tzinfo=UTC)
DAY = timedelta(days=1)


class Place(NamedTuple):
    """Where an article stands in its group."""

    group: str
    """Id of the article that was found first."""
    size: int
    first: Record
    """The article that was published first, as far as the pages say; else the one that was fetched first."""
    agency: str | None
    """The agency that the article credits, or else any of the group."""
    added: int
    """Sentences that it has and the first has not."""
    dropped: int
    """Sentences that the first has and it has not."""

    @property
    def values(self) -> dict[str, str | int | None]:
        """The place as keys of a record's ``extra``."""
        return {
            "group": self.group,
            "group_size": self.size,
            "group_first": str(self.first["url"]),
            "group_first_outlet": outlet(self.first),
            "group_agency": self.agency,
            "group_added": self.added,
            "group_dropped": self.dropped,
        }


@dataclass(slots=True)
class Groups:
    """The groups among some records. It holds the records of groups, and of no other article."""

    by_id: dict[str, list[Record]]

    @classmethod
    def of(cls, read: Iterator[Record], again: Iterator[Record]) -> Groups:
        """The groups of records that are read twice: first for what is alike, then for the members."""
        roots = {str(record["duplicate_of"]["id"]) for record in read if record.get("duplicate_of")}
        members: defaultdict[str, dict[str, Record]] = defaultdict(dict)
        for record in again:
            root = root_of(record)
            if root in roots:
                members[root][str(record["id"])] = record  # of several versions the last
        return cls({root: list(found.values()) for root, found in members.items() if len(found) > 1})

    def members(self, record: Record) -> list[Record]:
        """The articles of a record's group, the first one first; empty where it has none."""
        return sorted(self.by_id.get(root_of(record), ()), key=_time)

    def place(self, record: Record) -> Place | None:
        """The place of a record in its group; None where it has none."""
        members = self.members(record)
        if not members:
            return None
        first = members[0]
        changes = changes_between(str(first["text"]), str(record["text"]))
        return Place(
            group=root_of(record),
            size=len(members),
            first=first,
            agency=agency(record) or next(filter(None, map(agency, members)), None),
            added=sum(bool(change.new) for change in changes),
            dropped=sum(bool(change.old) for change in changes),
        )


def root_of(record: Record) -> str:
    """The id of the article that a record's article is a copy of; its own where it is none."""
    return str((record.get("duplicate_of") or record)["id"])


def agency(record: Record) -> str | None:
    """The agency that a record credits: in its source line, else as its author."""
    texts: Sequence[str] = (record.get("credit") or "", *record.get("authors", ()))
    return next((match[0] for text in texts if (match := AGENCY.search(text))), None)


def outlet(record: Record) -> str:
    """The name of an article's publication, else its host."""
    return str(record.get("site_name") or bare_host(str(record["url"])))


def _time(record: Record) -> tuple[bool, datetime, str]:
    """When an article was published, as far as its page says: a day alone is its end. Those without a date are last."""
    published, fetched = str(record.get("published") or ""), str(record.get("fetched_at") or "")
    if not published:
        return True, LATEST, fetched
    moment = aware(datetime.fromisoformat(published))
    return False, moment + DAY if len(published) == len("2026-01-01") else moment, fetched
