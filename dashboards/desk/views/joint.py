"""A joint event: the alarms that one cloud raised on its way down the river, as one timeline."""

from markupsafe import Markup

from dashboards.desk.glance import Glance
from dashboards.desk.markup import el
from dashboards.desk.views.events import listed
from dashboards.desk.views.shell import card
from dashboards.words import Words
from storage.casebook import Episode


def joint(glance: Glance, episode: Episode, words: Words) -> Markup:
    """The timeline of the joint event that an episode belongs to; nothing where it stands alone."""
    first = episode.part_of or episode.id
    parts = [one for one in glance.episodes if first in {one.id, one.part_of}]
    if len(parts) < 2:
        return Markup("")
    over = all(one.cleared_at is not None for one in parts)
    note = words["trace.joint.over" if over else "trace.joint.open"]
    return card(
        words["trace.joint"],
        listed(glance, sorted(parts, key=lambda one: (one.since, one.id)), words),
        aside=el("span", note, class_="note"),
    )
