"""Another project, without the add-on and with it: what is its own works as before, and the features are there."""

from __future__ import annotations

import csv
import json
import pickle
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.end_to_end.host_project.project import Environment, lines, spider, start_project

pytestmark = pytest.mark.crawl

ADDON = 'ADDONS = {"copydesk.crawler.addon.Copydesk": 300}'

SETTINGS = """
DOWNLOAD_DELAY = 0
ROBOTSTXT_OBEY = False
HTTPCACHE_ENABLED = True
ITEM_PIPELINES = {"crawler.pipelines.Prices": 300}
FEED_EXPORTERS = {"seeking": "crawler.exporters.Seeking"}
"""

PIPELINES = """
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem


class Prices:
    def process_item(self, item):
        adapter = ItemAdapter(item)
        if adapter.get("name") == "dropped":
            raise DropItem("not wanted")
        adapter["seen_by"] = "prices"
        return item
"""

EXPORTERS = """
from scrapy.exporters import BaseItemExporter


class Seeking(BaseItemExporter):
    \"\"\"Moves in its file, as exporters of spreadsheets do.\"\"\"

    def __init__(self, file, **options):
        super().__init__(dont_fail=True, **options)
        self.file, self.count = file, 0

    def export_item(self, item):
        self.count += 1

    def finish_exporting(self):
        self.file.seek(0)
        self.file.write(f"{self.count} items\\n".encode())
"""

SHOP = """
import datetime
import scrapy


class Offer(scrapy.Item):
    name = scrapy.Field()
    at = scrapy.Field()
    seen_by = scrapy.Field()


class Shop(scrapy.Spider):
    name = "shop"

    def __init__(self, url):
        super().__init__()
        self.start_urls = [url]

    def parse(self, response):
        for name in ("rope", "dropped", "lamp"):
            yield Offer(name=name, at=datetime.date(2026, 11, 26))
        yield {"name": response.css("title::text").get(), "status": response.status}
"""

STORIES = """
import scrapy
from copydesk.crawler.addon import clean_response


class Stories(scrapy.Spider):
    name = "stories"

    def __init__(self, url):
        super().__init__()
        self.start_urls = [url]

    def parse(self, response):
        for link in response.xpath("//*[local-name()='loc']/text()").getall():
            if "/news/" in link:
                yield response.follow(link, self.article)

    async def article(self, response):
        yield await clean_response(response)
        yield {"name": response.url}
"""

OWN = """
from copydesk.crawler.spiders.news import NewsSpider


class Harbour(NewsSpider):
    name = "harbour"
    site = "http://harbour-post.example/"

    def wants(self, found):
        return "/culture/" not in found.url

    def is_article(self, article, response):
        return "ferry" not in article.url

    def extra_fields(self, article, response):
        return {"words": len(article.text.split()), "desk": ["night", "day"], "checked": None}
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """A server on loopback, which the URL policy does not allow unless a spider starts there."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<title>Chandler</title><a href='/rope'>Rope</a>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *values: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def project(env: Environment, folder: Path, *settings: str) -> Path:
    made = start_project(env, folder, "\n".join((SETTINGS, *settings)), pipelines=PIPELINES, exporters=EXPORTERS)
    for name, text in (("shop", SHOP), ("stories", STORIES), ("harbour", OWN)):
        spider(made, name, text)
    return made


@pytest.mark.real_command("what a project without the add-on imports is part of what is compared")
def test_other_spiders_work_as_before(env: Environment, shop: str, tmp_path: Path) -> None:
    found = []
    for name, settings in (("without", ""), ("with", ADDON)):
        (tmp_path / name).mkdir()
        place = project(env, tmp_path / name, settings)
        outputs = ["items.jsonl", "items.csv", "items.xml", "items.json", "items.pickle", "items.seeking"]
        options = [part for output in outputs for part in ("-o", output)]
        for _ in range(2):  # the second run appends what can be appended, and reads the pages from the cache
            run = env.run("scrapy", "crawl", "shop", "-a", f"url={shop}", *options, "-o", "items.jsonl", cwd=place)
            assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
        found.append([(place / output).read_bytes() for output in outputs])
        extra = {path.name for path in place.iterdir()} - {*outputs, "scrapy.cfg", "crawler", ".scrapy"}
        assert not extra, "nothing is left in the project of a spider that has no article"
    assert found[0] == found[1]
    assert lines(tmp_path / "with/crawler/items.jsonl")[0] == {"name": "rope", "at": "2026-11-26", "seen_by": "prices"}


def test_a_callback_cleans_and_each_article_is_written_once(env: Environment, proxy: str, tmp_path: Path) -> None:
    place = project(env, tmp_path, ADDON)
    args = ("scrapy", "crawl", "stories", "-a", "url=http://harbour-post.example/sitemap-articles.xml")
    run = env.run(*args, "-o", "a.jsonl", "-o", "a.csv", cwd=place, http_proxy=proxy)
    assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
    written = lines(place / "a.jsonl")
    articles, others = [one for one in written if "text" in one], [one for one in written if "text" not in one]
    assert len(articles) == len(others) > 3
    assert {one["seen_by"] for one in written} == {"prices"}
    assert all(one["revision"] == 1 and one["title"] and "\n" in one["text"] for one in articles)
    with (place / "a.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == len(written) + 1
    report = json.loads((place / "a.run.json").read_text())["sites"]["stories"]
    assert (report["found"], report["new"]) == (len(articles), len(articles))
    again = env.run(*args, "-o", "a.jsonl", cwd=place, http_proxy=proxy)
    assert again.returncode == 0, again.stderr
    added = lines(place / "a.jsonl")[len(written) :]
    assert [one for one in added if "text" in one] == []
    assert len(added) == len(others)  # its own items come in each run
    assert '"article/unchanged_count"' in again.stderr.replace("'", '"')


def test_a_spider_derived_from_the_news_spider(env: Environment, proxy: str, tmp_path: Path) -> None:
    place = project(env, tmp_path, ADDON, 'COPYDESK_ALLOW_HOSTS = ["127.0.0.1"]')
    run = env.run("scrapy", "crawl", "harbour", "-o", "a.jsonl", cwd=place, http_proxy=proxy)
    assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
    written = lines(place / "a.jsonl")
    assert len(written) > 5
    assert not [one["url"] for one in written if "/culture/" in one["url"] or "ferry" in one["url"]]
    for one in written:
        assert one["extra"] == {"words": len(one["text"].split()), "desk": ["night", "day"], "checked": None}
        assert one["seen_by"] == "prices"
    rejected = {one["url"]: one["reason"] for one in lines(place / "a.rejections.jsonl")}
    assert rejected["http://harbour-post.example/news/ferry-timetable/"] == "spider"
    report = json.loads((place / "a.run.json").read_text())["sites"]["http://harbour-post.example/"]
    assert report["not_fetched"]["spider"] >= 3
    assert env.run("scrapy", "crawl", "harbour", "-o", "a.jsonl", cwd=place, http_proxy=proxy).returncode == 0
    assert len(lines(place / "a.jsonl")) == len(written)
    runs = env.run("scrapy", "runs", cwd=place)
    assert (runs.returncode, runs.stdout.count(f"{len(written)}")) >= (0, 1), runs.stderr


@pytest.mark.parametrize("form", ["jsonl", "json", "documents"])
def test_an_output_that_is_overwritten_has_all_of_each_run(
    env: Environment, proxy: str, tmp_path: Path, form: str
) -> None:
    feeds = f'FEEDS = {{"a.{form}": {{"format": "{form}", "overwrite": True}}}}'
    place = project(env, tmp_path, ADDON, feeds)
    if form == "documents":  # it has articles alone
        spider(place, "stories", STORIES.replace('yield {"name": response.url}', "pass"))
    args = ("scrapy", "crawl", "stories", "-a", "url=http://harbour-post.example/sitemap-articles.xml")
    found = []
    for _ in range(2):
        run = env.run(*args, cwd=place, http_proxy=proxy)
        assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
        found.append(len((place / f"a.{form}").read_text("utf-8").splitlines()))
    assert found == [found[0]] * 2
    assert found[0] > 4


DATES = """
import datetime


class Prices:
    def process_item(self, item):
        if "text" in item:
            item["seen"] = datetime.datetime(2026, 11, 26, 12)
            item["words"] = {"one"}
        return item
"""


def test_a_pipeline_may_add_what_json_does_not_have(env: Environment, proxy: str, tmp_path: Path) -> None:
    names = ["a.jsonl", "a.csv", "a.xml", "a.documents", "a.parquet", "a.pickle"]
    feeds = {name: {"format": name.partition(".")[2]} for name in names}
    place = project(env, tmp_path, ADDON, f"FEEDS = {feeds}")
    (place / "crawler" / "pipelines.py").write_text(DATES)
    spider(place, "stories", STORIES.replace('yield {"name": response.url}', "pass"))
    args = ("scrapy", "crawl", "stories", "-a", "url=http://harbour-post.example/sitemap-articles.xml")
    run = env.run(*args, cwd=place, http_proxy=proxy)
    assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
    seen = {(one["seen"], *one["words"]) for one in lines(place / "a.jsonl")}
    assert seen == {("2026-11-26T12:00:00", "one")}
    assert all((place / name).stat().st_size > 1000 for name in names)


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ("fetch", {"a.jsonl", "a.run.json"}),
        ("ledger", {"a.jsonl"}),
        ("output", {"a.jsonl", "a.run.json"}),
        ("report", {"a.jsonl"}),
    ],
)
def test_each_feature_can_be_switched_off(
    env: Environment, proxy: str, tmp_path: Path, off: str, expected: set[str]
) -> None:
    features = [one for one in ("fetch", "clean", "ledger", "output", "report") if one != off]
    place = project(env, tmp_path, ADDON, f"COPYDESK_FEATURES = {features}")
    args = ("scrapy", "crawl", "stories", "-a", "url=http://harbour-post.example/sitemap-articles.xml")
    counts = []
    for _ in range(2):
        run = env.run(*args, "-o", "a.jsonl", cwd=place, http_proxy=proxy)
        assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
        counts.append(sum("text" in one for one in lines(place / "a.jsonl")))
    assert (counts[1] == counts[0]) is (off != "ledger")
    assert {path.name for path in place.iterdir() if path.is_file()} - {"scrapy.cfg"} == expected


def test_an_exporter_that_fails_loses_no_article(env: Environment, proxy: str, tmp_path: Path) -> None:
    place = project(env, tmp_path, ADDON)
    (place / "crawler" / "exporters.py").write_text(
        EXPORTERS.replace("self.count += 1", "self.count += 1\n        if self.count == 3: raise OSError('tired')")
    )
    args = ("scrapy", "crawl", "stories", "-a", "url=http://harbour-post.example/sitemap-articles.xml")
    run = env.run(*args, "-o", "a.seeking", cwd=place, http_proxy=proxy)
    assert "OSError: tired" in run.stderr
    again = env.run(*args, "-o", "b.jsonl", cwd=place, http_proxy=proxy)
    assert again.returncode == 0, again.stderr
    assert sum("text" in one for one in lines(place / "b.jsonl")) == 1


def test_pickles_and_tracebacks_name_the_installed_modules(env: Environment, tmp_path: Path) -> None:
    script = (
        "import pickle, sys; from copydesk.cleaners import Page, clean\n"
        "article = clean(Page(url='http://a.example/x', body=open(sys.argv[1], 'rb').read()))\n"
        "open('article.pickle', 'wb').write(pickle.dumps(article)); print(type(article).__module__)\n"
        "try: Page(url='http://a.example/', body='text')\n"
        "except TypeError as error:\n"
        "    frame = error.__traceback__.tb_next.tb_next or error.__traceback__.tb_next\n"
        "    print(frame.tb_frame.f_code.co_filename, frame.tb_lineno)\n"
    )
    page = Path(__file__).parents[3] / "fixtures/sites/harbour-post.example/news/quay-lights/index.html"
    run = env.run("python", "-c", script, str(page), cwd=tmp_path)
    module, place = run.stdout.splitlines()
    assert module == "copydesk.cleaners.types.record", run.stderr
    assert b"copydesk.cleaners.types.record" in (tmp_path / "article.pickle").read_bytes()
    file, number = place.rsplit(" ", 1)
    here = Path(__file__).parents[3] / "cleaners/types/page.py"
    assert file.endswith("copydesk/cleaners/types/page.py")
    assert here.read_text().splitlines()[int(number) - 1].strip().startswith("raise TypeError")
    with pytest.raises(ModuleNotFoundError):
        pickle.loads((tmp_path / "article.pickle").read_bytes())  # noqa: S301  our own


def test_the_demo_and_the_commands_run_in_any_folder(env: Environment, tmp_path: Path) -> None:
    run = env.run("copydesk", "crawl", "news", "-o", "a.jsonl", cwd=tmp_path)
    assert (run.returncode, len(lines(tmp_path / "a.jsonl"))) == (0, 14), run.stderr
    assert (tmp_path / ".scrapy" / "ledger.sqlite").exists()
    runs = env.run("copydesk", "runs", cwd=tmp_path)
    assert runs.returncode == 0, runs.stderr
    report = env.run("copydesk", "report", "--no-open", cwd=tmp_path)
    assert (report.returncode, (tmp_path / "report.html").exists()) == (0, True), report.stderr
