"""What every engine takes from a typed cell alike: the bounds of what is read, and the shape of a check."""

from collections.abc import Callable, Mapping
from pathlib import Path

from contractlang.engines.engine import Cell, EngineFault, SourceTable

LONGEST_SECONDS = 99_999_999_999
"""The longest length of time in seconds, some three thousand years; a longer one is a slip."""

FIRST_DAY, LAST_DAY = -354_285, 376_199
"""The days from the year 1000 to the year 2999, since 1970: others are slips, and no date of a contract."""

FIRST_MICROSECOND, LAST_MICROSECOND = FIRST_DAY * 86_400_000_000, (LAST_DAY + 1) * 86_400_000_000 - 1
"""The same years in microseconds since 1970."""

MOST_DECIMALS = 20
"""The most decimals that a number may have."""

MOST_DIGITS = 38
"""The most digits of an integer that every engine computes exactly."""

_DIGITS_OF_64_BITS = 18
_MILLION = 1_000_000


def checked(
    cell: str, inside: str, value: str, *, decimals: int = 0, instant: bool = False, bound: int | None = None
) -> Cell:
    """A cell that is `value` where `inside` holds, and wrong where it does not and the cell is not empty."""
    return Cell(
        f"CASE WHEN {inside} THEN {value} END",
        decimals,
        instant,
        bound,
        wrong=f"({cell} IS NOT NULL AND NOT coalesce({inside}, false))",
    )


def decimal_cell(cell: str, inside: str, whole: str, decimals: int, digits: int | None) -> Cell:
    """A decimal as the integer of its last decimal; `digits` is how many its type admits, None for any."""
    small = digits is not None and digits <= _DIGITS_OF_64_BITS
    type_ = "BIGINT" if small else f"DECIMAL({MOST_DIGITS}, 0)"
    bound = None if digits is None else 10 ** min(digits, MOST_DIGITS)
    return checked(cell, inside, f"CAST({whole} AS {type_})", decimals=decimals, bound=bound)


def moment_cell(
    cell: str, raw: str, in_a_second: int, instant: bool, quotient: Callable[[str, int], str]
) -> Cell:
    """A time that an engine keeps as the integer `raw`, of which there are `in_a_second`, since 1970.

    A finer time than a microsecond is wrong where it is no whole number of them.
    """
    if in_a_second > _MILLION:
        step = in_a_second // _MILLION
        # So fine an integer of 64 bits never leaves the years that are read.
        return checked(
            cell, f"{raw} % {step} = 0", quotient(raw, step), instant=instant, bound=LAST_MICROSECOND
        )
    step = _MILLION // in_a_second
    first, last = FIRST_MICROSECOND // step, LAST_MICROSECOND // step
    value = raw if step == 1 else f"{raw} * {step}"
    return checked(cell, f"{raw} BETWEEN {first} AND {last}", value, instant=instant, bound=LAST_MICROSECOND)


def day_cell(cell: str, days: str) -> Cell:
    """A date that an engine keeps as days since 1970."""
    return checked(cell, f"{days} BETWEEN {FIRST_DAY} AND {LAST_DAY}", days, bound=LAST_DAY)


def length_cell(cell: str, raw: str, in_a_second: int, quotient: Callable[[str, int], str]) -> Cell:
    """A length of time that an engine keeps as the integer `raw`, of which a second has so many."""
    inside = f"{raw} BETWEEN 0 AND {min(LONGEST_SECONDS * in_a_second, 2**63 - 1)}"
    bound = LONGEST_SECONDS * _MILLION
    if in_a_second > _MILLION:
        step = in_a_second // _MILLION
        return checked(cell, f"{inside} AND {raw} % {step} = 0", quotient(raw, step), bound=bound)
    step = _MILLION // in_a_second
    return checked(cell, inside, raw if step == 1 else f"{raw} * {step}", bound=bound)


def parquet_files(engine: str, table: SourceTable) -> tuple[Path, ...]:
    """The files of a table; raises EngineFault where they are not what the engine reads."""
    if not table.files or table.table is not None:
        raise EngineFault(f"{engine} reads Parquet files here, and no tables of a database")
    strange = [path.name for path in table.files if path.suffix.lower() not in (".parquet", ".pq")]
    if strange:
        raise EngineFault(f"{engine} reads Parquet files here, and {strange[0]} is none by its name")
    return table.files


def require_alike(schemas: Mapping[str, Mapping[str, str]]) -> None:
    """Raises EngineFault where a file, by its name, has other columns or types than the first."""
    first, *others = schemas.items()
    for name, columns in others:
        for column in sorted(first[1].keys() | columns.keys()):
            if column not in columns or column not in first[1]:
                lacking, having = (name, first[0]) if column not in columns else (first[0], name)
                raise EngineFault(f'the file {lacking} has no column "{column}", which {having} has')
            if columns[column] != first[1][column]:
                raise EngineFault(
                    f'the column "{column}" is {first[1][column]} in the file {first[0]} and '
                    f"{columns[column]} in {name}: write them alike"
                )


class Linked:
    """Folders that link to the files of tables under names of ours, for engines that read patterns.

    A name of a file may hold `*`, `{` or a space; that of a link has letters and digits.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self.of: dict[tuple[Path, ...], str] = {}

    def folder(self, files: tuple[Path, ...]) -> str:
        """A folder with links to some files, its path with a slash; raises OSError."""
        place = self._folder / f"table{len(self.of)}"
        place.mkdir()
        self.of[files] = f"{place}/"
        for number, path in enumerate(files):
            (place / f"part{number:06}.parquet").symlink_to(path)
        return self.of[files]

    def require_all(self) -> None:
        """Raises EngineFault where a file has gone: engines leave out a link that leads nowhere."""
        for files in self.of:
            for path in files:
                if not path.exists():
                    raise EngineFault(f"the file {path.name} is no longer there")
