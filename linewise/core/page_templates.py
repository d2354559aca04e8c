"""The templates of a page that needs nothing else: what is written into it is text, and what is missing an error."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["page_templates"]


def page_templates(folder: Path) -> Environment:
    """An environment of the templates in a folder, to which a page adds how it shows its figures."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
