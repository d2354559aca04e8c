"""Takes the picture of a page that a command has written, such as a campaign's plan or its lift report.

python docs/page_picture.py data/campaigns/SPRING_CARDS/lift/report.html docs/campaign-lift.png
"""

import argparse
from pathlib import Path

from screenshot import keep_small, opened_page

__all__ = ["take_picture"]


def take_picture(source: Path, target: Path, *, scheme: str = "light", width: int = 1100) -> None:
    """Write a PNG of a whole HTML file; width in CSS pixels, scheme light or dark.

    Raises FileNotFoundError where no Chromium is installed.
    """
    with opened_page(width, scheme) as page:
        page.goto(source.resolve().as_uri())
        keep_small(page.screenshot(full_page=True), target)


def main() -> None:
    """Read the command line and take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the page")
    parser.add_argument("target", type=Path, help="the PNG")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--width", type=int, default=1100, help="CSS pixels")
    given = parser.parse_args()
    take_picture(given.source, given.target, scheme=given.scheme, width=given.width)


if __name__ == "__main__":
    main()
