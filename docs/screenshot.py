"""Takes the picture of the agent's screen that the README shows, from a running service.

    python docs/screenshot.py http://127.0.0.1:3000/agent/ C00000740 --language en --name demo.agent

walks as an agent does (sign in, search, suggest, say why) and writes docs/agent-screen.png. The password is asked for
on the terminal, or read as one line of standard input.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

__all__ = ["keep_small", "opened_browser", "opened_page", "sign_in", "take_screenshot"]

REASON = "a picture for the documentation"
TARGET = Path(__file__).parent / "agent-screen.png"
COLOURS = 64
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


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """A Chromium of its own; raises FileNotFoundError where none is installed."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise FileNotFoundError("No chromium is on the PATH; install it (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened_page(width: int, scheme: str) -> Iterator[Page]:
    """An empty page of a Chromium of its own; width in CSS pixels, scheme light or dark.

    Raises FileNotFoundError where none is installed.
    """
    with opened_browser() as browser:
        yield browser.new_page(
            viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
        )


def sign_in(page: Page, agent_pages: str, name: str, password: str, language: str) -> None:
    """As the pages ask for it; agent_pages: their address."""
    page.goto(f"{agent_pages}/sign-in?lang={language}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    page.locator(".who").wait_for()


def keep_small(png: bytes, target: Path) -> None:
    """Write a picture in its most frequent colours, for a page has few: a third of the bytes.

    Each colour of a plane stays what it is, which ways to a palette by averages do not keep.
    """
    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB"))
    colours, where, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:COLOURS]].astype(np.int64)
    nearest = ((colours[:, None].astype(np.int64) - kept) ** 2).sum(axis=2).argmin(axis=1)
    picture = Image.fromarray(nearest.astype(np.uint8)[where.ravel()].reshape(pixels.shape[:2]))
    picture.putpalette(kept.astype(np.uint8).tobytes())
    picture.save(target, optimize=True)


def take_screenshot(
    address: str,
    customer_id: str,
    target: Path = TARGET,
    *,
    language: str = "en",
    width: int = 1280,
    scheme: str = "light",
    name: str,
    password: str,
) -> None:
    """Write a PNG of the decision page of a customer; `address` is that of the agent's pages.

    width in CSS pixels; scheme: light or dark; name, password: of an agent.
    Raises FileNotFoundError where no Chromium is installed.
    """
    with opened_page(width, scheme) as page:
        sign_in(page, address.rstrip("/"), name, password, language)
        page.goto(f"{address.rstrip('/')}/?q={customer_id}&lang={language}")
        page.locator("tr", has=page.get_by_role("rowheader", name=customer_id, exact=True)).get_by_role(
            "button"
        ).click()
        page.locator("#offers-title, #reason").first.wait_for(state="attached")
        if page.locator("#reason").count():
            page.locator("#reason").fill(REASON)
            page.locator("#reason").press("Enter")
        page.locator("#offers-title").wait_for(state="attached")
        keep_small(page.screenshot(full_page=True), target)


def main() -> None:
    """Read the command line and take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the agent's pages, with /agent/")
    parser.add_argument("customer_id")
    parser.add_argument("--language", choices=("zh-CN", "en"), default="en")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--width", type=int, default=1280, help="CSS pixels")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--name", required=True, help="of the agent who signs in")
    given = parser.parse_args()
    password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    take_screenshot(
        given.address,
        given.customer_id,
        given.target,
        language=given.language,
        width=given.width,
        scheme=given.scheme,
        name=given.name,
        password=password,
    )


if __name__ == "__main__":
    main()
