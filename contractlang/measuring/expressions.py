"""Row expressions as SQL on integers: what an aggregate says about each row.

In: an expression of the tree and a staged table. Out: SQL and its kind. A number is an integer of SQL
times an exact factor kept here, so products, quotients by constants and units never round, and its
bound says whether 64 bits are enough. A comparison with an empty cell is NULL, which neither holds
nor does its negation (rulings, "Words and numbers").

Codes: CL826 not a row expression, CL827 kinds or units that do not go together, CL837 too large.
"""

from fractions import Fraction

from contractlang import exact
from contractlang.diagnostics import nearest
from contractlang.engines.engine import INTEGER_LIMIT, choice, literal
from contractlang.measuring.clock import Clock, day_number
from contractlang.measuring.quantities import (
    MICROSECOND,
    Condition,
    DateOf,
    Instant,
    Quantity,
    RowValue,
    TextOf,
    bounded,
    common_factor,
    constant,
    kind_of,
    product,
    refused,
    rescaled,
    too_large,
    total,
)
from contractlang.measuring.slots import Calendars
from contractlang.measuring.staging import StagedColumn, StagedTable
from contractlang.syntax import tree
from contractlang.text import Span
from contractlang.units import PLAIN, SECOND, UnitTable, of


class RowCompiler:
    """Compiles row expressions over one table; collects the windows that they ask for.

    A column's windows are asked of one calendar, joined on its day. With `placed`, the calendar of the day
    that places a row holds the term only, so that joining it leaves out the rows outside; where rows are
    many it is joined by slot, and tells the day too.
    """

    def __init__(
        self,
        table: StagedTable,
        units: UnitTable,
        currency: str,
        clock: Clock,
        calendars: Calendars,
        alias: str = "t",
        placed: bool = False,
    ) -> None:
        self.table = table
        self.units = units
        self.currency = currency
        self.clock = clock
        self.calendars = calendars
        self.alias = alias
        self._placing = f"{alias}.{table.day}" if placed else None
        self._asked: dict[str, list[str]] = {}
        self._more: list[str] = []
        self._slotted = placed and table.placing.day is not None and calendars.suit_slots(table.rows)
        if self._slotted:
            self._asked[f"{alias}.{table.day}"] = []

    def condition(self, expression: tree.Expression) -> str:
        """SQL for a condition on a row; raises ContractError."""
        return self._condition(expression).sql

    def quantity(self, expression: tree.Expression) -> Quantity:
        """A number of each row; a yes counts 1 and a no 0. Raises ContractError."""
        found = self.value(expression)
        if isinstance(found, Condition):
            sql = f"CASE WHEN {found.sql} THEN 1 WHEN NOT {found.sql} THEN 0 END"
            return Quantity(sql, Fraction(1), PLAIN, 1)
        if not isinstance(found, Quantity):
            raise refused("CL827", f"{kind_of(found)} cannot be added up", expression.span)
        return found

    def instant(self, expression: tree.Expression) -> Instant | DateOf:
        """A moment or a date of each row, one end of an interval; raises ContractError."""
        found = self.value(expression)
        if not isinstance(found, Instant | DateOf):
            raise refused(
                "CL827", f"an interval runs between two times, not {kind_of(found)}", expression.span
            )
        return found

    def column(self, name: str, span: Span | None) -> StagedColumn:
        """A column of the table; raises ContractError, CL826, where it has none of that name."""
        found = self.table.columns.get(name)
        if found is None:
            near = nearest(name, self.table.columns)
            cure = f'the nearest is "{near}"' if near else ""
            raise refused("CL826", f'the table "{self.table.name}" has no column "{name}"', span, cure)
        return found

    def value(self, node: tree.Expression) -> RowValue:
        """The SQL of any row expression; raises ContractError."""
        if isinstance(node, tree.Paren):
            return self.value(node.value)
        if isinstance(node, tree.Reference):
            return self._cell(self.column(node.name.text, node.span))
        if isinstance(node, tree.Member):
            if node.owner.text != self.table.name:
                message = f'"{node.owner.text}" is not the table counted here'
                raise refused("CL826", message, node.owner.span)
            return self._cell(self.column(node.member.text, node.span))
        if isinstance(node, tree.Number):
            return self._number(node)
        if isinstance(node, tree.Percent):
            return constant(exact.number(node.value) / 100, PLAIN)
        if isinstance(node, tree.Text):
            return TextOf(literal(node.value))
        if isinstance(node, tree.Day):
            number = day_number(node.value)
            return DateOf(str(number), abs(number))
        if isinstance(node, tree.YesNo):
            return Condition("true" if node.value else "false")
        if isinstance(node, tree.Negative):
            found = self._numeric(node.value)
            return product(found, constant(Fraction(-1), PLAIN), found.unit)
        if isinstance(node, tree.Binary):
            return self._binary(node)
        if isinstance(node, tree.PercentOf):
            found = self._numeric(node.of)
            return product(found, constant(exact.number(node.percent) / 100, PLAIN), found.unit)
        if isinstance(node, tree.If):
            return self._choice(node)
        if isinstance(node, tree.Compare | tree.Is | tree.InWindow | tree.Not | tree.Logic):
            return self._condition(node)
        raise refused(
            "CL826", "this cannot be asked of each row", node.span, "use columns, constants and + - *"
        )

    # ---- values

    def _cell(self, column: StagedColumn) -> RowValue:
        sql = f"{self.alias}.{column.sql}"
        if column.type == "timestamp":
            return Instant(sql, f"{self.alias}.{column.day}", column.bound, column)
        if column.type == "date":
            return DateOf(sql, column.bound)
        if column.type == "text":
            return TextOf(sql)
        if column.type == "boolean":
            return Condition(sql)
        unit = {"duration": SECOND, "money": of(self.currency)}.get(column.type, PLAIN)
        return Quantity(sql, column.factor, unit, column.bound)

    def _number(self, node: tree.Number) -> Quantity:
        value = exact.number(node.value)
        if node.unit is None:
            return constant(value, PLAIN)
        scale = self.units.scale(node.unit.text)
        if scale is None:
            near = nearest(node.unit.text, self.units.words)
            cure = f'the nearest is "{near}"' if near else ""
            raise refused("CL827", f'no unit is called "{node.unit.text}"', node.unit.span, cure)
        return constant(value * scale.factor, scale.unit)

    def _numeric(self, node: tree.Expression) -> Quantity:
        found = self.value(node)
        if not isinstance(found, Quantity):
            raise refused("CL827", f"a number is meant here, not {kind_of(found)}", node.span)
        return found

    def _binary(self, node: tree.Binary) -> RowValue:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, Quantity) and isinstance(right, Quantity):
            if node.operator == "*":
                return bounded(product(left, right, left.unit.times(right.unit)), node.span)
            if node.operator == "/":
                if not right.constant:
                    cure = "divide the sums instead: sum(…) / sum(…)"
                    raise refused(
                        "CL826", "a row can be divided by a constant only, which is not 0", node.span, cure
                    )
                inverse = constant(1 / right.constant, PLAIN)
                return bounded(product(left, inverse, left.unit.over(right.unit)), node.span)
            first, second, factor = self._alike(left, right, node.span)
            unit = right.unit if left.constant == 0 else left.unit
            return bounded(total(first, second, node.operator, factor, unit), node.span)
        if node.operator == "-" and isinstance(left, Instant) and isinstance(right, Instant):
            bound = left.bound + right.bound
            return Quantity(f"({left.sql} - {right.sql})", MICROSECOND, SECOND, bound)
        if node.operator == "-" and isinstance(left, DateOf) and isinstance(right, DateOf):
            return Quantity(
                f"({left.sql} - {right.sql})",
                self.units.day.factor,
                self.units.day.unit,
                left.bound + right.bound,
            )
        if node.operator in ("+", "-") and isinstance(left, Instant | DateOf) and isinstance(right, Quantity):
            return self._moved(left, right, node)
        if node.operator == "+" and isinstance(left, Quantity) and isinstance(right, Instant | DateOf):
            return self._moved(right, left, node)
        raise refused(
            "CL827",
            f'"{node.operator}" does not go between {kind_of(left)} and {kind_of(right)}',
            node.span,
            "take the date of both, or the time of both"
            if isinstance(left, Instant | DateOf) and isinstance(right, Instant | DateOf)
            else "",
        )

    def _moved(self, moment: Instant | DateOf, by: Quantity, node: tree.Binary) -> RowValue:
        """A date some days later, or an instant some seconds later."""
        day = self.units.day
        unit, one = (day.unit, day.factor) if isinstance(moment, DateOf) else (SECOND, MICROSECOND)
        if by.unit != unit and by.constant != 0:
            what = (
                "a date moves by days" if isinstance(moment, DateOf) else "a time moves by hours or minutes"
            )
            raise refused("CL827", f"{what}, not by {by.unit}", node.span)
        steps = by.factor / one
        if steps.denominator != 1:
            raise refused("CL827", "a date moves by whole days", node.span)
        sql = f"({moment.sql} {node.operator} {by.sql} * {steps.numerator})"
        bound = moment.bound + by.bound * abs(steps.numerator)
        if bound >= INTEGER_LIMIT:
            raise too_large(node.span)
        if isinstance(moment, DateOf):
            return DateOf(sql, bound)
        return Instant(sql, self.clock.day(sql), bound)

    def _choice(self, node: tree.If) -> RowValue:
        condition = self.condition(node.condition)
        then, otherwise = self.value(node.then), self.value(node.otherwise)
        if isinstance(then, Quantity) and isinstance(otherwise, Quantity):
            first, second, factor = self._alike(then, otherwise, node.span)
            unit = otherwise.unit if then.constant == 0 else then.unit
            sql = f"CASE WHEN {condition} THEN {first.sql} ELSE {second.sql} END"
            return bounded(Quantity(sql, factor, unit, max(first.bound, second.bound)), node.span)
        if isinstance(then, TextOf) and isinstance(otherwise, TextOf):
            return TextOf(f"CASE WHEN {condition} THEN {then.sql} ELSE {otherwise.sql} END")
        if isinstance(then, Condition) and isinstance(otherwise, Condition):
            return Condition(f"CASE WHEN {condition} THEN {then.sql} ELSE {otherwise.sql} END")
        raise refused("CL827", f"one branch is {kind_of(then)}, the other {kind_of(otherwise)}", node.span)

    def _alike(self, left: Quantity, right: Quantity, span: Span) -> tuple[Quantity, Quantity, Fraction]:
        """Two numbers as integers of one factor; 0 needs no unit."""
        if left.unit != right.unit and left.constant != 0 and right.constant != 0:
            raise refused("CL827", f"{left.unit} and {right.unit} do not go together", span)
        factor = common_factor(left.factor, right.factor)
        return bounded(rescaled(left, factor), span), bounded(rescaled(right, factor), span), factor

    # ---- conditions

    def _condition(self, node: tree.Expression) -> Condition:
        if isinstance(node, tree.Not):
            return Condition(f"(NOT {self.condition(node.value)})")
        if isinstance(node, tree.Logic):
            word = node.operator.upper()
            return Condition(f"({self.condition(node.left)} {word} {self.condition(node.right)})")
        if isinstance(node, tree.Compare):
            return self._compare(node)
        if isinstance(node, tree.Is):
            return self._is(node)
        if isinstance(node, tree.InWindow):
            return self._in_window(node)
        found = self.value(node)
        if not isinstance(found, Condition):
            raise refused("CL827", f"a condition is meant here, not {kind_of(found)}", node.span)
        return found

    def _compare(self, node: tree.Compare) -> Condition:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, Quantity) and isinstance(right, Quantity):
            first, second, _ = self._alike(left, right, node.span)
            return Condition(f"({first.sql} {node.operator} {second.sql})")
        if isinstance(left, Instant) and isinstance(right, Instant):
            return Condition(f"({left.sql} {node.operator} {right.sql})")
        if isinstance(left, Instant | DateOf) and isinstance(right, Instant | DateOf):
            # A time beside a date is asked for its day: `started <= 2026-07-01` takes all of that day.
            days = [one.day if isinstance(one, Instant) else one.sql for one in (left, right)]
            return Condition(f"({days[0]} {node.operator} {days[1]})")
        raise refused("CL827", f"{kind_of(left)} and {kind_of(right)} have no order", node.span)

    def _is(self, node: tree.Is) -> Condition:
        left = self.value(node.value)
        if isinstance(node.what, tree.Known):
            return Condition(f"({left.sql} IS {'NULL' if node.negated else 'NOT NULL'})")
        right = self.value(node.what)
        operator = "<>" if node.negated else "="
        if isinstance(left, Quantity) and isinstance(right, Quantity):
            first, second, _ = self._alike(left, right, node.span)
            return Condition(f"({first.sql} {operator} {second.sql})")
        if type(left) is not type(right):
            raise refused("CL827", f"{kind_of(left)} is never {kind_of(right)}", node.span)
        return Condition(f"({left.sql} {operator} {right.sql})")

    def _in_window(self, node: tree.InWindow) -> Condition:
        found = self.value(node.value)
        if not isinstance(found, Instant | DateOf):
            raise refused(
                "CL827", f"a window is asked about a time or a date, not {kind_of(found)}", node.span
            )
        day = found.day if isinstance(found, Instant) else found.sql
        windows = self._asked.setdefault(day, [])
        if node.window.text not in windows:
            windows.append(node.window.text)
        alias = f"k{list(self._asked).index(day)}"
        name, placing = node.window.text, day == self._placing
        laid = self.calendars.window(windows.index(name), name, node.window.span, in_term=placing)
        by_slot = placing and self._slotted and self.calendars.fits_slots(name)
        if isinstance(found, DateOf) or by_slot:
            inside = f"{alias}.{laid.whole} = 1"
        else:
            inside = " OR ".join(
                f"({found.sql} >= {alias}.{start} AND {found.sql} < {alias}.{end})"
                for start, end in laid.pairs
            )
        inside = inside or "1 = 0"
        if placing:
            return Condition(f"({inside})")
        # A day that no calendar holds is in no window; a cell without a day leaves the question open.
        return Condition(f"(CASE WHEN {found.sql} IS NOT NULL THEN coalesce({inside}, 1 = 0) END)")

    def add_join(self, sql: str) -> None:
        """Join another table of at most one row for each row."""
        self._more.append(sql)

    def part(self, borders: tuple[int, ...] | None) -> str:
        """SQL for the first day of the part between `borders` that a row lies in, or for its day."""
        if self._slotted:
            return "k0.part"
        day = f"{self.alias}.{self.table.day}"
        if borders is None:
            return day
        return choice(day, [(border, str(border)) for border in borders[1:-1]], str(borders[0]))

    def joined(self, borders: tuple[int, ...] | None = None) -> str:
        """SQL that joins the calendars asked about, to follow the table in FROM.

        With `placed`, only rows of the term are left by it and by `inside`, and parts are those of `borders`.
        """
        found = []
        for index, (day, windows) in enumerate(self._asked.items()):
            if day == self._placing and self._slotted:
                laid = self.calendars.slotted(windows, borders)
                slot = self.clock.slot(f"{self.alias}.{self.table.placing.sql}", laid.length, laid.early)
                found.append(f" JOIN {laid.sql} AS k{index} ON k{index}.slot = {slot}")
                continue
            placing = day == self._placing
            calendar = self.calendars.laid(windows, in_term=placing)
            how = "JOIN" if placing else "LEFT JOIN"
            found.append(f" {how} {calendar.sql} AS k{index} ON k{index}.day = {day}")
        return "".join([*found, *self._more])

    def inside(self, term: tuple[int, int]) -> str:
        """SQL for whether the day that places a row is in the term; true where what is joined says so."""
        day = f"{self.alias}.{self.table.day}"
        return "1 = 1" if self._placing in self._asked else f"{day} >= {term[0]} AND {day} < {term[1]}"
