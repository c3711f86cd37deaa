"""The sky: light that comes and goes, which is nobody's doing."""

import cv2
import numpy as np

from simulators.scenes.moment import SETTLES, Moment
from simulators.scenes.sprites import Picture

CLOUD = 1.5  # heights of the picture that a cloud's shadow is wide


def fall(picture: Picture, moment: Moment) -> None:
    """The light goes, the darker parts first, and comes again; `strength` of it is gone in between."""
    deep = min(1.0, moment.share / SETTLES, (1 - moment.share) / SETTLES) * moment.act.strength
    picture[:] = (255 * (picture / 255.0) ** (1 + deep) * (1 - 0.97 * deep)).astype(np.uint8)


def darken(picture: Picture, moment: Moment) -> None:
    """The shadow of a cloud, its rim soft and uneven, goes from left to right and takes `strength` of the light."""
    lines, columns = picture.shape[:2]
    rough = cv2.resize(moment.chance.normal(0, 0.12, (5, 6)).astype(np.float32), (columns, lines), interpolation=cv2.INTER_CUBIC)
    across = np.arange(columns, dtype=np.float32)[None, :] / lines + rough
    wide = columns / lines + CLOUD
    middle = moment.share * (wide + 1) - (CLOUD + 1) / 2
    depth = 1 / (1 + np.exp(8 * (np.abs(across - middle) - CLOUD / 2)))
    picture[:] = (picture * (1 - moment.act.strength * depth)[..., None]).astype(np.uint8)
