"""Every format as readers nobody here wrote understand it: jsonschema, openpyxl, pyarrow, and a plain XML parser."""

import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pyarrow.parquet
import pytest
from openpyxl.utils.escape import unescape

from app.exports import queries
from app.exports.compose import Asked
from app.exports.export import columnar, workbook
from app.exports.export.table import COLUMNS, NAMES, WHOLE
from app.exports.export.traces import identity
from app.trail.queries import events_of
from tests.answers import LOAN
from tests.exports.made import export, plant, scope, table
from tests.world import World

DATA = Path(__file__).parent / "data"
HOSTILE = [
    "=1+1", "'=1", "-5", "a\tb", "a\nb", "a\r\nb", "\0\x01\x1f", "_x0041_", "_x005F_x0041_", "]]>", "<c/>&amp;",
    ' "quoted", and more ', "Công ty Ví Dụ", "ក្រុមហ៊ុន", "\U0001f4b0", "\ufffe", "x" * 500,
]  # fmt: skip


def checked(name: str, data: bytes) -> Any:
    found = json.loads(data)
    schema = json.loads((DATA / f"{name}.schema.json").read_text("utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(found)
    return found


def sheets(data: bytes) -> list[list[dict[str, str]]]:
    """Return the rows of each sheet as the CSV has them: openpyxl leaves the escapes of texts to the caller."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = []
    for sheet in book.worksheets:
        head, *rows = sheet.iter_rows(values_only=True)
        assert head == NAMES
        for row in rows:
            for name, value in zip(NAMES, row, strict=True):
                assert (
                    isinstance(value, int if COLUMNS[name] == WHOLE else str | None)
                    or value is None
                )
        found.append(
            [{n: shown(value) for n, value in zip(NAMES, row, strict=True)} for row in rows]
        )
    return found


def shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return unescape(value) if isinstance(value, str) else "" if value is None else str(value)


def columns(data: bytes) -> list[dict[str, str]]:
    rows = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    return [
        {
            name: value or "" if isinstance(value, str | None) else shown(value)
            for name, value in row.items()
        }
        for row in rows
    ]


def lived(world: World) -> str:
    """Return a grant that was paid once, beside a loan and events with texts of every kind."""
    world.at("decision", LOAN)
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, "paid")
    for value in HOSTILE:
        plant(to=value, request=value, duty=value)
    return reference


def test_workbook_and_parquet_hold_what_the_table_holds(world: World) -> None:
    lived(world)
    found = scope()
    expected = table(found)
    assert [row["to"] for row in expected[-len(HOSTILE) :]] == HOSTILE
    assert sheets(export("xlsx", found)) == [expected]
    assert columns(export("parquet", found)) == expected


def test_long_exports_are_the_same_page_by_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(world)
    found = scope()
    kinds = ("jsonl", "csv", "ocel", "xes", "360giving")
    whole = {kind: export(kind, found) for kind in kinds}
    expected = table(found)
    monkeypatch.setattr(queries, "PAGE", 3)
    monkeypatch.setattr(columnar, "GROUP", 2)
    assert {kind: export(kind, found) for kind in kinds} == whole
    assert columns(export("parquet", found)) == expected
    assert sheets(export("xlsx", found)) == [expected]
    read = pyarrow.parquet.ParquetFile(io.BytesIO(export("parquet", found)))
    assert read.num_row_groups == -(-len(expected) // 6)


@pytest.mark.parametrize("most", [2, 3, 4, 9, 10, 11])
def test_a_workbook_has_as_many_sheets_as_it_takes(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    for number in range(9):
        plant(to=str(number))
    found = scope()
    monkeypatch.setattr(queries, "PAGE", 4)
    monkeypatch.setattr(workbook, "MOST_ROWS", most)
    rows, room = table(found), most - 1
    expected = [rows[start : start + room] for start in range(0, 9, room)]
    assert sheets(export("xlsx", found)) == expected


def test_what_a_cell_cannot_hold_is_cut_and_says_so(world: World) -> None:
    plant(to="x" * 32_767, institution="x" * 32_768)
    [[row]] = sheets(export("xlsx", scope()))
    assert row["to"] == "x" * 32_767
    assert len(row["institution"]) == 32_767
    assert row["institution"].endswith("x [cut: 32768 characters]")


def test_the_files_tell_up_to_which_checkpoint_they_go(world: World) -> None:
    world.at("submitted")
    found = scope()
    told = (str(found.size), found.root, found.origin)
    book = openpyxl.load_workbook(io.BytesIO(export("xlsx", found)))
    assert tuple(prop.value for prop in book.custom_doc_props.props) == told
    metadata = pyarrow.parquet.read_schema(io.BytesIO(export("parquet", found))).metadata
    assert tuple(value.decode() for value in metadata.values()) == told
    [checkpoint] = [
        o for o in json.loads(export("ocel", found))["objects"] if o["type"] == "checkpoint"
    ]
    assert tuple(attribute["value"] for attribute in checkpoint["attributes"]) == told
    log = ET.fromstring(export("xes", found))  # noqa: S314 - our own bytes
    values = {element.get("key"): element.get("value") for element in log}
    assert tuple(values[f"checkpoint:{name}"] for name in ("size", "root", "origin")) == told


def test_ocel_is_what_its_schema_asks(world: World) -> None:
    reference = lived(world)
    found = scope()
    log = checked("ocel-2.0", export("ocel", found))
    assert len(log["events"]) == found.size
    objects = {found["id"]: found["type"] for found in log["objects"]}
    assert len(objects) == len(log["objects"])
    named = {r["objectId"] for event in log["events"] for r in event["relationships"]}
    assert named <= objects.keys()
    assert objects[reference] == "case"
    assert {kind["name"] for kind in log["objectTypes"]} == set(objects.values())
    assert {kind["name"] for kind in log["eventTypes"]} == {
        event["type"] for event in log["events"]
    }
    decision = next(event for event in log["events"] if event["type"] == "approve")
    assert {"objectId": "workflow:grant@5", "qualifier": "under workflow"} in decision[
        "relationships"
    ]


def test_xes_has_a_trace_for_each_stream(world: World) -> None:
    reference = lived(world)
    found = scope()
    log = ET.fromstring(export("xes", found))  # noqa: S314 - our own bytes
    traces = {trace[0].get("value"): trace for trace in log.iterfind("trace")}
    assert traces.keys() == {reference, "VN-SMEDF-2026-00001", "log"}
    facts = events_of(reference)
    events = list(traces[reference].iterfind("event"))
    read = [{element.get("key"): element.get("value") for element in event} for event in events]
    assert [(e["concept:name"], e["org:resource"]) for e in read] == [
        (fact.kind, fact.actor) for fact in facts
    ]
    assert [e["identity:id"] for e in read] == [identity(fact.hash) for fact in facts]
    texts = [
        element.get("value")
        for element in traces["log"].iterfind("event/string")
        if element.get("key") == "org:role"
    ]
    impossible = str.maketrans(dict.fromkeys("\0\x01\x1f\ufffe", "\ufffd"))
    assert texts == [value.translate(impossible) for value in HOSTILE]


def test_grants_are_what_the_standard_asks(world: World) -> None:
    reference = lived(world)
    world.at("offered")
    [grant] = checked("360giving-1.4", export("360giving", scope()))["grants"]
    assert (grant["id"], grant["amountAwarded"], grant["amountDisbursed"]) == (
        f"360G-saluran-{reference}",
        80000,
        32000,
    )
    assert grant["recipientOrganization"][0]["id"] == "360G-saluran-org:MY-201901000005"


def test_what_provenance_names_it_also_describes(world: World) -> None:
    reference = lived(world)
    found = json.loads(export("prov", scope(Asked(case=reference))))
    ends = {
        "used": ("activity", "entity"),
        "wasGeneratedBy": ("entity", "activity"),
        "wasAssociatedWith": ("activity", "agent"),
    }
    for relation, sides in ends.items():
        assert found[relation]
        for told in found[relation].values():
            for side in sides:
                assert told[f"prov:{side}"] in found[side]
    facts = events_of(reference)
    assert len(found["activity"]) == len(facts)
    assert {a["trail:hash"] for a in found["activity"].values()} == {fact.hash for fact in facts}


def test_nothing_to_export_is_still_a_file(world: World) -> None:
    found = scope()
    assert found.size == 0
    assert export("jsonl", found) == b""
    assert table(found) == []
    assert sheets(export("xlsx", found)) == [[]]
    assert columns(export("parquet", found)) == []
    assert checked("ocel-2.0", export("ocel", found))["events"] == []
    assert list(ET.fromstring(export("xes", found)).iterfind("trace")) == []  # noqa: S314 - our own bytes
    assert checked("360giving-1.4", export("360giving", found))["grants"] == []
