"""What is loaded is out of the collector's sight; what comes later is not."""

import gc

from streams.loaded import keep_loaded


class Ring:
    """An object that only the collector can find."""

    def __init__(self) -> None:
        self.me = self


def test_what_was_there_is_looked_through_no_more_and_what_comes_is() -> None:
    before = Ring()
    keep_loaded()
    after = Ring()
    try:
        assert not any(one is before for one in gc.get_objects())
        assert any(one is after for one in gc.get_objects())
    finally:
        gc.unfreeze()
