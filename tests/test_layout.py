"""The house: what may import what, and that every folder is shipped."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {"schemas": set(), "transforms": {"schemas"}, "pipeline": {"schemas", "transforms"}}
SOURCES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))


def _imports(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import in line {node.lineno}"
            found.append((node.lineno, node.module or ""))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards_only(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    for line, module in _imports(path):
        parts = module.split(".")
        assert parts[0] not in LAYERS, f"{path}:{line} imports {module}; it is newsbeam.{module}"
        if parts[0] == "newsbeam" and len(parts) > 1:
            assert parts[1] in LAYERS[layer] | {layer}, f"{path}:{line}: {layer} must not import {module}"


def test_noun_files_do_not_import_beam() -> None:
    verbs = {"read", "poll", "fetch", "parse", "deduplicate", "deduplicate_stream", "extract", "write", "compact"}
    verbs |= {"tally", "forget", "reread", "report", "watch"}
    for path in (ROOT / "transforms").rglob("*.py"):
        has_beam = any(module.split(".")[0] == "apache_beam" for _, module in _imports(path))
        if has_beam and path.parent.name != "deduplication":
            assert path.stem in verbs, f"{path} imports Beam but is not one of the verb files"


def test_every_folder_is_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {
        "newsbeam." + ".".join(path.parent.relative_to(ROOT).parts) for path in SOURCES if path.name == "__init__.py"
    }
    assert folders == set(settings["packages"])
    assert folders == set(settings["package-dir"])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_over_the_ceiling(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
