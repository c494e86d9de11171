"""Querysets whose statement is written once: of a query by id Django takes twenty times as long to write as to ask.

For measured hot paths, such as a log-in; everything else is asked as usual.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from posthouse.base import sql

_populators: Callable[..., list[Any]] = get_related_populators
Row = TypeVar("Row", bound=Model)


class _Statement(NamedTuple):
    text: str
    compiler: Any
    converters: dict[int, Any]
    first: int
    end: int
    fields: list[str]
    related: list[Any]


class Prepared(Generic[Row]):
    """Rows of a model with those fetched along by `select_related`, by values that come into the statement in order.

    `make` is given `samples` the first time and gives the queryset; the statement must hold exactly those values, in
    that order, which is checked.
    """

    def __init__(self, make: Callable[..., QuerySet[Row]], samples: Sequence[object]) -> None:
        self._make, self._samples = make, tuple(samples)
        self._statement: _Statement | None = None
        self._lock = threading.Lock()

    def first(self, *values: object) -> Row | None:
        made = self._statement or self._compile()
        found = sql.row(made.text, values)
        if found is None:
            return None
        row = next(iter(made.compiler.apply_converters([found], made.converters)))
        model: type[Row] = made.compiler.klass_info["model"]
        instance = model.from_db(DEFAULT_DB_ALIAS, made.fields, row[made.first : made.end])
        for populator in made.related:
            populator.populate(row, instance)
        return instance

    def _compile(self) -> _Statement:
        with self._lock:
            queryset = self._make(*self._samples)[:1]
            compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
            text, params = compiler.as_sql()
            if tuple(params) != self._samples:
                raise TypeError(f"{text} holds {params}, not {self._samples}")
            places = compiler.klass_info["select_fields"]
            first, end = places[0], places[-1] + 1
            self._statement = _Statement(
                text=text,
                compiler=compiler,
                converters=compiler.get_converters([column[0] for column in compiler.select]),
                first=first,
                end=end,
                fields=[column[0].target.attname for column in compiler.select[first:end]],
                related=_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),
            )
            return self._statement
