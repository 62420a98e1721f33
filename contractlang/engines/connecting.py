"""Which module serves an engine that a usage names; each is imported only then."""

from importlib import import_module

from contractlang.engines.engine import Engine, EngineFault

_SERVED = {
    "bigquery": ("bigquery", "BigQuery"),
    "clickhouse": ("clickhouse", "ClickHouse"),
    "datafusion": ("datafusion", "DataFusion"),
    "polars": ("polars", "Polars"),
    "postgresql": ("postgresql", "PostgreSQL"),
    "snowflake": ("snowflake", "Snowflake"),
    "spark": ("spark", "Spark"),
    "sqlite": ("sqlite", "SQLite"),
    "trino": ("trino", "Trino"),
}
"""The module of each engine, and its class, which takes an address."""


def connect(engine: str, address: str) -> Engine:
    """The engine of a name at an address; raises EngineFault."""
    if engine not in _SERVED:
        known = ", ".join(sorted(["duckdb", *_SERVED]))
        raise EngineFault(f'no engine is called "{engine}": there are {known}')
    module, name = _SERVED[engine]
    found: Engine = getattr(import_module(f"contractlang.engines.{module}"), name)(address)
    return found
