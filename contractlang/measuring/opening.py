"""The sources of a usage, opened: connections, staged tables, and what was read, by content.

In: the source of each table. Out: staged tables, with what is surprising in them, and the inputs that an
invoice names. Files of Parquet and tables of databases stay where they are and are seen through views; other
files are read once into the engine at hand, and so is a view of which something is asked that only rows can
tell.

Codes: CL848 an engine could not count, CL849 a file that changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import finalize

from contractlang.diagnostics import ContractError, Place, error
from contractlang.engines.duckdb import DuckDB
from contractlang.engines.engine import Engine, EngineFault, SourceTable
from contractlang.measuring.clock import Clock
from contractlang.measuring.files import Input, fingerprint
from contractlang.measuring.quantities import refused
from contractlang.measuring.schema import Schema
from contractlang.measuring.sources import kind_of, parts_of
from contractlang.measuring.staging import StagedTable, Staging
from contractlang.measuring.surprises import Surprises
from contractlang.measuring.views import View, Viewing, fetched
from contractlang.text import Span
from contractlang.windows import WindowCalendar

_LARGE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RowSource:
    """Where the rows of one table are: files (path and name to show), or a table of a database.

    `columns` names the source's column for the contract's, where they differ; `span` is where the usage
    says it.
    """

    table: str
    paths: tuple[tuple[Path, str], ...]
    columns: Mapping[str, str]
    span: Span
    engine: str = "duckdb"
    address: str = ""
    database_table: str | None = None

    @property
    def shown(self) -> str:
        """The name of the source in messages and on invoices."""
        if self.database_table is not None:
            return f"{self.address} {self.database_table}"
        return self.paths[0][1]


class OpenSources:
    """The sources of a usage with the connections to them.

    `views` are the tables that are seen where they are, `surprises` what was found in the copied ones.
    `schema` is what the contract says of the tables, and `local` the engine at hand.
    """

    def __init__(
        self,
        schema: Schema,
        sources: Sequence[RowSource],
        folders: Sequence[Path],
        calendar: WindowCalendar,
    ) -> None:
        self.schema = schema
        self.calendar = calendar
        self._sources = {one.table: one for one in sources}
        paths = [path for one in sources for path, _ in one.paths]
        self._found = {path: _state_of(path) for path in paths}
        copied = sum(size for path, (size, _) in self._found.items() if path.suffix.lower() != ".parquet")
        self.local = DuckDB(folders, on_disk=copied > _LARGE)
        self._engines: dict[tuple[str, str], Engine] = {}
        # Who forgets a usage lets go of its connections, and so does the end of the program.
        self._end = finalize(self, _let_go, self._engines, self.local)
        self.surprises: dict[str, Surprises] = {}
        self.views: dict[str, View] = {}
        self._inputs: tuple[Input, ...] | None = None

    def __getitem__(self, table: str) -> RowSource:
        """The source of a table."""
        return self._sources[table]

    def close(self) -> None:
        """Let go of all engines."""
        self._end()

    def staged(self, source: RowSource) -> StagedTable:
        """The rows of a source, seen where they are or copied; raises ContractError, EngineFault."""
        usage = self.schema.tables[source.table]
        if source.engine != self.local.name:
            return self._foreign(source)
        named = {source.columns.get(one.name.text, one.name.text) for one in usage.columns}
        if all(
            kind_of(path, shown) == "parquet" and named.isdisjoint(parts_of(shown))
            for path, shown in source.paths
        ):
            viewing = self._viewing(self.local, source)
            place = SourceTable("", None, tuple(path for path, _ in source.paths))
            # Where a file cannot be read, or differs from the others, reading one by one says which.
            with suppress(EngineFault):
                if self.local.are_alike(place):
                    viewed = viewing.view(usage, place, source.columns, source.shown, source.span)
                    if viewed is not None:
                        self.views[source.table] = viewed
                        return viewed.table
        return self.copied(source)

    def copied(self, source: RowSource) -> StagedTable:
        """The rows of files read into the engine at hand; raises ContractError, EngineFault."""
        staging = Staging(self.local, self.schema, self._clock(self.local))
        table = staging.stage(self.schema.tables[source.table], source.paths, source.columns, source.span)
        assert staging.surprises is not None, "it is known of what was staged"
        self.surprises[source.table] = staging.surprises
        return table

    def _foreign(self, source: RowSource) -> StagedTable:
        from contractlang.engines.connecting import connect

        key = (source.engine, source.address)
        if key not in self._engines:
            self._engines[key] = connect(source.engine, source.address)
        engine = self._engines[key]
        viewing = self._viewing(engine, source)
        place = SourceTable(source.address, source.database_table, tuple(path for path, _ in source.paths))
        usage = self.schema.tables[source.table]
        viewed = viewing.view(usage, place, source.columns, source.shown, source.span)
        assert viewed is not None, "only files are read cell by cell"
        self.views[source.table] = viewed
        return viewed.table

    def _viewing(self, engine: Engine, source: RowSource) -> Viewing:
        return Viewing(engine, self.schema, self._clock(engine), list(self._sources).index(source.table))

    def _clock(self, engine: Engine) -> Clock:
        return Clock(self.calendar.zone, self.schema.term, engine.quotient)

    def brought(self, source: RowSource, table: StagedTable) -> StagedTable:
        """The rows of a view, in the engine at hand, because only they can tell what is asked."""
        if table.engine is not self.local:
            return fetched(self.local, table)
        self.views.pop(source.table, None)
        return self.copied(source)

    # ---- what was read

    def inputs(self, tables: Mapping[str, StagedTable]) -> tuple[Input, ...]:
        """What was read, by content; raises ContractError, CL849, where a file changed meanwhile."""
        if self._inputs is None:
            self._inputs = tuple(self._named_by_content(tables))
        # Contracts that share these rows ask one after the other, and each must have seen the same files.
        for path, found in self._found.items():
            if _state_of(path) != found:
                shown = next(name for one in self._sources.values() for at, name in one.paths if at == path)
                message = f'"{shown}" changed while it was read'
                raise ContractError([error("CL849", message, Place(shown), "run the command again")])
        return self._inputs

    def _named_by_content(self, tables: Mapping[str, StagedTable]) -> Iterator[Input]:
        names = {path: shown for one in self._sources.values() for path, shown in one.paths}
        rows = self._rows_of_files(tables)
        for path, sha256 in self._fingerprints(names):
            yield Input(names[path], sha256, rows.get(path))
        for name, table in tables.items():
            source = self._sources[name]
            if source.database_table is not None:
                yield Input(source.shown, None, table.rows, table.query)

    def _fingerprints(self, names: Mapping[Path, str]) -> Iterable[tuple[Path, str]]:
        """The hash of each file, two at a time where they are large."""
        if sum(self._found[path][0] for path in names) < _LARGE:
            return [(path, fingerprint(path)) for path in names]
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(max_workers=2) as pool:
            return list(zip(names, pool.map(fingerprint, names), strict=True))

    def _rows_of_files(self, tables: Mapping[str, StagedTable]) -> dict[Path, int]:
        found: dict[Path, int] = {}
        for name, table in tables.items():
            paths = [path for path, _ in self._sources[name].paths]
            if table.files:
                found.update((staged.file.path, staged.rows) for staged in table.files)
            elif len(paths) == 1:
                found[paths[0]] = table.rows
            else:
                found.update(self._rows_of_parquet(paths))
        return found

    def _rows_of_parquet(self, paths: Sequence[Path]) -> Iterator[tuple[Path, int]]:
        for path in paths:
            relation = self.local.relation(SourceTable("", None, (path,)))
            yield path, int(self.local.row(f"SELECT count(*) FROM {relation}")[0])  # noqa: S608


def _let_go(engines: Mapping[tuple[str, str], Engine], local: DuckDB) -> None:
    for engine in engines.values():
        engine.close()
    local.close()


@contextmanager
def in_words(source: RowSource) -> Iterator[None]:
    """What an engine cannot do, memory that runs out or a table that is not there, is the user's to mend."""
    try:
        yield
    except EngineFault as fault:
        cure = "free memory or disk space, or give the rows of fewer months"
        message = f"the rows cannot be computed here: {fault}"
        if source.database_table is not None:
            message = f'the rows of "{source.shown}" cannot be counted: {fault}'
            cure = "check the name of the table, the right to read it, and that the database answers"
        elif source.engine != "duckdb":
            message = f'the rows of "{source.shown}" cannot be counted: {fault}'
            cure = "or leave `engine:` out, and DuckDB counts them"
        raise refused("CL848", message, source.span, cure) from None


def _state_of(path: Path) -> tuple[int, int]:
    """The size of a file and when it was changed; a file that has gone has none."""
    try:
        stat = path.stat()
    except OSError:
        return -1, -1
    return stat.st_size, stat.st_mtime_ns
