"""The edition of the rules: what was compiled out of them is compiled anew when they are written anew."""

from collections.abc import Iterable
from hashlib import blake2b
from types import CodeType, ModuleType


def edition(rules: Iterable[ModuleType]) -> int:
    """A number of the functions and constants of some modules; never 0.

    numba keeps what it compiled under the file of the outermost function, and would not notice that a function compiled into
    it has changed. What it closes over is part of the name.
    """
    told = [_told(name, one) for rule in rules for name, one in sorted(vars(rule).items())]
    return int.from_bytes(blake2b(repr(told).encode(), digest_size=4).digest(), "big") | 1


def _told(name: str, one: object) -> tuple[object, ...]:
    code = getattr(getattr(one, "py_func", one), "__code__", None)
    if isinstance(code, CodeType):
        return name, code.co_code, code.co_names, [const for const in code.co_consts if not isinstance(const, CodeType)]
    return (name, one) if isinstance(one, int | float) else (name,)
