"""What is compiled is compiled anew when anything that it is compiled out of is written anew."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from numba import config

import detectors
from detectors.edition import AtHome, Beside, edition

OUTER = "import numpy\nfrom numba import njit\nfrom rules.inner import more\nfrom rules import apart\n"
WRITTEN = {
    "__init__": "",
    "outer": OUTER,
    "inner": "from rules.innermost import MOST as more\n",
    "innermost": "import rules.outer\nMOST = 3\n",
    "apart": "",
    "stranger": "",
}


def a_package(root: Path) -> Path:
    """Modules that import each other, one in a ring; and one that nobody imports."""
    (root / "rules").mkdir(parents=True)
    for name, text in WRITTEN.items():
        (root / "rules" / f"{name}.py").write_text(text)
    return root


@pytest.mark.parametrize(
    ("module", "differs"),
    [
        pytest.param("outer", True, id="the module itself"),
        pytest.param("inner", True, id="one that it imports a name of"),
        pytest.param("apart", True, id="one that it imports whole"),
        pytest.param("innermost", True, id="one that is imported by what it imports"),
        pytest.param("stranger", False, id="one that it has nothing to do with"),
    ],
)
def test_an_edition_is_another_when_anything_imported_is_written_anew(tmp_path: Path, module: str, differs: bool) -> None:
    before, after = a_package(tmp_path / "before"), a_package(tmp_path / "after")
    (after / "rules" / f"{module}.py").write_text("MOST = 4\n" + WRITTEN[module])

    editions = [edition(root / "rules" / "outer.py", root) for root in (before, after)]

    assert (editions[0] != editions[1]) is differs


@pytest.mark.parametrize("kind", [Beside, AtHome])
def test_only_our_own_kernels_are_kept_by_edition(kind: type) -> None:
    ours = Path(detectors.__file__).with_name("edition.py")

    def kernel() -> None:
        """Whatever is compiled."""

    assert kind.from_function(kernel, __file__) is None
    assert kind.from_function(kernel, str(ours)).get_source_stamp() == edition(ours)


def test_numba_knows_who_keeps_its_kernels() -> None:
    detectors.keep_by_edition()

    assert config.CACHE_LOCATOR_CLASSES.split(",") == list(detectors.LOCATORS)


TOLD = "from numba import njit\n\n@njit(cache=True)\ndef told(value):\n    return value * {}\n"
ASKING = (
    "from numba import njit\nfrom detectors.inner import told\n\n@njit(cache=True)\ndef asked(value):\n    return told(value)\n"
)


@pytest.mark.parametrize("first", ["detectors", "numba"])
def test_a_function_written_anew_is_compiled_anew_into_those_of_other_modules(tmp_path: Path, first: str) -> None:
    own = tmp_path / "detectors"
    own.mkdir()
    for name in ("__init__", "edition"):
        (own / f"{name}.py").write_text(Path(detectors.__file__).with_name(f"{name}.py").read_text())
    (own / "outer.py").write_text(ASKING)

    def asked() -> str:
        command = f"import {first}; from detectors.outer import asked; print(asked(3))"
        environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
        del environ["NUMBA_CACHE_LOCATOR_CLASSES"]
        done = subprocess.run(
            [sys.executable, "-c", command], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    said = []
    for factor in (2, 5):
        (own / "inner.py").write_text(TOLD.format(factor))
        said.append(asked())

    assert said == ["6", "15"]
