"""`python -m benchmarks [NAME]`: run all benchmarks or one, one JSON line a row on stdout."""

import importlib
import sys
from dataclasses import asdict
from json import dumps
from pathlib import Path

OWN = {
    "__init__", "__main__", "rows", "home", "one_bank", "per_customer",
    "feature_build", "feature_store", "one_build", "one_join", "pandas_sums", "plain_feast", "plain_sums",
    "synthetic_rows", "plain_portfolio", "plain_rules", "record",
}  # fmt: skip


def main(wanted: str | None) -> None:
    """Run the benchmarks of that name, or all; ends with exit code 2 for a name that there is not."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in OWN)
    if wanted and wanted not in names:
        sys.exit(f"There is no benchmark {wanted!r}; there are: {', '.join(names)}.")
    for name in [wanted] if wanted else names:
        for row in importlib.import_module(f"benchmarks.{name}").rows():
            print(dumps(asdict(row), ensure_ascii=False), flush=True)


main(sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else None)
