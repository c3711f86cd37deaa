"""What the documentation names is there: files and headings, commands with their options, settings, and what is linted."""

import argparse
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from simulators.cli import _parser as riversim
from streams.cli import _parser as riverwatch

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
PACKAGES = ("ingest", "streams", "detectors", "storage", "dashboards", "simulators")
FOLDERS = (*PACKAGES, "scripts", "docs", "deploy", "benchmarks", "tests")
Known = dict[str, dict[str, set[str]]]  # options by command, by program
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


@every_page
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            lost.append(link)

    assert lost == []


@every_page
def test_every_file_that_is_named_is_there(page: Path) -> None:
    """`benchmarks/all.py`, `tests/laws`; and `detectors/domain/judged.TESTS`, a name in a module."""
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not is_there(name)] == []


def is_there(name: str) -> bool:
    module, _, inside = name.rpartition(".")
    source = ROOT / f"{module}.py"
    return (ROOT / name).exists() or (source.exists() and inside in re.findall(r"\w+", source.read_text(encoding="utf-8")))


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The options of a parser and of those below it."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from options(below)


def commands(parser: argparse.ArgumentParser) -> dict[str, set[str]]:
    """The options of each command."""
    (below,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {name: set(options(one)) for name, one in below.choices.items()}


@pytest.fixture(scope="module")
def known() -> Known:
    return {"riverwatch": commands(riverwatch(only=None)), "riversim": commands(riversim())}


def shown(page: Path) -> Iterator[tuple[str, str, str]]:
    """Program, command and the rest of the line, wherever a page has them as code."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in "\n".join((*blocks, *spans)).splitlines():
        yield from re.findall(r"(?:^|[ /])(riverwatch|riversim) ([a-z0-9]+)(.*)", line.partition(" # ")[0])


@every_page
def test_every_command_that_is_shown_takes_the_options_it_is_shown_with(page: Path, known: Known) -> None:
    strange = []
    for program, command, rest in shown(page):
        asked = set(re.findall(r"(?<!\S)\[?(--[a-z][a-z-]*)", rest))
        if command not in known[program] or asked - known[program][command]:
            strange.append(f"{program} {command}{rest}")

    assert strange == []


def test_every_command_is_shown_on_some_page(known: Known) -> None:
    there = {(program, command) for page in PAGES for program, command, _ in shown(page)}

    assert {(program, command) for program, of in known.items() for command in of} - there == set()


@cache
def settings() -> set[str]:
    """The names that any source reads of the environment, without their RIVERWATCH_."""
    sources = (path.read_text(encoding="utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    plain = set(re.findall(r"RIVERWATCH_(\w+)", " ".join(sources)))
    return plain | set(re.findall(r'environ, "([A-Z_]+)"', (ROOT / "streams/settings.py").read_text(encoding="utf-8")))


@every_page
def test_every_setting_that_is_named_is_read_somewhere(page: Path) -> None:
    assert set(re.findall(r"RIVERWATCH_([A-Z_]*[A-Z])", page.read_text(encoding="utf-8"))) - settings() == set()


def test_every_script_in_python_is_linted() -> None:
    """The linter finds files by their suffix, and scripts have none."""
    written = {f"scripts/{path.name}" for path in (ROOT / "scripts").iterdir() if "python" in path.read_text().partition("\n")[0]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert set(project["tool"]["ruff"]["extend-include"]) == written
