"""The ground floor: rules and the words everyone speaks. No I/O, no clock, no log."""

import os
import sys

LOCATORS = (
    *(f"detectors.edition.{kind}" for kind in ("Provided", "Beside", "AtHome")),
    *("UserProvidedCacheLocator", "InTreeCacheLocator", "UserWideCacheLocator"),  # for what is not ours
)


def keep_by_edition() -> None:
    """Tell numba, loaded or not yet, to keep what it compiles under the edition of its sources."""
    os.environ.setdefault("NUMBA_CACHE_LOCATOR_CLASSES", ",".join(LOCATORS))
    if "numba" in sys.modules:  # it has read the environment already
        sys.modules["numba"].config.reload_config()


keep_by_edition()
