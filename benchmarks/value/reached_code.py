"""Which code a module reaches by its imports: what stands elsewhere cannot change what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import grimp

__all__ = ["ReachedCode"]

PACKAGES = ("benchmarks", "features", "linewise", "serving", "training")
DATA = {".sql", ".yaml"}


@dataclass(frozen=True)
class ReachedCode:
    """The state of a checkout: what each module reaches, what stands in it, and the data files beside them all.

    sources: the text of each module by its dotted name. data: a digest of every statement and policy file, for no
    import tells who reads them.
    """

    graph: grimp.ImportGraph
    sources: Mapping[str, bytes]
    data: str

    @classmethod
    def of_checkout(cls, checkout: Path, packages: Sequence[str] = PACKAGES) -> "ReachedCode":
        """As it stands now, of packages that the interpreter finds there."""
        graph = grimp.build_graph(*packages, cache_dir=None)
        return cls(graph, {name: _source(checkout, name) for name in graph.modules}, _data_digest(checkout, packages))

    def digest(self, module: str) -> str:
        """Of the module, of all that it imports near and far, and of the data files."""
        said = sha256(self.data.encode())
        for name in sorted(self._reached(module)):
            said.update(name.encode())
            said.update(self.sources[name])
        return said.hexdigest()[:16]

    def _reached(self, module: str) -> set[str]:
        """To import `a.b` runs `a` too, so that packages and what these import count."""
        reached, new = set[str](), {module}
        while new:
            reached |= new
            named = {one for name in new for one in self.graph.find_upstream_modules(name)} | new
            new = (named | {_parent(name) for name in named}) & self.graph.modules - reached
        return reached


def _parent(module: str) -> str:
    return module.rpartition(".")[0]


def _source(checkout: Path, module: str) -> bytes:
    path = checkout.joinpath(*module.split("."))
    files = [one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()]
    return files[0].read_bytes() if files else b""


def _data_digest(checkout: Path, packages: Sequence[str]) -> str:
    said = sha256()
    for package in packages:
        for path in sorted((checkout / package).rglob("*")):
            if path.suffix in DATA:
                said.update(path.relative_to(checkout).as_posix().encode())
                said.update(path.read_bytes())
    return said.hexdigest()
