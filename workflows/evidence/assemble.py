"""The verifier as one file: the modules of this package in the order in which they need one another."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = "workflows.evidence"
HEADER = '''#!/usr/bin/env python3
"""Verifies an evidence bundle of a decision trail: offline, with the Python standard library alone (Python 3.11 or later).

    python3 -I -S verify.py BUNDLE.zip [--key FILE_OR_KEY] [--checkpoint FILE]

--key         the public key of the log as the audit office has published it, as text or in a file; witnesses\' keys may
              follow it, one on a line. Without it the key in the bundle is used, which proves nothing about who made it.
--checkpoint  the older checkpoint that you hold: it is proved that the log has only grown since.

Exit code: 0 when all is proved, 1 when something is broken, 2 when there is nothing to verify or it was called wrongly.
Take this file and the key from the audit office, never from whoever made the bundle.
"""
'''


@cache
def verifier() -> str:
    """Return the text of ``verify.py``; the same each time. Raises ``ValueError`` when two modules use one name."""
    texts: dict[str, str] = {}
    _gather("verifying", texts)
    imports: set[str] = set()
    names: dict[str, str] = {}
    bodies = []
    for module, text in texts.items():
        bodies.append(_body(module, text, imports, names))
    ending = 'if __name__ == "__main__":\n    run()\n'
    return "\n".join([HEADER, *sorted(imports, key=_order), "", *bodies, ending])


def _gather(module: str, texts: dict[str, str]) -> None:
    """Add a module after those it imports from."""
    text = (Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            needed = str(node.module).rpartition(".")[2]
            if needed not in texts:
                _gather(needed, texts)
    texts[module] = text


def _body(module: str, text: str, imports: set[str], names: dict[str, str]) -> str:
    """Return a module without its imports, which are collected, and with its first words as a comment."""
    tree, lines = ast.parse(text), text.splitlines()
    title = (ast.get_docstring(tree) or "").splitlines()[0]
    for node in tree.body:
        imported = isinstance(node, ast.Import | ast.ImportFrom)
        if imported:
            imports.update(_outside(node))
        for name in _names(node):
            if names.setdefault(name, module) != module:
                raise ValueError(f"{name} is a name in {names[name]} and in {module}.")
        if imported or node is tree.body[0]:
            last = node.end_lineno or node.lineno
            lines[node.lineno - 1 : last] = [""] * (last - node.lineno + 1)
    return f"\n# {title}\n\n" + "\n".join(lines).strip("\n") + "\n"


def _outside(node: ast.stmt) -> list[str]:
    """Return an import of the standard library, one name on a line; nothing for one of this package."""
    if isinstance(node, ast.Import):
        return [f"import {alias.name}" for alias in node.names]
    if not isinstance(node, ast.ImportFrom) or str(node.module).startswith(PACKAGE):
        return []
    return [f"from {node.module} import {alias.name}" for alias in node.names]


def _names(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    found = [one for target in targets for one in ast.walk(target)]
    return [one.id for one in found if isinstance(one, ast.Name)]


def _order(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line
