"""What would have alerted: the episodes of one stretch of readings under the site's rules and under others."""

from dashboards.whatif.episodes import Episode, Incident, compared, episodes_of
from dashboards.whatif.outline import Outline, Worst
from dashboards.whatif.picture import picture
from dashboards.whatif.table import facts, table

__all__ = ["Episode", "Incident", "Outline", "Worst", "compared", "episodes_of", "facts", "picture", "table"]
