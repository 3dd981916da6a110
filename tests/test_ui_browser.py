"""The page of `salac ui` as a visitor uses it, in a real browser: Debian's chromium, driven by Playwright."""

import gc
import shutil
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from psd_tools import PSDImage

import salac
from salac.image import read_picture

server = pytest.importorskip("salac.ui.server", reason="the page needs the extra [ui]", exc_type=ImportError)
playwright = pytest.importorskip("playwright.sync_api", reason="the browser is driven by Playwright: pip install it")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no browser: apt-get install chromium"),
    # Gradio asks pandas for what it is about to drop, and leaves files open whose readers went away.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]

SKETCHES = Path(salac.__file__).parent / "ui" / "examples"
PORTRAIT, SQUIRREL = SKETCHES / "portrait.png", SKETCHES / "squirrel.png"
PATIENCE = 120_000
"""Milliseconds, for busy machines; seconds are meant."""
WIDE, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The page with the bundled model."""
    with server.serving(salac.Colorizer.from_pretrained(), "127.0.0.1", 0) as (running, bound):
        thread = threading.Thread(target=running.run, args=([bound],))
        thread.start()
        yield server.address(bound)
        running.should_exit = True
        thread.join()
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Headless machines have no graphics card, and containers no room for Chromium's own sandbox.
    flags = ["--no-sandbox", "--enable-unsafe-swiftshader"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


class Visitor:
    """One who does what the page offers, and waits for what comes of it."""

    def __init__(self, browser: Any, site: str, size: tuple[int, int]):
        self.page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.page.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(site)

    def drop(self, path: str | Path) -> None:
        self.page.locator("#drawing input[type=file]").set_input_files(path)

    def see(self, text: str) -> None:
        self.page.locator("#caption").get_by_text(text).wait_for()

    def see_variations(self) -> None:
        self.page.locator("#variations button img").nth(7).wait_for()

    def result(self) -> str:
        return self.page.locator("#result img").get_attribute("src")

    def see_another_result(self, than: str) -> None:
        self.page.wait_for_function("than => document.querySelector('#result img')?.src !== than", arg=than)

    def palette(self) -> list[str]:
        return self.page.locator("#palette .hex").evaluate_all("fields => fields.map(field => field.value)")

    def download(self, button: str, folder: Path) -> Path:
        with self.page.expect_download() as coming:
            self.page.get_by_role("button", name=button).click()
        coming.value.save_as(folder / coming.value.suggested_filename)
        return folder / coming.value.suggested_filename


def test_a_drawing_is_dropped_varied_steered_and_downloaded(browser, site, tmp_path) -> None:
    visitor = Visitor(browser, site, WIDE)
    visitor.drop(PORTRAIT)
    visitor.see("seed 0")
    visitor.see_variations()

    visitor.page.locator("#variations button img").nth(2).click()
    visitor.see("seed 2")
    colored = read_picture(visitor.download("Save PNG", tmp_path))
    assert np.array_equal(colored, salac.colorize(PORTRAIT, seed=2).image)

    field = visitor.page.locator("#palette .hex").first
    field.fill("#2f4f9f")
    field.press("Enter")
    visitor.page.get_by_role("button", name="Color with this palette").click()
    visitor.see("your palette")

    before = visitor.result()
    visitor.page.get_by_role("tab", name="Scribbles").click()
    canvas = visitor.page.locator("#easel canvas").first
    canvas.wait_for()
    visitor.page.wait_for_timeout(2000)  # the drawing is laid on the canvas, and nothing in the page says when
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.mouse.move(x - 60, y + 90)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x - 50, y + 110, steps=5)
    visitor.page.mouse.up()
    visitor.page.get_by_role("button", name="Color with these scribbles").click()
    visitor.see_another_result(before)
    visitor.page.wait_for_function(
        "() => [...document.querySelectorAll('#palette .hex')].some(f => f.value == '#c8202a')"
    )

    layers = PSDImage.open(visitor.download("Save PSD", tmp_path))
    assert [layer.name for layer in layers] != []
    assert layers.size == read_picture(PORTRAIT).shape[1::-1]
    assert visitor.errors == []
    assert [url for url in visitor.requests if not url.startswith((site, "data:", "blob:"))] == []


def test_a_bad_file_is_told_and_the_page_goes_on(browser, site, tmp_path) -> None:
    (tmp_path / "notes.png").write_text("these are notes")
    visitor = Visitor(browser, site, PHONE)
    visitor.drop(tmp_path / "notes.png")
    visitor.page.get_by_text("is no picture this library reads").wait_for()
    visitor.drop(SQUIRREL)
    visitor.see("seed 0")


def test_visitors_do_not_see_each_other(browser, site) -> None:
    one, other = Visitor(browser, site, WIDE), Visitor(browser, site, WIDE)
    one.drop(PORTRAIT)
    one.see("870 × 870")
    assert other.page.locator("#result img").count() == 0
    other.drop(SQUIRREL)
    other.see("808 × 1100")
    one.see_variations()
    one.page.locator("#variations button img").nth(1).click()
    one.see("seed 1. 870 × 870")


def test_a_phone_shows_all_without_scrolling_sideways(browser, site) -> None:
    visitor = Visitor(browser, site, PHONE)
    visitor.page.locator("#drawing").wait_for()
    visitor.page.locator("button.gallery-item").first.click()
    visitor.see("seed 0")
    visitor.see_variations()
    visitor.page.get_by_text("Every stage").click()
    visitor.page.locator("#steps button img").nth(6).wait_for()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    for name in ("#drawing", "#result", "#variations", "#palette", "#steps"):
        box = visitor.page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]
