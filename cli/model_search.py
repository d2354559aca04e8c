"""A search for parameters as a person reads it: the best set beside the one that was taken."""

from typing import TYPE_CHECKING

from cli.console import show_table

if TYPE_CHECKING:
    from training.search import Search

__all__ = ["show_search"]


def show_search(name: str, search: "Search") -> None:
    """The standing set, the best and the chosen one: their losses and how many leaves each call pays."""
    early = sum(one.state == "left early" for one in search.tried)
    rows = [
        (word, f"{one.loss:.5f}", _excess(one.excess, one.excess_error), one.leaves)
        for word, one in (
            ("as it stands", search.tried[0]),
            ("best", search.tried[search.best]),
            ("chosen", search.tried[search.chosen]),
        )
    ]
    title = f"{name}: {len(search.tried)} sets tried on {search.row_count:,} rows, {early} left early"
    show_table(title, ("set", "loss", "above the best ± SE", "leaves"), rows)


def _excess(excess: float | None, error: float | None) -> str:
    return "" if excess is None or error is None else f"{excess:.5f} ± {error:.5f}"
