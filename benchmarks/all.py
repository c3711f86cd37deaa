"""Runs the benchmarks, each a process of its own, and prints a table, or one JSON object a line with --json.

A benchmark is a file here with a `main()` that returns rows, or prints them as JSON: name, ours, other, ratio, goal, unit.
What asks for footage, which does not ship, is run by itself: `python -m benchmarks.masks --footage DIR`.
A goal of at least 1 must be reached or passed; a goal below 1 is a share of the other's cost and must not be passed.
"""

import argparse
import ast
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILMED = frozenset({"change", "masks", "quiet", "unusual"})  # ask for footage
RUN = """
import json, sys
sys.path[:0] = ["."]
from benchmarks.{name} import main
for row in main() or ():
    print(json.dumps(row))
"""


def there() -> list[str]:
    """The benchmarks that can be run without being told anything; other files here are parts of them."""
    files = (file for file in HERE.glob("*.py") if file.stem not in FILMED | {"all"})
    return sorted(file.stem for file in files if "main" in _functions(file))


def _functions(file: Path) -> set[str]:
    return {one.name for one in ast.parse(file.read_bytes()).body if isinstance(one, ast.FunctionDef)}


def main() -> int:
    """Run those asked for; the exit code says how many could not be measured, not whether all goals were met."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="benchmarks, each a ratio in one run")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(there())}")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    args = parser.parse_args()
    if strangers := set(args.names) - set(there()):
        parser.error(f"no benchmark is called {', '.join(sorted(strangers))}; there are {', '.join(there())}")
    failed = []
    if not args.json:
        print(f"{'name':34} {'ours':>14} {'other':>14} {'ratio':>9} {'goal':>9}   unit")
    for name in args.names or there():
        done = subprocess.run(
            [sys.executable, "-c", RUN.format(name=name)], cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            failed.append(name)
        for row in rows(done.stdout):
            print(json.dumps(row) if args.json else as_line(row), flush=True)
    if failed:
        print(f"could not be measured: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def rows(text: str) -> list[dict]:
    """The rows among what a benchmark printed."""
    found = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and "name" in row:
            found.append(row)
    return found


def as_line(row: dict) -> str:
    """A row for a person, with a mark where the goal is missed."""
    ratio, goal = row.get("ratio"), row.get("goal")
    missed = ratio is not None and goal is not None and (ratio < goal if goal >= 1 else ratio > goal)
    numbers = [
        f"{row.get(key):,.4g}" if isinstance(row.get(key), int | float) else str(row.get(key, "")) for key in ("ours", "other")
    ]
    return f"{row['name']:34} {numbers[0]:>14} {numbers[1]:>14} {ratio!s:>9} {goal!s:>9}   {row.get('unit', '')}" + (
        "   MISSED" if missed else ""
    )


if __name__ == "__main__":
    raise SystemExit(main())
