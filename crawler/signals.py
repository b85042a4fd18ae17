"""Scrapy signals of Copydesk's own. Those of faults that end a crawl have the argument ``reason``, in words."""

from __future__ import annotations

disk_failed = object()
"""A table of pending requests, or of requests and URLs seen, cannot be written."""

workers_failed = object()
"""The cleaning workers cannot be started."""

item_replaced = object()
"""The item pipelines returned another object in place of an article: ``item`` is the :class:`crawler.items.ArticleItem`
that they got, ``made`` what will be written."""

item_written = object()
"""An article or rejection was given to the exporters; its line is not synced to disk yet. ``item`` is the
:class:`cleaners.types.Article` or :class:`cleaners.types.Rejection` that the spider yielded, whatever pipelines made of
it."""

item_settled = object()
"""All receivers of ``item_written`` or ``item_lost`` know of an item. A receiver may be asynchronous: Scrapy waits for
it before it takes another item."""

item_lost = object()
"""An article or rejection was dropped, or failed in a pipeline or an exporter: ``item``, as of ``item_written``."""

exchange_received = object()
"""A response was received, and is not decoded yet: ``request``, ``response``, ``at`` (when the request was sent). A
receiver may set ``request.meta[FETCHED]``."""

exchange_failed = object()
"""A request gave no response that could be used: ``request``, ``reason``, ``detail``, ``at``."""

lines_syncing = object()
"""Lines are about to be synced to disk: what they refer to must be on disk first. An exception of a receiver is raised
where the signal is sent."""

walled = object()
"""A response is a bot challenge: ``source`` is the name of the source that it was asked for."""

page_rendered = object()
"""A browser made a page of a response: ``request``, ``html``. A receiver may set ``request.meta[FETCHED]``."""
