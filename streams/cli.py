"""The command line: `riverwatch COMMAND`; every command is a module of `streams.commands`."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from detectors.domain.errors import Misconfigured, RiverwatchError
from streams.settings import Settings
from streams.whereabouts import known

COMMANDS = (
    "up", "check", "prepare", "worker", "bridge", "gateway", "cameras", "desk", "messenger",
    "judge", "rejudge", "learn", "look", "hj212", "status", "ledger", "refused", "cases", "trace", "rate", "blackodour", "boards",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what a person must mend is said on standard error, and the exit code is 1."""
    words = list(sys.argv[1:] if argv is None else argv)
    named = words[0] if words and words[0] in COMMANDS else None
    if not words:  # who asks for nothing wants to know what there is
        _parser(only=None).print_help(sys.stderr)
        return 2
    args = _parser(only=named).parse_args(words)
    try:
        return int(import_module(f"streams.commands.{args.command}").run(args, Settings.of(known(os.environ))))
    except Misconfigured as wrong:
        print(wrong, file=sys.stderr)
    except RiverwatchError as wrong:
        print(f"riverwatch {args.command}: {wrong}", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    except KeyboardInterrupt:
        return 130
    return 1


def _parser(only: str | None) -> argparse.ArgumentParser:
    """Every command's options; only the one asked for is imported, so that each starts fast."""
    parser = argparse.ArgumentParser(prog="riverwatch", description="Watches rivers, cameras and hazard sources.")
    rooms = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in (only,) if only else COMMANDS:
        module = import_module(f"streams.commands.{name}")
        module.options(rooms.add_parser(name, help=module.HELP, description=module.HELP))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
