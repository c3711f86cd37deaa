"""What the tests have said of each reading of a batch so far: one row a reading, which the passes fill in."""

import numpy as np

SAID = np.dtype(
    [
        ("outcome", "u1"),
        ("of_newest", "?"),  # it repeats the newest of its series
        ("mark", "u1"),  # the device's own mark as a flag
        ("believed", "?"),  # the tests with a memory may learn from it
        ("of_last", "u1"),  # what its predecessor was
        ("doubtful", "?"),  # it waits for its successor
        ("young", "?"),  # enough to be told of
        ("worst", "u1"),  # flag of any test
        ("fired", "u2"),  # the tests that say it is not good
        ("failed", "u2"),  # those that failed it or doubt its probe, or the reading before it where only a successor can tell
        ("passed", "u2"),
    ],
    align=True,
)
