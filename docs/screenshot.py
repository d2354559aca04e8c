"""Takes the picture of the agent's screen that the README shows, from a running service.

    python docs/screenshot.py http://127.0.0.1:3000/agent/ 2143 --language en

walks as an agent does (search, suggest) and writes docs/agent-screen.png.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

__all__ = ["take_screenshot"]

TARGET = Path(__file__).parent / "agent-screen.png"
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def take_screenshot(
    address: str,
    customer_id: str,
    target: Path = TARGET,
    *,
    language: str = "en",
    width: int = 1280,
    scheme: str = "light",
) -> None:
    """Write a PNG of the decision page of a customer; `address` is that of the agent's pages.

    width in CSS pixels; scheme: light or dark. Raises FileNotFoundError where no Chromium is installed.
    """
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise FileNotFoundError("No chromium is on the PATH; install it (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        page = browser.new_page(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page.goto(f"{address.rstrip('/')}/?q={customer_id}&lang={language}")
        page.locator("tr", has=page.get_by_role("rowheader", name=customer_id, exact=True)).get_by_role(
            "button"
        ).click()
        page.locator("#offers-title").wait_for(state="attached")
        page.screenshot(path=target, full_page=True)
        browser.close()


def main() -> None:
    """Read the command line and take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the agent's pages, with /agent/")
    parser.add_argument("customer_id")
    parser.add_argument("--language", choices=("zh-CN", "en"), default="en")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--width", type=int, default=1280, help="CSS pixels")
    parser.add_argument("--target", type=Path, default=TARGET)
    given = parser.parse_args()
    take_screenshot(
        given.address,
        given.customer_id,
        given.target,
        language=given.language,
        width=given.width,
        scheme=given.scheme,
    )


if __name__ == "__main__":
    main()
