"""Phases, amendments and scenarios."""

from typing import Any

from contractlang.syntax import tree
from contractlang.syntax.rules.words import Words


class Phases(Words):
    """Builds phases, amendments and scenarios."""

    # ---- phases and amendments

    def phase(self, children: list[Any], start: int, end: int) -> tree.Phase:
        name, *rest = children
        label = self._label(rest)
        return tree.Phase(name, label, tuple(rest), span=self.span(start, end))

    def transition(self, children: list[Any], start: int, end: int) -> tree.Transition:
        to, *rest = children
        clauses = self._clauses(rest, f'the transition to "{to}"')
        return tree.Transition(to, **clauses, span=self.span(start, end))

    def after(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("after", self._length(children[0], children[1]), start, end)

    def on_date(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("on", self._date(children[0]), start, end)

    def not_before(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("not_before", self._length(children[0], children[1]), start, end)

    def remove(self, children: list[Any], start: int, end: int) -> tree.Remove:
        return tree.Remove(children[0], span=self.span(start, end))

    def amendment(self, children: list[Any], start: int, end: int) -> tree.Amendment:
        label, effective, *rest = children
        header = self._clauses([item for item in rest if isinstance(item, tuple)], "the amendment")
        items = tuple(item for item in rest if not isinstance(item, tuple))
        return tree.Amendment(
            self._string(label), self._date(effective), items, **header, span=self.span(start, end)
        )

    # ---- scenarios

    def test(self, children: list[Any], start: int, end: int) -> tree.Test:
        title, *items = children
        return tree.Test(self._string(title), tuple(items), span=self.span(start, end))

    def given(self, children: list[Any], start: int, end: int) -> tree.Given:
        period, *figures = children
        return tree.Given(period, tuple(figures), span=self.span(start, end))

    def assignment(self, children: list[Any], start: int, end: int) -> tree.Assignment:
        return tree.Assignment(self._name(children[0]), children[1], span=self.span(start, end))

    def expect(self, children: list[Any], start: int, end: int) -> tree.Expect:
        subject, value, *rest = children
        name, member, phase = subject
        return tree.Expect(name, value, rest[0] if rest else None, member, phase, span=self.span(start, end))

    def subject_name(self, children: list[Any], start: int, end: int) -> Any:
        return children[0], None, False

    def subject_member(self, children: list[Any], start: int, end: int) -> Any:
        dot = self.text.index(".", start)
        owner = tree.Name(self.text[start:dot], span=self.span(start, dot))
        return owner, tree.Name(self.text[dot + 1 : end], span=self.span(dot + 1, end)), False

    def subject_phase(self, children: list[Any], start: int, end: int) -> Any:
        return tree.Name("phase", span=self.span(start, end)), None, True

    def no_data(self, children: list[Any], start: int, end: int) -> tree.NoData:
        return tree.NoData(span=self.span(start, end))

    def invariant(self, children: list[Any], start: int, end: int) -> tree.Invariant:
        return tree.Invariant(self._string(children[0]), children[1], span=self.span(start, end))
