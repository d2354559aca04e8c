"""`python -m benchmarks [NAME] [--full]`: run all benchmarks or one, one JSON line a row on stdout."""

import argparse
import importlib
import sys
from dataclasses import asdict
from json import dumps
from pathlib import Path

OWN = {
    "__init__", "__main__", "rows", "home", "one_bank", "per_customer",
    "feature_build", "feature_store", "one_build", "one_join", "pandas_sums", "plain_feast", "plain_sums",
    "synthetic_rows", "plain_portfolio", "plain_rules", "record", "one_campaign", "plain_campaign", "bare_campaign",
    "our_campaign", "campaign_file", "campaign_home", "peak",
}  # fmt: skip
FOLDERS = {"service": "service.table", "value": "value.table"}
FULL = "full_rows"


def main(wanted: str | None, *, is_full: bool) -> None:
    """Run the benchmarks of that name, or all; ends with exit code 2 for a name or a form that there is not."""
    names = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - OWN | set(FOLDERS))
    if wanted and wanted not in names:
        refuse(f"There is no benchmark {wanted!r}; there are: {', '.join(names)}.")
    for name in [wanted] if wanted else names:
        module = importlib.import_module(f"benchmarks.{FOLDERS.get(name, name)}")
        if is_full and wanted and not hasattr(module, FULL):
            refuse(f"{wanted!r} has no full form; only one is there.")
        rows = getattr(module, FULL, module.rows) if is_full else module.rows
        for row in rows():
            print(dumps(asdict(row), ensure_ascii=False), flush=True)


def refuse(why: str) -> None:
    """End with exit code 2."""
    print(why, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":  # the workers of a benchmark import this module again
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?")
    parser.add_argument("--full", action="store_true", help="the long form of a benchmark that has one")
    asked = parser.parse_args()
    main(asked.name or None, is_full=asked.full)
