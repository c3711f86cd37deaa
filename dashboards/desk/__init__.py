"""The desk: the pages where people watch the river, and take what happens into their hands."""

from dashboards.desk.server import serve
from dashboards.desk.watch import Sources

__all__ = ["Sources", "serve"]
