"""What moves: the share of the picture that stands out, and the person-sized bodies in it."""

from detectors.vision.bodies import bodies
from detectors.vision.tracks import Track, Tracks
from detectors.vision.view import Glance, Measures, View


class Motion:
    """% of the picture, and of each zone, that stands out against the learnt view."""

    def __init__(self, view: View) -> None:
        self._plots = view.plots

    def measure(self, glance: Glance) -> Measures:
        """Motion, and motion.<zone>."""
        zones = {f"motion.{plot.name}": 100 * plot.share(glance.seen.mask) for plot in self._plots}
        return {"motion": 100 * glance.seen.share, **zones}


class Movers:
    """Person-sized bodies that moved."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._tracks = Tracks()
        self.present: tuple[Track, ...] = ()  # in the newest picture

    def measure(self, glance: Glance) -> Measures:
        """Movers, and movers.<zone>; nothing until the view is learnt, and while light floods it."""
        settled = glance.seen.settled
        found = bodies(glance.seen.mask, self._view.camera.person_height) if settled else []
        self.present = tuple(self._tracks.follow(found, glance.elapsed))
        return self._view.standing("movers", [track.body.foot for track in self.present]) if settled else {}
