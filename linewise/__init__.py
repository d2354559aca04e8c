"""The domain of Linewise: what a bank's data mean, what may be decided, and what a decision writes down."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("linewise")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+source"
