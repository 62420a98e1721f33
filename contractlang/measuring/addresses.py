"""Addresses of databases, as a usage file writes them: `postgresql:///wfm`, `sqlite:wfm.db`.

An address says where a database is and never who asks: passwords come from the environment, where the
driver of each database looks for them.
"""

import re

ENGINES = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "sqlite": "sqlite",
    "spark": "spark",
    "trino": "trino",
    "bigquery": "bigquery",
    "snowflake": "snowflake",
}
"""The engine that serves each scheme of an address."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@|[?&;](password|pass|pwd|token|secret)=", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether a source is a database that some engine serves, and not a file."""
    found = _SCHEME.match(text)
    return found is not None and found[1].lower() in ENGINES


def has_password(address: str) -> bool:
    """Whether an address gives a password away."""
    return _PASSWORD.search(address) is not None
