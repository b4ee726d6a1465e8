"""The formats in which the trail is exported. Each is streamed: memory does not grow with the trail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.exports.compose import Scope
from app.exports.export.columnar import parquet
from app.exports.export.delimited import csv_lines, json_lines
from app.exports.export.objects import ocel
from app.exports.export.provenance import prov_json
from app.exports.export.published import giving
from app.exports.export.traces import xes
from app.exports.export.workbook import xlsx


@dataclass(frozen=True)
class Format:
    """A format: its name and use in words, the ending of its files, its media type, and what writes it.

    ``of_case`` says that it holds one case, not many.
    """

    name: str
    use: str
    ending: str
    media_type: str
    write: Callable[[Scope], Iterator[bytes]]
    of_case: bool = False

    def file_name(self, scope: Scope) -> str:
        """Return the name of a file: what is in it, and up to which size of the tree."""
        return f"trail-{scope.label}-{scope.size}.{self.ending}"


FORMATS: dict[str, Format] = {
    "jsonl": Format("JSON Lines", "for proof", "jsonl", "application/jsonl", json_lines),
    "csv": Format("CSV", "for reading", "csv", "text/csv", csv_lines),
    "xlsx": Format(
        "Excel workbook",
        "for reading",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx,
    ),
    "parquet": Format(
        "Parquet", "for computing", "parquet", "application/vnd.apache.parquet", parquet
    ),
    "ocel": Format("OCEL 2.0", "for process mining", "ocel.json", "application/json", ocel),
    "xes": Format("XES", "for process mining", "xes", "application/xml", xes),
    "360giving": Format(
        "360Giving 1.4", "of accepted grants", "360giving.json", "application/json", giving
    ),
    "prov": Format(
        "PROV-JSON",
        "of one case, for provenance",
        "prov.json",
        "application/json",
        prov_json,
        of_case=True,
    ),
}
"""Every format, by the ending of the address it is had from."""
