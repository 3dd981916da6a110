"""Make the picture of docs/page.md with Debian's chromium and salac[dev]: `python docs/figures/page.py`."""

import shutil
import threading
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from readme import SKETCHES

import salac
from salac.ui.server import address, serving

TARGET = Path(__file__).with_name("page.png")
DRAWING = next(path for path in SKETCHES if path.stem == "anime-bust")


def main() -> None:
    """Write page.png beside this file."""
    with (
        serving(salac.Colorizer.from_pretrained(), "127.0.0.1", 0) as (server, bound),
        sync_playwright() as driver,
    ):
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(address(bound))
        page.locator("#drawing input[type=file]").set_input_files(DRAWING)
        page.locator("#variations button img").nth(7).wait_for()
        page.locator("#variations button img").nth(3).click()
        page.get_by_text("Colors of seed 3").wait_for()
        page.get_by_text("Every stage").click()
        page.locator("#steps button img").nth(6).wait_for()
        page.mouse.move(0, 0)
        page.wait_for_timeout(2000)
        page.screenshot(path=TARGET, full_page=True)
        browser.close()
        server.should_exit = True
        thread.join()
    # A screenshot has few colors: a palette makes it a quarter of the size.
    with Image.open(TARGET) as shot:
        shot.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
