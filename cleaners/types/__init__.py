"""The data types of cleaning. Each is frozen: a stage returns a new value and never changes one."""

from __future__ import annotations

from cleaners.types.labels import BODY_KINDS, KIND_TRAITS, BlockKind, KindTraits, Label
from cleaners.types.observation import IS_BODY, ObservedPage, PageObservation, TextLine
from cleaners.types.page import Html, Outlink, Page
from cleaners.types.record import (
    ANY_USE,
    Article,
    ArticleType,
    Box,
    Duplicate,
    Entry,
    Evidence,
    ExtraValue,
    Image,
    Link,
    Metadata,
    Moment,
    Permission,
    Removal,
    Right,
    Use,
)
from cleaners.types.removal_ledger import RemovalLedger, RemovedBlock
from cleaners.types.result import PageRejected, PageResult, Reason, Rejection, Stage

__all__ = [
    "ANY_USE",
    "BODY_KINDS",
    "IS_BODY",
    "KIND_TRAITS",
    "Article",
    "ArticleType",
    "BlockKind",
    "Box",
    "Duplicate",
    "Entry",
    "Evidence",
    "ExtraValue",
    "Html",
    "Image",
    "KindTraits",
    "Label",
    "Link",
    "Metadata",
    "Moment",
    "ObservedPage",
    "Outlink",
    "Page",
    "PageObservation",
    "PageRejected",
    "PageResult",
    "Permission",
    "Reason",
    "Rejection",
    "Removal",
    "RemovalLedger",
    "RemovedBlock",
    "Right",
    "Stage",
    "TextLine",
    "Use",
]  # fmt: skip
