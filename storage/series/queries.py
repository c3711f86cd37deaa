"""What a SQLite file of readings is asked."""

NEWEST = """
WITH newest AS MATERIALIZED (SELECT id, name, (SELECT max(at) FROM readings WHERE series = id) AS at FROM series {which})
SELECT n.name, r.at, r.value, r.flag, r.tests, r.outcome
FROM newest n CROSS JOIN readings r ON r.series = n.id AND r.at = n.at
"""
BUCKETS = (
    "SELECT at - ((at % :every) + :every) % :every AS span, avg(value), min(value), max(value), count(*), max(flag) "
    "FROM readings WHERE series = (SELECT id FROM series WHERE name = :series) AND at >= :start AND at < :end "
    "GROUP BY span ORDER BY span"
)
COUNTS = (
    "SELECT flag, tests, count(*) FROM readings WHERE series = (SELECT id FROM series WHERE name = ?) AND at >= ? AND at < ? "
    "GROUP BY flag, tests"
)
