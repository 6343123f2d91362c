"""The page in a real Chromium: drawn, quiet, true to the tables, and reaching nothing outside its file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from jobs.dev.setup.browser import find_chromium
from jobs.lake.tables import Lake
from jobs.page.build import write_page
from jobs.page.charts import CHARTS
from tests.jobs.page.shop import CLOSED, EVIL, SCENES, dau, days, whole_shop, write_activity

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 280_000  # Chromium on a busy two-core machine was seen to stand still for three minutes
MARKS = "g[class*='role-mark'] :is(path, rect, line):not(.background)"


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    chromium = find_chromium()
    assert chromium is not None, "no Chromium: `make setup-browser` sees to it"
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as profile:
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=chromium, headless=True, args=FLAGS, locale="en-US"
        )
        yield context
        context.close()


@dataclass
class Opened:
    """An open page, and everything that it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def drawn(self) -> None:
        self.page.wait_for_function("document.documentElement.dataset.drawn === 'true'")

    def cell(self, name: str) -> str:
        found = self.page.locator(f'[data-cell="{name}"]')
        return (found.text_content() or "").strip()

    def tile(self, name: str) -> str:
        return self.page.locator(f'#overview [data-metric="{name}"] .reading').first.inner_text()

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.drawn()

    def lines(self) -> list[str]:
        paths = self.page.locator('[data-slot="0"] g.mark-line path')
        return [path.get_attribute("d") or "" for path in paths.all()]


def opened(browser: BrowserContext, file: Path, width: int = 1440) -> Opened:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.set_viewport_size({"width": width, "height": 900})
    found = Opened(page)
    page.on("console", lambda message: found.said.append(message.text))
    page.on("pageerror", lambda error: found.said.append(str(error)))
    page.on("request", lambda request: found.asked.append(request.url))
    page.goto(file.as_uri())
    found.drawn()
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole")
    return write_page(whole_shop(root / "lake"), root / "site")


@pytest.fixture
def shop(browser: BrowserContext, whole: Path) -> Iterator[Opened]:
    found = opened(browser, whole)
    yield found
    found.page.close()


def undrawn(page: Page) -> list[str]:
    charts = page.locator(".chart").all()
    return [chart.get_attribute("data-chart") or "" for chart in charts if chart.locator(MARKS).count() == 0]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_every_chart_is_drawn_the_console_stays_empty_and_nothing_is_asked_of_a_network(
    shop: Opened, whole: Path
) -> None:
    names = {chart.get_attribute("data-chart") for chart in shop.page.locator(".chart").all()}
    assert names == {chart.__name__ for chart in CHARTS}
    assert undrawn(shop.page) == []
    shop.click('[data-lang="zh"]')
    assert undrawn(shop.page) == []
    shop.click("#theme")
    assert undrawn(shop.page) == []
    assert shop.said == []
    assert [url for url in shop.asked if not url.startswith(("data:", "about:"))] == [whole.as_uri()]


def test_numbers_read_from_the_page_equal_the_tables(shop: Opened) -> None:
    shop.page.locator('[data-slot="0"] summary').click()
    for day in days():
        for scene in ("search", "cart", "home"):
            assert shop.cell(f"{day}.{scene}") == str(dau(SCENES[scene][2], day))
    assert shop.tile("dau") == "111"
    assert shop.tile("stickiness") == "30.8%"
    assert shop.tile("gmv_paid") == "1,021.25"
    assert shop.tile("D7") == "7.8%"
    assert shop.cell("scene.dau") == "61"
    assert shop.cell("quarantined.bad_time") == "5"
    assert shop.page.locator("#closed").inner_text() == f"Closed through {CLOSED}"


def test_the_picker_changes_the_series(shop: Opened) -> None:
    before = shop.lines()
    shop.click('.members [data-scope="home"]')
    after = shop.lines()
    assert len(after) < len(before) and set(after) != set(before)
    shop.page.locator("#search").fill("IDLE")
    assert shop.page.locator(".members button").count() == 1
    shop.page.locator("#search").press("Enter")
    shop.drawn()
    chips = shop.page.locator(".chip").all_inner_texts()
    assert [text.replace("×", "").strip() for text in chips] == ["Search", "Cart", "Idle corner"]
    shop.click('.kinds [data-value="all"]')
    assert shop.page.locator(".chip").all_inner_texts() == ["Everything"]


def test_a_cell_that_is_not_complete_reads_not_known_yet_in_both_languages(shop: Opened) -> None:
    shop.click('#retention [data-value="day"]')
    assert shop.cell("2026-03-14.D7") == "17.5%"
    assert shop.cell("2026-03-15.D7") == "not known yet"
    assert (
        shop.page.locator('[data-cell="2026-03-15.D7"]').get_attribute("title") == "at least 0 of 40 so far"
    )
    shop.click('[data-lang="zh"]')
    assert shop.cell("2026-03-15.D7") == "尚未可知"


def test_cohorts_of_a_week_are_known_once_all_of_them_are_complete(shop: Opened) -> None:
    assert shop.cell("2026-03-09.D3") == "7.5%"
    assert shop.cell("2026-03-16.D3") == "not known yet"


def test_a_complete_cell_without_a_value_is_a_dash_with_its_reason(shop: Opened) -> None:
    shop.click('.members [data-scope="idle"]')
    shop.page.locator('[data-slot="0"] select').select_option("stickiness")
    shop.drawn()
    assert shop.cell(f"{CLOSED}.idle") == "–"
    cell = shop.page.locator(f'[data-cell="{CLOSED}.idle"]')
    assert cell.get_attribute("title") == "there is nothing to divide by"
    assert shop.cell("2026-03-22.idle") == "not known yet"
    registered = shop.page.locator('#orders [data-metric="new_registered"]')
    assert "–" in registered.inner_text() and "the source does not say" in registered.inner_text()


def test_a_metric_without_any_value_is_said_in_words_and_not_drawn(shop: Opened) -> None:
    shop.page.locator('[data-slot="0"] select').select_option("anonymous_events")
    shop.drawn()
    assert "There is no value to draw" in shop.page.locator('section[data-slot="0"]').inner_text()
    assert undrawn(shop.page) == [] and shop.said == []


def test_chinese_names_take_the_place_of_english_ones(shop: Opened) -> None:
    shop.click('[data-lang="zh"]')
    assert shop.page.title() == "用户活跃度 · ActiveLake"
    assert "搜索" in shop.page.locator(".chip").first.inner_text()
    assert "数据已关账至" in shop.page.locator("#closed").inner_text()


def test_text_of_users_stays_text(shop: Opened) -> None:
    row = shop.page.locator(".members button", has_text=EVIL)
    assert row.count() == 1
    row.click()
    shop.drawn()
    assert EVIL in shop.page.locator(".chips").inner_text()
    assert shop.page.evaluate("window.hacked") is None


def test_gates_that_failed_are_named_and_the_verdict_counts_them(shop: Opened) -> None:
    assert shop.page.locator("#gates-said").inner_text() == "1 of 2 gates failed"
    assert "wau holds dau" in shop.page.locator("#failed").inner_text()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_window(browser: BrowserContext, whole: Path, width: int) -> None:
    found = opened(browser, whole, width)
    assert overflow(found.page) <= 0
    found.click('[data-lang="zh"]')
    assert overflow(found.page) <= 0
    found.page.close()


def test_a_lake_without_orders_and_audits_still_gives_a_page_in_one_language(
    browser: BrowserContext, tmp_path: Path
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    write_activity(lake, {"search": ("Search", "搜索", 5)})
    found = opened(browser, write_page(lake, tmp_path / "site", ("zh",)))
    assert "数据源未接入" in found.page.locator("#orders").inner_text()
    assert "尚未运行过审计" in found.page.locator("#quality").inner_text()
    assert not found.page.locator("#languages").is_visible()
    assert undrawn(found.page) == [] and found.said == []
    found.page.close()


def test_a_hundred_scenes_are_found_by_name_and_drawn(browser: BrowserContext, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    write_activity(lake, {f"scene_{n}": (f"Hall {n}", f"{n} 号厅", n) for n in range(1, 101)})
    found = opened(browser, write_page(lake, tmp_path / "site"), 390)
    assert found.page.locator(".members button").count() == 100
    assert found.page.locator(".members .name").first.inner_text().startswith("Hall 100")
    found.page.locator("#search").fill("hall 42")
    assert found.page.locator(".members button").count() == 1
    before = found.lines()
    found.click(".members button")
    assert found.lines() != before
    assert overflow(found.page) <= 0 and found.said == []
    found.page.close()
