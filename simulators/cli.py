"""The command `riversim`: a river that does not exist."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from detectors.domain.errors import RiverwatchError
from simulators import acts, commands, given
from simulators.commands import Shown, Table
from simulators.scenes import filming

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "scenario": {"help": "the name of a shipped scenario (`riversim scenarios`), or a TOML file of stations and incidents"},
    "scene": {"help": "the name of a shipped scene (`riversim scenes`), or a TOML file of what a camera is shown"},
    "--film": {"type": Path, "metavar": "FILE", "help": "a film or a folder of pictures to compose upon, instead of the scene's"},
    "--camera": {"metavar": "ID", "help": "the camera of the site that is shown the scene, instead of the scene's"},
    "recording": {
        "type": Path,
        "nargs": "?",
        "help": "what `run --to` or `cameras --to` wrote; its truth lies beside it",
    },
    "file": {"type": given.old_file, "help": "a CSV file: series,at,value[,mark]"},
    "--mqtt": {"required": True, "help": "the broker: mqtt://user:password@host:1883, or mqtts://…"},
    "--mqtt-ca": {"type": Path, "help": "the certificate that signs the broker's"},
    "--site": {"required": True, "help": "the site's name, as it stands in topics"},
    "--data": {"type": Path, "required": True, "help": "the folder of all data; the truth is in its simulators/sent.sqlite"},
    "--seed": {"type": int, "default": 1, "help": "of all chance; the same seed, the same river"},
    "--speed": {
        "type": given.number,
        "default": 0.0,
        "help": "times the pace of the recording; 0 = as fast as the broker takes it",
    },
    "--rate": {"type": given.above_zero, "required": True, "help": "messages a second, of all devices together"},
    "--devices": {"type": given.count, "default": 4, "help": "how many devices share the rate"},
    "--seconds": {"type": given.above_zero, "default": 10.0, "help": "how long"},
    "--casebook": {
        "default": os.environ.get("RIVERWATCH_CASEBOOK", ""),
        "help": "sqlite:////path of the casebook; that in the data folder unless given",
    },
    "--store": {
        "default": os.environ.get("RIVERWATCH_STORE", ""),
        "help": "sqlite:////path of the series; that in the data folder unless given",
    },
    "--to": {
        "type": given.no_folder,
        "metavar": "FILE",
        "help": "write a recording for `riverwatch judge`, and the truth beside it",
    },
    "--judged": {
        "type": Path,
        "metavar": "FILE",
        "help": "what `riverwatch judge` (`look` for a scene) wrote; else they are judged here",
    },
    "--svg": {"type": given.new_file, "metavar": "FILE", "help": "the score as a picture"},
    "--language": {"choices": ("zh", "en"), "default": "en", "help": "of the picture"},
    "--status": {"type": given.new_file, "metavar": "FILE", "help": "keep the run's progress in this file, as JSON"},
    "--leash": {"action": "store_true", "help": "end when standard input ends, so that nobody leaves us behind"},
    "--compress": {"type": given.above_zero, "default": 60.0, "help": "to a stack: how many times faster than it happens"},
    "--gateway": {
        "type": given.gateway,
        "default": os.environ.get("RIVERSIM_GATEWAY", ""),
        "metavar": "HOST:PORT",
        "help": "where stations that speak HJ 212 call; else they speak JSON",
    },
    "--json": {"action": "store_true", "help": "as JSON"},
}
MQTT = ("--mqtt", "--mqtt-ca")
STACK = (*MQTT, "--data", "--casebook", "--store", "--compress", "--gateway")
WATCHED = ("--status", "--leash", "--seconds")
DRAWN = ("--svg", "--language")
FOLDER = {"type": Path, "required": True, "help": "the site's folder"}
COMMANDS = {
    commands.demo: (*MQTT, "--site", "--data", "--seed"),
    acts.scenarios: ("--json",),
    acts.run: ("scenario", "--site", "--seed", "--to", *STACK, *WATCHED, *DRAWN, "--json"),
    commands.replay: ("file", *MQTT, "--site", "--speed", "--data", "--json"),
    commands.load: (*MQTT, "--site", "--rate", "--devices", "--seconds", "--seed", "--json"),
    filming.scenes: ("--json",),
    filming.cameras: ("scene", "--film", "--to", "--camera", "--site", "--seed", *MQTT, "--data", "--casebook", *DRAWN, "--json"),
    acts.score: ("recording", "--site", "--judged", "--data", "--casebook", "--store", "--compress", *DRAWN, "--json"),
    commands.sums: ("--data", "--json"),
}
EXCEPTIONS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("demo", "--site"): FOLDER,
    ("score", "--site"): FOLDER,
    ("score", "--data"): {"type": Path, "help": "of a stack: hold the recording, or without one the demo, against its casebook"},
    ("score", "--compress"): {"type": given.above_zero, "default": 1.0, "help": "how much faster the recording was played"},
    ("run", "--site"): FOLDER | {"required": False, "help": "the site's folder (default: sites/ and the name in the scenario)"},
    ("run", "--seed"): {"type": int, "help": "of all chance, instead of the scenario's"},
    ("run", "--mqtt"): {"help": "tell it to a running stack, from now on"},
    ("run", "--data"): {"type": Path, "help": "the stack's data folder"},
    ("run", "--seconds"): {
        "type": given.number,
        "default": 0.0,
        "help": "before the court: take at least so long, for a person to watch",
    },
    ("cameras", "--to"): {"type": Path, "metavar": "DIR", "help": "write film and truth there"},
    ("cameras", "--site"): FOLDER | {"required": False, "help": "the site's folder (default: sites/ and the name in the scene)"},
    ("cameras", "--seed"): {"type": int, "help": "of all chance, instead of the scene's"},
    ("cameras", "--mqtt"): {"help": "send it to a running stack, from now on"},
    ("cameras", "--data"): {"type": Path, "help": "the stack's data folder: the demo leaves the camera alone, the score follows"},
    ("load", "--site"): {"default": "load", "help": "the site's name, as it stands in topics"},
    ("replay", "--data"): {"type": Path, "help": "a folder to keep the truth in"},
}

tell = partial(print, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what goes wrong is said in a sentence, with 1 as the exit code."""
    parser, words = _parser(), sys.argv[1:] if arguments is None else arguments
    if not words:  # who asks for nothing wants to know what there is
        parser.print_help(sys.stderr)
        return 2
    args = parser.parse_args(words)
    try:
        shown: Shown = args.command(args, partial(tell, file=sys.stderr) if getattr(args, "json", False) else tell)
        _show(shown, as_json=getattr(args, "json", False))
    except RiverwatchError as fault:
        print(f"riversim: {fault}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # who read us has seen enough
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130
    return shown.code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="riversim", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command, options in COMMANDS.items():
        name = command.__name__
        one = subparsers.add_parser(name, help=command.__doc__, description=command.__doc__)
        one.set_defaults(command=command)
        for option in options:
            one.add_argument(option, **EXCEPTIONS.get((name, option), OPTIONS[option]))
    return parser


def _show(shown: Shown, *, as_json: bool) -> None:
    if as_json:
        tell(msgspec.json.encode(shown.found).decode())
        return
    for table in shown.tables:
        _lay(table)
    if shown.words:
        tell(shown.words)


def _lay(table: Table) -> None:
    texts = [[str(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        tell("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
