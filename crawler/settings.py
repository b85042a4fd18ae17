"""The settings of a crawl, with their defaults and reasons. docs/settings.md lists those that a user may change."""

from __future__ import annotations

import os

from scrapy.settings import default_settings

from crawler import __version__

BOT_NAME = "copydesk"
SPIDER_MODULES = ["crawler.spiders.news"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.cli.commands"

# Identification: the true name of the crawler, and a way to contact whoever runs it. The spider adds the contact.
COPYDESK_CONTACT = ""
USER_AGENT = f"copydesk/{__version__} (news crawler)"
ROBOTSTXT_USER_AGENT = "copydesk"

# Politeness: one request per host at a time, at the pace at which the host responds, never faster than its Crawl-delay.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0.25
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0
COOKIES_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
# Hosts without delay, except for their own Crawl-delay: this machine, and .example, which no host on a network has
# (RFC 2606).
COPYDESK_UNTHROTTLED_HOSTS = ["127.0.0.1", "::1", "localhost", "example"]

# What the add-on gives to the spiders of another project.
COPYDESK_FEATURES = ["fetch", "clean", "ledger", "output", "report"]

# No open port: both of these would execute code that is sent to their port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# What may be requested: http and https URLs of public hosts at these ports; and hosts that the user allows, such as
# 127.0.0.1:8000, intranet.example or 10.1.0.0/16. 8080 and 8443 are the ports of sites that may not use the first two.
COPYDESK_ALLOW_HOSTS: list[str] = []
COPYDESK_ALLOW_PORTS = [80, 443, 8080, 8443]
# Whether a spider may start anywhere, whatever the policy says of a host: its own requests are not what pages name. The
# add-on sets it for the spiders of another project.
COPYDESK_TRUST_START = False
# Browsers, caches and servers all accept 2,000 characters; of 320,000 URLs on news pages 83 have more, all of them
# share links.
URLLENGTH_LIMIT = 2_000
DOWNLOADER = "crawler.fetching.network.fair_downloader.FairDownloader"
TWISTED_DNS_RESOLVER = "crawler.fetching.network.resolver.Resolver"
DNS_TIMEOUT = 5
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    **dict.fromkeys(("http", "https"), "crawler.fetching.network.download_handler.BoundedDownloadHandler"),
    **dict.fromkeys(("file", "data", "ftp", "s3")),
}

# Limits of one response. News pages take seconds and have at most 4.6 MB; sitemaps may have 50 MB. Together with the
# deadline of a worker, the timeout limits how long a crawl runs on after SIGTERM: 30 s; 80 s where a worker hangs.
COPYDESK_HEADERS_TIMEOUT = 10
DOWNLOAD_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 64_000_000
COPYDESK_PAGE_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 2
RETRY_PRIORITY_ADJUST = 0  # after the pending requests, before the URLs that crawl traps generate in the meantime
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
REDIRECT_MAX_TIMES = 8
# Results of one response that are handled at a time. Scrapy starts this many tasks for each response; an article is one
# result.
CONCURRENT_ITEMS = 1

# Cleaning: the number of worker processes, and the seconds of CPU and megabytes that one page may take there. With 0
# workers, pages are cleaned in the crawl's own process.
COPYDESK_CLEAN_WORKERS = min(2, os.cpu_count() or 1)
COPYDESK_CLEAN_DEADLINE = 10.0
COPYDESK_CLEAN_MEMORY = 1_000
# Bytes of responses that are being processed. Above that, no more are requested: slow workers slow the download down
# and do not fill the memory.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 5_000_000

# How certain the trained labeller must be that a block is part of the article: precision, balanced or recall.
COPYDESK_FOCUS = "balanced"

# Which parts are in the text that some readers count in and others do not: standfirst, key_points, byline, boxes,
# embeds, tables.
COPYDESK_TEXT_PARTS = ["key_points", "embeds", "tables"]

# Least confidence in a text, 0 to 1: articles below it are rejected as "unsure". 0: none is.
COPYDESK_MIN_CONFIDENCE = 0.0

# Whether each record has the sources of its metadata.
COPYDESK_EVIDENCE = False

# Whether each record has its text as Markdown, too.
COPYDESK_MARKDOWN = False

# The folder of site rules, below the project's folder: *.toml, and FiveFilters' site configurations (*.txt).
COPYDESK_SITE_RULES = "sites"

# Whether lines that other pages of a site have in the same place are taken out of its articles, and how many articles
# of a new site are held back, so that the first ones are cleaned with what all of them tell.
COPYDESK_SITE_MEMORY = True
COPYDESK_SITE_MEMORY_HELD = 20

# Which pages are rendered in a browser (the extra "browser"): never, auto (those that give no article and look as if
# scripts build them), always; and the browser's program, that of the system where it is empty.
COPYDESK_RENDER = "never"
COPYDESK_CHROMIUM = ""

# How deep section pages are followed from a source, and how many pages one article may have.
COPYDESK_SECTION_DEPTH = 2
COPYDESK_ARTICLE_MAX_PAGES = 20

# What a source may leave pending in the ledger: URLs that its listings name and that are not fetched yet, and the
# characters that they take. What is beyond is counted, and found again by a later run.
COPYDESK_PENDING_MAX_URLS = 1_000_000
COPYDESK_PENDING_MAX_BYTES = 16_000_000

# Most requests of one run to a site; the rest is due in the next run. A URL pattern (/calendar/2031/05/) or a site that
# had no article this many times in a row gets no further requests: crawl traps are recognised by their yield.
COPYDESK_SITE_MAX_PAGES = 100_000
COPYDESK_SITE_MAX_HOSTS = 100
COPYDESK_TRAP_BARREN_PAGES = 200
COPYDESK_SITE_BARREN_PAGES = 2_000
# Failures of a host in a row after which it is left for the next run; with the back-off between them, five minutes.
COPYDESK_HOST_MAX_FAILURES = 30

# What is known across runs: one file, in Scrapy's data folder (.scrapy/). Empty: nothing is kept.
COPYDESK_LEDGER = "ledger.sqlite"

# Pending requests, and the hashes of those made, are in temporary files: a million URLs take no memory.
SCHEDULER_PRIORITY_QUEUE = "crawler.frontier.priority_queue.DiskPriorityQueue"
DUPEFILTER_CLASS = "crawler.frontier.dupefilter.DuplicateFilter"

# Lines are synced to disk, and their URLs marked as done, after this many lines or this many seconds, whichever comes
# first.
COPYDESK_OUTPUT_SYNC_LINES = 50
COPYDESK_OUTPUT_SYNC_SECONDS = 2.0

# Near-duplicates of known texts, at other URLs or sites: mark, drop or off. Texts with 0.8 of their three-word
# sequences in common are from one agency text.
COPYDESK_DUPLICATES = "mark"
COPYDESK_DUPLICATES_THRESHOLD = 0.8
# Revisions of an article for each day since it was first written; 0 for any number. An article is fetched again after
# 1, 4, 24 and 72 hours, and whenever its listing declares a change.
COPYDESK_REVISIONS_PER_DAY = 10

# Rights that publishers reserve (Content-Usage, Content-Signal, TDMRep, noai, RSL): record them, obey them (such pages
# are not written), or off. What the articles are used for: search, ai-input, ai-train or tdm; empty for all but search.
COPYDESK_RIGHTS = "record"
COPYDESK_USE = ""

# The archive of what is fetched, as WARC files: a folder, or a URL that fsspec knows (s3://bucket/news); empty for
# none. Bytes after which another file is begun: WARC files have about 1 GB (ISO 28500, annex C).
COPYDESK_ARCHIVE = ""
COPYDESK_ARCHIVE_MAXSIZE = 1_000_000_000
# WARC files, or the folder of an archive, that answer all requests of the crawl in place of the network.
COPYDESK_REPLAY = ""

# A fleet (scrapy fleet): seconds after the last heartbeat of a worker after which its jobs go to another one, longer
# than any restart of the database; and between two crawls of one host, as long as the longest Crawl-delay.
COPYDESK_FLEET_TAKEOVER = 60.0
COPYDESK_FLEET_REST = 60.0
# Which environment variables and files of a worker the sites of a fleet may name, as patterns: env:SITE_*,
# file:/etc/copydesk/*. The job of a crawl, which the worker sets: NUMBER:WORKER.
COPYDESK_FLEET_SECRETS: list[str] = []
COPYDESK_FLEET_JOB = ""

# The run report: run.json in the folder of the first local output, and a file for Prometheus's textfile collector where
# one is named.
COPYDESK_REPORT_PATH = "auto"
COPYDESK_PROMETHEUS_PATH = ""

# Alarms: what broke since the last run, and what is well again, once each. By mail: to whom, from whom, the server
# (smtp://host, smtps://name@host, smtp+starttls://name@host) and its password; to a webhook, as JSON, signed with a
# secret. Secrets are env:NAME or file:PATH. A digest of each day: daily, or empty.
COPYDESK_ALARM_MAIL: list[str] = []
COPYDESK_ALARM_FROM = ""
COPYDESK_ALARM_SMTP = "smtp://localhost"
COPYDESK_ALARM_SMTP_PASSWORD = ""
COPYDESK_ALARM_WEBHOOK = ""
COPYDESK_ALARM_SECRET = ""
COPYDESK_ALARM_DIGEST = ""

# Articles go through the item pipelines as dictionaries, rejections do not.
ITEM_PROCESSOR = "crawler.output.feeds.item_processor.ItemProcessor"

# Output: UTF-8 JSON Lines; a local file has only whole lines at any time. Rejections go to a separate file in the same
# folder.
FEED_EXPORT_ENCODING = "utf-8"
FEED_STORE_EMPTY = True
FEED_STORAGES = {
    **dict.fromkeys(("", "file"), "crawler.output.feeds.storages.LineFileStorage"),
    "stdout": "crawler.output.feeds.storages.StandardOutputStorage",
    **dict.fromkeys(("postgresql", "postgres"), "crawler.output.databases.storage.DatabaseStorage"),
}
FEED_EXPORTERS = {
    **dict.fromkeys(("jsonlines", "jsonl", "jl", "gz", "zst"), "crawler.output.formats.exporters.RecordExporter"),
    "csv": "crawler.output.formats.exporters.CsvExporter",
    "xml": "crawler.output.formats.exporters.XmlExporter",
    "json": "crawler.output.formats.exporters.JsonExporter",
    "marshal": "crawler.output.formats.exporters.MarshalExporter",
    "pickle": "crawler.output.formats.exporters.PickleExporter",
    "documents": "crawler.output.formats.exporters.DocumentExporter",
    "jsonld": "crawler.output.formats.exporters.JsonLdExporter",
    "ninjs": "crawler.output.formats.exporters.NinjsExporter",
    "parquet": "crawler.output.formats.parquet_exporter.ParquetExporter",
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.fetching.network.address_guard.AddressGuard": 50,  # before robots.txt is requested
    "crawler.fetching.politeness.site_budget.SiteBudget": 60,
    "crawler.fetching.politeness.robots.Robots": 100,
    "crawler.fetching.politeness.backoff.HostBackoff": 560,  # sees a failure before RetryMiddleware (550) retries
    "crawler.fetching.network.redirects.Refresh": 580,
    "crawler.fetching.politeness.walls.Walls": 585,  # after HttpCompressionMiddleware (590), before any of these acts
    "crawler.fetching.network.redirects.Redirect": 600,
    "crawler.fetching.network.sessions.SessionProxy": 740,  # before HttpProxyMiddleware (750)
    "crawler.fetching.demo.site.DemoRoute": 740,
    # after HttpCacheMiddleware (900), which keeps requests; they see a response before anything copies its request
    "crawler.fetching.network.sessions.BasicAuth": 950,
    "crawler.fetching.network.sessions.SessionHeaders": 960,
    "crawler.fetching.network.signatures.Signatures": 970,
}
SPIDER_MIDDLEWARES = {
    # it drops long URLs without a rejection; AddressGuard refuses them with a reason
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
# Scrapy's own extensions without telnet and remote control, which are switched off above: to name them as None in
# EXTENSIONS imports them all the same, and remote control brings a web server, which takes a sixth of a second.
EXTENSIONS_BASE = {
    path: order
    for path, order in default_settings.EXTENSIONS_BASE.items()
    if not path.startswith(("scrapy.extensions.telnet.", "scrapy.extensions.remote_control."))
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "crawler.output.feeds.feed_exporter.CheckedFeedExporter": 0,
    "crawler.log_sanitizer.LogSanitizer": 0,
    "crawler.fetching.politeness.throttle.Throttle": 0,
    "crawler.cleaning.CleaningWorkers": 0,
    "crawler.run_report.status.RunStatus": 0,
    "crawler.run_report.report.Report": 0,
    "crawler.fetching.shutdown.GracefulShutdown": 0,
    "crawler.fetching.loop_watch.LoopWatch": 0,
    "crawler.run_report.progress.Progress": 0,
    "crawler.archive.recorder.Archive": 0,
    "crawler.output.delivery.delivery.Delivery": 900,  # hears of an item after the archive and the report
    "crawler.items.ItemTracker": 900,  # sees an item after Scrapy's FeedExporter has written it
    "crawler.fetching.demo.site.DemoSite": 0,
}

LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%H:%M:%S"
LOGSTATS_INTERVAL = 30.0
STATS_DUMP = False
