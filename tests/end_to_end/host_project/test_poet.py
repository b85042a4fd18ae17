"""web-poet page objects in another project: fields of Copydesk's, overrides of a site, fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.host_project.project import Environment, lines, spider, start_project

pytestmark = pytest.mark.crawl

SETTINGS = """
ADDONS = {"scrapy_poet.Addon": 300, "copydesk.crawler.addon.poet.Addon": 310}
SCRAPY_POET_DISCOVER = ["crawler.pages"]
DOWNLOAD_DELAY = 0
ROBOTSTXT_OBEY = False
COPYDESK_SITE_RULES = "sites"
ITEM_PIPELINES = {"zyte_common_items.pipelines.DropLowProbabilityItemPipeline": 0}
"""

PAGES = """
from web_poet import field, handle_urls
from copydesk.crawler.addon.poet import CopydeskArticlePage


@handle_urls("valley-courier.example", instead_of=CopydeskArticlePage)
class ValleyPage(CopydeskArticlePage):
    @field
    def headline(self):
        return self.css("h1::text").get().upper()

    @field
    async def description(self):
        return f"{len(self.cleaned.article.text.split())} words"
"""

SPIDERS = """
import scrapy
from zyte_common_items import Article
from copydesk.crawler.addon.poet import CopydeskArticlePage


class Items(scrapy.Spider):
    name = "items"

    def __init__(self, urls):
        super().__init__()
        self.start_urls = urls.split(",")

    async def parse(self, response, article: Article):
        yield article


class Pages(Items):
    name = "pages"

    async def parse(self, response, page: CopydeskArticlePage):
        yield await page.to_item()
"""

STORY = "http://harbour-post.example/news/quay-lights/"
LISTING = "http://harbour-post.example/news/"

CHECK = """
from pathlib import Path
from web_poet.testing import Fixture
from copydesk.crawler.addon.poet import CopydeskArticlePage
for folder in Path("fixtures").glob("*/*"):
    fixture = Fixture(folder)
    assert fixture.get_output(CopydeskArticlePage) == fixture.get_expected_output(), folder
    print(folder)
"""


@pytest.fixture
def project(env: Environment, tmp_path: Path) -> Path:
    made = start_project(env, tmp_path, SETTINGS, pages=PAGES)
    spider(made, "spiders", SPIDERS)
    (made / "sites").mkdir()
    rule = '[[site]]\nhosts = ["harbour-post.example"]\ntitle = "//h1"\n'
    (made / "sites" / "harbour.toml").write_text(rule)
    return made


@pytest.mark.parametrize("name", ["items", "pages"])
def test_the_article_of_zyte_common_items(env: Environment, project: Path, proxy: str, name: str) -> None:
    other = "http://valley-courier.example/2026/10/no-14-bus-saved-for-a-year/"
    urls = f"{STORY},{LISTING},{other}"
    run = env.run("scrapy", "crawl", name, "-a", f"urls={urls}", "-o", "a.jsonl", cwd=project, http_proxy=proxy)
    assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
    found = {one["url"]: one for one in lines(project / "a.jsonl")}
    assert set(found) == {STORY, other}, "a page that is no article is dropped by its probability"
    story = found[STORY]
    assert story["headline"] == "Councillors vote to keep quay lights burning all night"
    assert (story["datePublished"], story["inLanguage"]) == ("2026-10-27T21:05:00+01:00", "en")
    assert [one["name"] for one in story["authors"]] == ["Tobin Ashe", "Mara Dell"]
    assert story["articleBody"].startswith("The 64 lamps along Ebbwick’s quays")
    assert story["articleBodyHtml"].startswith('<article>\n\n<figure><img src="http://harbour-post.example/media/')
    assert "\n<p>The 64 lamps" in story["articleBodyHtml"]
    assert "<h2>How they voted</h2>" in story["articleBodyHtml"]
    assert story["metadata"]["probability"] > 0.9
    assert story["mainImage"]["url"].startswith("http://harbour-post.example/media/")
    assert found[other]["headline"].isupper()
    assert found[other]["description"].endswith(" words")
    assert "'copydesk/rejected/listing': 1" in run.stderr or "'copydesk/rejected/no_text': 1" in run.stderr


def test_a_fixture_is_saved_and_holds(env: Environment, project: Path, proxy: str) -> None:
    page = "copydesk.crawler.addon.poet.page.CopydeskArticlePage"
    run = env.run("scrapy", "savefixture", page, STORY, cwd=project, http_proxy=proxy)
    assert run.returncode == 0, run.stderr
    own = {"PYTHONPATH": str(project), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    check = env.run("python", "-c", CHECK, cwd=project, **own)
    assert check.returncode == 0, check.stderr
    assert check.stdout.count("CopydeskArticlePage") == 1
    inputs = {path.name for path in project.glob("fixtures/*/*/inputs/*")}
    assert inputs == {"HttpResponse-body.html", "HttpResponse-info.json"}, "the response alone: the test cleans it anew"
