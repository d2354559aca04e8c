"""Default of the Czech loans: the product's own training on the real bank, beside the logistic regression."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.value.task import Figures
from features.building import build_features, observation_pairs
from linewise.bank.importing import import_bank
from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.core.settings import load_settings
from training.evaluation import Evaluation
from training.retraining import train

__all__ = ["berka_default"]


def berka_default(source: Path, repeat_count: int, seed: int) -> Figures:
    """AUC of both and of their difference with corrected resampled intervals, on the very same folds."""
    with TemporaryDirectory() as scratch:
        home = Home(Path(scratch))
        import_bank("berka", source, home, datetime.now(UTC))
        settings = load_settings(home=home.root, seed=seed)
        bank = open_bank(home)
        build_features(home, observation_pairs(bank, bank.clock(settings).now()))
        made = train(settings, names=("default",), overrides=(f"repeat_count={repeat_count}",)).models[0].evaluation
    if not isinstance(made, Evaluation):
        raise TypeError("The evaluation of a probability was expected.")
    auc = made.auc
    return {
        f"{name}_{end}": getattr(getattr(auc, name), end)
        for name in ("model", "logistic", "difference")
        for end in ("value", "low", "high")
    } | {"defaults": float(made.positive_count), "loans": float(made.row_count)}
