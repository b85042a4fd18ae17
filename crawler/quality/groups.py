"""Groups of articles with nearly the same text: who had it first, whom they credit, what each changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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


class Member(NamedTuple):
    """An article of a group, in its last version."""

    id: str
    url: str
    outlet: str
    published: str | None
    agency: str | None
    order: tuple[bool, datetime, str]
    """What is smaller was first."""
    record: Record
    """The whole record; of all but the first only what :meth:`Groups.place` needs, where texts are not kept."""


class Group(NamedTuple):
    """Articles with nearly the same text."""

    id: str
    """Id of the article that was found first."""
    members: tuple[Member, ...]
    """The one first that was published first."""
    agency: str | None
    """The agency that the first of them credits that credits any."""


class Place(NamedTuple):
    """Where an article stands in its group."""

    group: Group
    agency: str | None
    """The agency that the article credits, or else any of the group."""
    added: int
    """Sentences that it has and the first has not."""
    dropped: int
    """Sentences that the first has and it has not."""

    @property
    def values(self) -> dict[str, str | int | None]:
        """The place as keys of a record's ``extra``."""
        first = self.group.members[0]
        return {
            "group": self.group.id,
            "group_size": len(self.group.members),
            "group_first": first.url,
            "group_first_outlet": first.outlet,
            "group_agency": self.agency,
            "group_added": self.added,
            "group_dropped": self.dropped,
        }


class Groups:
    """The groups among some records: of each article its last version counts.

    Beside the text of the first article of each group a member takes a few hundred bytes; no other article any.
    """

    def __init__(self, read: Iterable[Record], again: Iterable[Record], *, has_texts: bool = False) -> None:
        """Read the records twice: first for what is alike, then for the members.

        Args:
            read: the records.
            again: the same.
            has_texts: True to keep the text of each member, as for the display of one group.
        """
        alike = {id_ for record in read if record.get("duplicate_of") for id_ in (root_of(record), str(record["id"]))}
        latest: dict[str, tuple[tuple[int, str], str, Member]] = {}
        for record in again if alike else ():
            id_, version = str(record["id"]), (int(record.get("revision") or 1), str(record.get("fetched_at") or ""))
            if id_ in alike and (id_ not in latest or version >= latest[id_][0]):
                latest[id_] = version, root_of(record), _member(record)
        by_root: dict[str, list[Member]] = {}
        for _, root, member in latest.values():
            by_root.setdefault(root, []).append(member)
        self._roots = {member.id: root for _, root, member in latest.values()}
        self._groups = {
            root: _group(root, members, has_texts=has_texts) for root, members in by_root.items() if len(members) > 1
        }

    def group(self, record: Record) -> Group | None:
        """The group of a record's article; None where it has none."""
        return self._groups.get(self._roots.get(str(record["id"]), ""))

    def place(self, record: Record) -> Place | None:
        """The place of a record in its group; None where it has none."""
        group = self.group(record)
        if group is None:
            return None
        first = group.members[0]
        is_first = first.id == record["id"]
        changes = () if is_first else changes_between(str(first.record["text"]), str(record["text"]))
        return Place(
            group=group,
            agency=agency(record) or group.agency,
            added=sum(bool(change.new) for change in changes),
            dropped=sum(bool(change.old) for change in changes),
        )


def _member(record: Record) -> Member:
    return Member(
        id=str(record["id"]),
        url=str(record["url"]),
        outlet=outlet(record),
        published=record.get("published"),
        agency=agency(record),
        order=_time(record),
        record=record,
    )


def _group(root: str, members: Sequence[Member], *, has_texts: bool) -> Group:
    first, *others = sorted(members, key=lambda member: member.order)
    if not has_texts:
        others = [other._replace(record={"id": other.id}) for other in others]
    found = (first, *others)
    return Group(root, found, next((member.agency for member in found if member.agency), None))


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
    try:
        moment = aware(datetime.fromisoformat(published))
        return False, moment + DAY if len(published) == len("2026-01-01") else moment, fetched
    except (ValueError, OverflowError):  # none, or no date: the 30th of February
        return True, LATEST, fetched
