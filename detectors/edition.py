"""The edition of the sources: what was compiled is compiled anew when it, or anything compiled into it, is written anew.

numba keeps what it compiled under the file of the outermost function, and looks at that file alone: a function of another module
that was compiled into it may change, and the old one goes on. So a kernel is kept under all modules of ours that its own imports.
"""

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

ROOT = Path(__file__).resolve().parents[1]
OURS = frozenset({"detectors", "storage"})  # packages in which anything is compiled


@cache
def edition(source: Path, root: Path = ROOT) -> bytes:
    """A digest of a module, of those under a root that it imports, and of those that these import in turn."""
    found = {source}
    waiting = [source]
    while waiting:
        new = _imported(waiting.pop(), root) - found
        found |= new
        waiting += new
    return sha256(b"".join(_digest(path) for path in sorted(found))).digest()


@cache
def _digest(source: Path) -> bytes:
    return sha256(source.read_bytes()).digest()


@cache
def _imported(source: Path, root: Path) -> frozenset[Path]:
    """The modules under a root that a module imports by their full names."""
    candidates = (root.joinpath(*name.split(".")) for name in _names(ast.parse(source.read_bytes())))
    files = (path for one in candidates for path in (one.with_suffix(".py"), one / "__init__.py"))
    return frozenset(path for path in files if path.is_file())


def _names(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


class _ByEdition:
    """Where numba keeps what it compiled of our packages, and under which edition."""

    _py_file: str

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Any:
        """A locator for a function, or None if its file is not one of ours."""
        source = Path(py_file).resolve()
        ours = source.is_relative_to(ROOT) and source.relative_to(ROOT).parts[0] in OURS
        return super().from_function(py_func, py_file) if ours else None  # type: ignore[misc]  # numba's

    def get_source_stamp(self) -> bytes:
        """What numba compares before it takes what it kept."""
        return edition(Path(self._py_file).resolve())


class Provided(_ByEdition, UserProvidedCacheLocator):
    """In the folder that NUMBA_CACHE_DIR names."""


class Beside(_ByEdition, InTreeCacheLocator):
    """Beside the sources, if these may be written to."""


class AtHome(_ByEdition, UserWideCacheLocator):
    """In the user's own folder."""
