"""Exports as Parquet, for programs that compute: typed columns, one row group after the other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.exports.compose import Scope
from app.exports.export.sink import Sink
from app.exports.export.table import COLUMNS, MOMENT, WHOLE, cells
from app.exports.queries import Row, pages

# How many rows are taken over at a time, and how many such batches make a row group. Rows as Python has them weigh most, and
# what a file says of each row group is held to its end: small batches, large groups.
BATCH, GROUP = 250, 32


def parquet(scope: Scope) -> Iterator[bytes]:
    """Give a Parquet file with one row per event; what an event does not say is null."""
    # Only who exports so needs it: it weighs as much as everything else in the process.
    from pyarrow import PythonFile, Table, parquet  # noqa: PLC0415

    schema = _schema(scope)
    sink = Sink()
    with parquet.ParquetWriter(PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        yield sink.take()
        batches: list[Any] = []
        for rows in _parts(scope):
            batches.append(_batch(rows, schema))
            if len(batches) == GROUP:
                writer.write_table(Table.from_batches(batches))
                batches.clear()
                yield sink.take()
        if batches:
            writer.write_table(Table.from_batches(batches))
    yield sink.take()


def _parts(scope: Scope) -> Iterator[list[Row]]:
    for rows in pages(scope):
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]


def _schema(scope: Scope) -> Any:
    import pyarrow  # noqa: PLC0415

    kinds = {WHOLE: pyarrow.int64(), MOMENT: pyarrow.timestamp("us", "UTC")}
    told = {
        "checkpoint_size": str(scope.size),
        "checkpoint_root": scope.root,
        "checkpoint_origin": scope.origin,
    }
    fields = [(name, kinds.get(kind, pyarrow.string())) for name, kind in COLUMNS.items()]
    return pyarrow.schema(fields, metadata=told)


def _batch(rows: list[Row], schema: Any) -> Any:
    import pyarrow  # noqa: PLC0415

    columns = zip(*(cells(*row) for row in rows), strict=True)
    arrays = []
    for field, values in zip(schema, columns, strict=True):
        # Not by a cast: it would load everything that can be computed.
        found = map(_moment, values) if COLUMNS[field.name] == MOMENT else values
        arrays.append(pyarrow.array(found, field.type))
    return pyarrow.RecordBatch.from_arrays(arrays, schema=schema)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
