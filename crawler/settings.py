"""The map of a crawl: every setting with its default and its reason. docs/settings.md lists what a user may change."""

from __future__ import annotations

import os

from crawler import __version__

BOT_NAME = "copydesk"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"

# Who we are: an honest name, and a way to reach whoever runs the crawl. The spider adds the contact.
CONTACT = ""
USER_AGENT = f"copydesk/{__version__} (news crawler)"
ROBOTSTXT_USER_AGENT = "copydesk"

# Politeness: one request a host at a time, at the pace the host answers, never faster than its Crawl-delay.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0.25
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0
COOKIES_ENABLED = False
# Hosts that get no delay but their own Crawl-delay: this machine, and .example, which names nothing on a network (RFC 2606).
UNTHROTTLED_HOSTS = ["127.0.0.1", "::1", "localhost", "example"]

# Nothing listens: both run code that reaches the port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# What may be asked for: http and https, at these ports, of public hosts; and what the user opens, as 127.0.0.1:8000,
# intranet.example or 10.1.0.0/16. 8080 and 8443 are where sites stand that have no right to the first two.
ALLOW_HOSTS: list[str] = []
ALLOW_PORTS = [80, 443, 8080, 8443]
# Browsers, caches and servers agree on 2,000 characters; of 320,000 addresses on news pages 83 have more, all of forms to share one.
URL_MAX_LENGTH = 2_000
TWISTED_DNS_RESOLVER = "crawler.network.resolver.Resolver"
DNS_TIMEOUT = 5
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "crawler.network.download_handler.BoundedDownloadHandler",
    "https": "crawler.network.download_handler.BoundedDownloadHandler",
    **dict.fromkeys(("file", "data", "ftp", "s3")),
}

# Bounds on what one answer may cost. News pages take seconds and have 4.6 MB at most; sitemaps may have 50 MB. With the
# deadline of a worker the timeout bounds what SIGTERM waits for: 30 s.
HEADERS_TIMEOUT = 10
HEADERS_MAXSIZE = 64_000
DOWNLOAD_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 64_000_000
PAGE_MAXSIZE = 10_000_000
# Text packs to a third, sitemaps to a thirtieth; deflate gives 1,032 at most, brotli and Zstandard have no end.
COMPRESSION_MAX_RATIO = 200
COMPRESSION_MAX_CODINGS = 2
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 2
RETRY_PRIORITY_ADJUST = 0  # behind what is known, before what traps invent until then
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
REDIRECT_MAX_TIMES = 8
# Results of one response handled at a time. Scrapy starts that many tasks for each response; an article is one result.
CONCURRENT_ITEMS = 1

# Cleaning: worker processes, and the seconds and megabytes one page may take there. 0 workers cleans in the crawling process.
CLEAN_WORKERS = min(2, os.cpu_count() or 1)
CLEAN_DEADLINE = 10.0
CLEAN_MEMORY = 1_000
# Bytes of responses that are being worked on; above, no more are asked for: slow workers slow the download, not fill the memory.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 5_000_000

# How sure the learnt labeller must be that a block is article: precision, balanced or recall. And whether each record says
# where its metadata came from.
FOCUS = "balanced"
EVIDENCE = False

# How far section pages are followed from a source, and how many pages one article may have.
SECTION_DEPTH = 2
ARTICLE_MAX_PAGES = 20

# What one run asks of a site at most; the rest is due in the next. A kind of address (/calendar/2031/05/) or a site that gave no
# article so many times in a row is not asked further: traps without end, told by what they give.
SITE_MAX_PAGES = 100_000
SITE_MAX_HOSTS = 100
TRAP_BARREN_PAGES = 200
SITE_BARREN_PAGES = 2_000
# Failures of a host in a row after which it is left for the next run: with the rests between them five minutes.
HOST_MAX_FAILURES = 30

# How much of a listing is read. Feeds have 10 to 100 entries, some a thousand; a sitemap may have 50,000 by the protocol, as may an
# index, but newspapers that keep one for each day of ten years have 3,650.
FEED_MAX_ENTRIES = 5_000
SITEMAP_MAX_URLS = 50_000
SITEMAP_MAX_SITEMAPS = 5_000

# What is known across runs: one file, beside Scrapy's other data (.scrapy/). Empty keeps nothing.
LEDGER_PATH = "ledger.sqlite"
LEDGER_CHECKED = False  # the crawl command sets it once it has read the file through

# What waits to be asked, and what was, is on the disk, in temporary files or in JOBDIR: a million addresses take no memory.
SCHEDULER_PRIORITY_QUEUE = "crawler.scheduling.priority_queue.DiskPriorityQueue"
DUPEFILTER_CLASS = "crawler.scheduling.dupefilter.DuplicateFilter"

# Lines are put on the disk, and their addresses marked done, this many or this many seconds at a time, whichever comes first.
OUTPUT_SYNC_LINES = 50
OUTPUT_SYNC_SECONDS = 2.0

# Texts found before, at other addresses or sites: mark, drop or off. 0.8 of runs of three words in common are one agency's text.
DUPLICATES = "mark"
DUPLICATES_THRESHOLD = 0.8

# What publishers reserve (robots.txt Content-Usage, TDMRep, noai): record it, obey it (such pages are not written), or off.
RIGHTS = "record"

# How the run went: run.json beside the first local output, and for Prometheus's textfile collector where a file is named.
REPORT_PATH = "auto"
PROMETHEUS_PATH = ""

# Output: UTF-8 JSON Lines; a local file only ever holds whole lines. Rejections go to a file of their own beside it.
FEED_EXPORT_ENCODING = "utf-8"
FEED_STORE_EMPTY = True
FEED_STORAGES = {
    "": "crawler.output.storages.LineFileStorage",
    "file": "crawler.output.storages.LineFileStorage",
    "stdout": "crawler.output.storages.StandardOutputStorage",
}
FEED_EXPORTERS = {
    "jsonlines": "crawler.output.storages.RecordExporter",
    "jsonl": "crawler.output.storages.RecordExporter",
    "jl": "crawler.output.storages.RecordExporter",
    "gz": "crawler.output.storages.RecordExporter",
    "zst": "crawler.output.storages.RecordExporter",
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.network.address_guard.AddressGuard": 50,  # before robots.txt is asked for
    "crawler.politeness.site_budget.SiteBudget": 60,
    "crawler.politeness.robots.Robots": 100,
    "crawler.politeness.backoff.HostBackoff": 560,  # hears of a failure before RetryMiddleware (550) asks again
    "crawler.network.redirects.Refresh": 580,
    "crawler.network.redirects.Redirect": 600,
    "crawler.network.basic_auth.BasicAuth": 650,  # hears of an answer before anything copies its request
    "crawler.demo.route.DemoRoute": 740,  # before HttpProxyMiddleware (750)
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.logstats.LogStats": None,
    "crawler.log_sanitizer.filter.LogSanitizer": 0,
    "crawler.politeness.throttle.Throttle": 0,
    "crawler.workers.cleaning.CleaningWorkers": 0,
    "crawler.reporting.outcome.RunOutcome": 0,
    "crawler.reporting.report.Report": 0,
    "crawler.shutdown.GracefulShutdown": 0,
    "crawler.reporting.progress.Progress": 0,
    "crawler.output.delivery.Delivery": 900,  # hears of an item after Scrapy's FeedExporter wrote it
    "crawler.demo.site.DemoSite": 0,
}

LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%H:%M:%S"
LOGSTATS_INTERVAL = 30.0
STATS_DUMP = False
