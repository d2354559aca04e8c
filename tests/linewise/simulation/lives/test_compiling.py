import ast
from pathlib import Path

import pytest

from linewise.simulation.lives import compiling

FOLDER = Path(compiling.__file__).parent
KEEPERS = [
    path for path in sorted(FOLDER.glob("*.py")) if "compiled_for(" in path.read_text() and path.stem != "compiling"
]


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("path", KEEPERS, ids=lambda path: path.stem)
def test_what_is_kept_on_disk_by_itself_calls_no_function_of_another_file(path: Path) -> None:
    # Numba looks at the file of the kept function alone: a change of one that it calls would go unseen.
    others = {name for other in FOLDER.glob("*.py") if other != path for name in functions_of(other)}
    kept = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and any(
            isinstance(one, ast.Call) and getattr(one.func, "id", "") == "compiled_for" for one in node.decorator_list
        )
    ]
    assert kept
    called = {
        node.func.id
        for function in kept
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not (called & others) - functions_of(path)
