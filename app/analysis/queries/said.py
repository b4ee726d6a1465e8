"""Reading a value out of the exact record of an event in SQL, on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Said(FunctionElement[str]):
    """The text at a path in a column that holds canonical JSON; NULL where there is none."""

    name = "said"
    type = String()
    inherit_cache = True


@compiles(_Said, "sqlite")
def _sqlite(element: _Said, compiler: Any, **more: Any) -> str:
    column, path = _parts(element, compiler, **more)
    return f"json_extract({column}, '$.{path}')"


@compiles(_Said, "postgresql")
def _postgresql(element: _Said, compiler: Any, **more: Any) -> str:
    column, path = _parts(element, compiler, **more)
    return f"(({column})::json #>> '{{{path.replace('.', ',')}}}')"


def _parts(element: _Said, compiler: Any, **more: Any) -> tuple[str, str]:
    column, path = element.clauses
    return compiler.process(column, **more), str(path)


def said(column: Any, *path: str) -> ColumnElement[str]:
    """Return what a record says at a path such as ``workflow``, ``sha256``; the path is never what somebody typed."""
    return _Said(column, literal_column(".".join(path)))
