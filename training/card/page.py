"""A card as a page in Markdown."""

from collections.abc import Iterator

from training.card.making import ModelCard

__all__ = ["markdown_of"]

NOBODY = "Nobody has said it."


def markdown_of(card: ModelCard) -> str:
    """The card to read: what it is for, how good it is, what it was made of, who let it serve."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: ModelCard) -> Iterator[str]:
    yield f"# {card.name}, version {card.version}"
    yield f"{card.label[0].upper()}{card.label[1:]}. Registered {card.registered_at:%Y-%m-%d %H:%M} UTC."
    if card.gaps:
        yield f"\n**Missing: {'; '.join(card.gaps)}.**"
    texts = card.texts
    for title, said in (
        ("Owner", texts and texts.owner),
        ("Intended use", texts and texts.intended_use),
        ("Not for", texts and texts.not_for),
        ("Limits", texts and texts.limits),
        ("Oversight", texts and texts.oversight),
    ):
        yield f"\n## {title}\n{said or NOBODY}"
    yield "\n## Figures out of fold\n| figure | value |\n|---|---|"
    for name, value in sorted(card.figures.items()):
        if not name.endswith(("_low", "_high")):
            ends = [card.figures.get(f"{name}{end}") for end in ("_low", "_high")]
            interval = "" if None in ends else f" [{ends[0]:.4g}, {ends[1]:.4g}]"
            yield f"| {name} | {value:.4g}{interval} |"
    yield from _run(card)
    yield from _gate(card)
    yield "\n## Who let it serve\n| at (UTC) | act | from | to | by | release | reason |\n|---|---|---|---|---|---|---|"
    for row in card.promotions:
        by, before = ", ".join(row.by) or "nobody signed", row.previous_version or "none"
        when = f"{row.at:%Y-%m-%d %H:%M}"
        yield f"| {when} | {row.act} | {before} | {row.version} | {by} | {row.release_id or 'none'} | {row.reason} |"


def _run(card: ModelCard) -> Iterator[str]:
    yield "\n## Run"
    run = card.run
    if run is None:
        yield "It was trained before runs were recorded."
        return
    dirty = " with uncommitted changes" if run.git_is_dirty == "true" else ""
    yield f"- commit {run.git_sha}{dirty}, lock {run.lock_sha256[:12]}, config {run.config_hash[:12]}, seed {run.seed}"
    yield f"- bank {run.snapshot.bank}, snapshot {run.snapshot.snapshot_id}"
    yield f"- {run.fitted_row_count:,} rows fitted, data {run.data_hash[:12]}, features {run.definitions_hash[:12]}"
    yield f"- files {run.artefact_sha256}"
    yield f"- Python {run.python}, {run.machine}; " + ", ".join(f"{one} {is_}" for one, is_ in run.libraries.items())


def _gate(card: ModelCard) -> Iterator[str]:
    yield "\n## Gate"
    gate = card.gate
    if gate is None:
        yield "It was not held against the gate."
        return
    passed, when = "Passed" if gate.is_passed else "Not passed", f"{gate.at:%Y-%m-%d %H:%M} UTC"
    yield f"{passed} on {when}, thresholds {gate.thresholds}, profile {gate.profile}."
    yield "\n| check | cell | measured | bound | verdict |\n|---|---|---|---|---|"
    for one in gate.checks:
        measured = "" if one.measured is None else f"{one.measured:.4g}"
        yield f"| {one.name} | {one.cell} | {measured} | {one.bound} | {one.verdict} |"
