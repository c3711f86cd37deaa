"""The desk: the pages where people watch the river, and take what happens into their hands."""

from dashboards.desk.server import serve

__all__ = ["serve"]
