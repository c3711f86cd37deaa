"""An InfluxQL query as a panel's target; the foundation SDK has no InfluxDB of its own."""

from dataclasses import dataclass

from grafana_foundation_sdk.cog import builder, variants
from grafana_foundation_sdk.models.dashboard import DataSourceRef

SOURCE = DataSourceRef(type_val="influxdb", uid="${source}")


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluxQL(variants.Dataquery, builder.Builder[variants.Dataquery]):
    """One query in Grafana's raw form; `alias` may name tags, "$tag_station"."""

    ref: str
    query: str
    alias: str = ""
    table: bool = False

    def build(self) -> "InfluxQL":
        """Itself: it is its own builder."""
        return self

    def to_json(self) -> dict[str, object]:
        """What Grafana's InfluxDB plug-in reads."""
        form = {"rawQuery": True, "resultFormat": "table" if self.table else "time_series"}
        named = {"alias": self.alias} if self.alias else {}
        return {"refId": self.ref, "datasource": SOURCE.to_json(), "query": self.query, **form, **named}
