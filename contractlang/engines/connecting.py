"""Which module serves an engine that a usage names; each is imported only then."""

from contractlang.engines.engine import Engine, EngineFault


def connect(engine: str, address: str) -> Engine:
    """The engine of a name at an address; raises EngineFault."""
    raise EngineFault(f'no engine is called "{engine}", which was to read "{address}"')
