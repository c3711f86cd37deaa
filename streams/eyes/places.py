"""Which child looks at which camera: the one that its name's hash says, unless that has its fair part already."""

import os
from hashlib import blake2b


def children(asked: int = 0) -> int:
    """How many children there shall be: as many as are asked for; else one a core that we may use, one core left to the rest.

    But two at least: between two frames a child waits for our loop, and meanwhile the other one looks.
    """
    return asked or max(2, len(os.sched_getaffinity(0)) - 1)


class Places:
    """The place of each camera among so many children, for as long as we live.

    None has more than its part of the cameras met so far, rounded up (consistent hashing with bounded loads: Mirrokni, Thorup and
    Zadimoghaddam, SODA 2018). The hash has nothing to do with the one of partitions, of which a worker has only some.
    """

    def __init__(self, children: int) -> None:
        self._of: dict[str, int] = {}
        self._cameras = [0] * children

    def of(self, camera: str) -> int:
        """The child of a camera."""
        if (known := self._of.get(camera)) is not None:
            return known
        many = len(self._cameras)
        most = len(self._of) // many + 1
        first = int.from_bytes(blake2b(camera.encode(), digest_size=8).digest()) % many
        place = next(at % many for at in range(first, first + many) if self._cameras[at % many] < most)
        self._of[camera] = place
        self._cameras[place] += 1
        return place
