"""The verifier as one file: the same each time, in need of nothing but Python, and what it answers to whoever runs it."""

import ast
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.evidence.building import KEY, Asked, Key, as_bytes, members, pack
from tests.evidence.cases import ALONE, log
from workflows.evidence.assemble import verifier
from workflows.evidence.verifying import main

KEPT = log()
ASKED = Asked(streams=(ALONE,), old=9)


def bundle(folder: Path, name: str = "bundle.zip", *, sound: bool = True) -> Path:
    found = as_bytes(members(KEPT, ASKED))
    if not sound:
        found["events.jsonl"] = found["events.jsonl"].replace(b"officer:3", b"officer:9", 1)
    return pack(folder / name, KEPT, ASKED, found)


def test_it_is_one_file_and_the_same_each_time() -> None:
    text = verifier()
    assert text == verifier()
    tree = ast.parse(text)
    imported = {
        str(node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= sys.stdlib_module_names
    assert "python3 -I -S verify.py BUNDLE.zip" in str(ast.get_docstring(tree))


def test_it_runs_alone(tmp_path) -> None:
    """With nothing but the interpreter: no packages, no environment, from an empty folder."""
    script = tmp_path / "verify.py"
    script.write_text(verifier(), encoding="utf-8")
    said = {}
    for sound in (True, False):
        file = bundle(tmp_path, f"{sound}.zip", sound=sound)
        command = [sys.executable, "-I", "-S", str(script), str(file), "--key", str(KEY.verifier)]
        ran = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, env={})
        said[sound] = (ran.returncode, ran.stdout.decode().splitlines(), ran.stderr.decode())
    assert said[True][::2] == (0, "")
    assert said[True][1][-1].startswith("VERDICT: PROVED")
    assert said[False][::2] == (1, "")
    assert said[False][1][-1].startswith("VERDICT: BROKEN in 4 places")
    assert f"{ALONE}: 18 events, stands in “completed”: BROKEN in 4 places" in said[False][1]


# What stands in the folder beside the bundle, what it is called with, exit code, and how its answer begins.
CALLS = [
    pytest.param(["bundle.zip"], 0, "Log: example.org/trail", id="without a key"),
    pytest.param(["bundle.zip", "--key", "key"], 0, "Log: example.org/trail", id="a key in a file"),
    pytest.param(["bundle.zip", "--checkpoint", "held"], 0, "Log: ", id="an older checkpoint"),
    pytest.param(["bundle.zip", "--checkpoint", "key"], 1, "Log: ", id="a checkpoint that is none"),
    pytest.param(["bundle.zip", "--key", "other"], 1, "Log: ", id="the key of somebody else"),
    pytest.param(["absent.zip"], 2, "absent.zip is not a bundle", id="no bundle"),
    pytest.param(["key"], 2, "key is not a bundle", id="a file that is no zip"),
    pytest.param(
        ["bundle.zip", "--key", "held"], 2, "the key you gave cannot be read", id="no key"
    ),
    pytest.param(
        ["bundle.zip", "--checkpoint", "absent"], 2, "absent cannot be read", id="no file"
    ),
]


@pytest.mark.parametrize(("arguments", "code", "begins"), CALLS)
def test_how_it_answers(
    tmp_path, monkeypatch, capsys, arguments: Sequence[str], code: int, begins: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found = as_bytes(members(KEPT, ASKED))
    bundle(tmp_path)
    Path("key").write_text(f"{KEY.verifier}\n")
    Path("other").write_text(f"{Key(seed=3).verifier}\n")
    Path("held").write_bytes(found["previous-checkpoint"])
    assert main(arguments) == code
    said = capsys.readouterr()
    assert (said.out or said.err).startswith(begins)


def test_whoever_calls_it_wrongly_is_told_how(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "usage: verify.py" in capsys.readouterr().err


def test_a_broken_zip_is_not_read(tmp_path) -> None:
    file = bundle(tmp_path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert main([os.fspath(file)]) in (1, 2)


def test_every_byte_that_is_packed_is_looked_at(tmp_path) -> None:
    """A name that is there twice, and a file packed otherwise, are refused before anything is read of them."""
    file = bundle(tmp_path)
    content = file.read_bytes()
    file.write_bytes(content.replace(b"proofs.jsonl", b"leaves.txt\0\0"))
    assert main([os.fspath(file)]) in (1, 2)
