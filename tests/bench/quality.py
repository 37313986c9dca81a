"""Measure newsbeam against evaluation sets, from the outside: texts in, lake out, scored by the sets' own scorer.

    python tests/bench/quality.py EVALUATION_FOLDER [SET ...] [--work FOLDER]

EVALUATION_FOLDER holds `score.py` and the sets (not part of this project: the texts belong to their publishers).
Prints one JSON line a set. docs/quality.md keeps the figures.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETS = (
    "plv", "plover_gsr", "cameo_quad", "case2021", "date_expr", "when", "newsquant", "people_sent", "gva", "dedup",
    "feeds", "aeb", "publishers", "segments", "htmldate",
)  # fmt: skip
PAGE_SETS = {"aeb", "publishers", "segments", "htmldate"}


def inputs_of(bench: Path, name: str, work: Path) -> str:
    """What `newsbeam run` is given for a set."""
    if name == "feeds":
        return str(bench / "feeds/real/files")
    if name in PAGE_SETS:
        pages = work / "pages"
        shutil.rmtree(pages, ignore_errors=True)
        pages.mkdir(parents=True)
        for line in (bench / f"articles/{name}.jsonl").open(encoding="utf-8"):
            page = json.loads(line)["page"]
            source = bench / f"articles/pages/{page}.html.gz"
            if source.exists():
                shutil.copy(source, pages)
        return str(pages)
    texts = work / f"{name}.jsonl"
    subprocess.run([sys.executable, bench / "score.py", "input", name, texts], check=True)
    return str(texts)


def measure(bench: Path, name: str, work: Path) -> dict[str, object]:
    """Run the product on a set in a fresh lake and score the lake."""
    lake = work / f"lake-{name}"
    shutil.rmtree(lake, ignore_errors=True)
    source = inputs_of(bench, name, work)
    begin = time.monotonic()
    newsbeam = Path(sys.executable).with_name("newsbeam")
    subprocess.run([newsbeam, "run", source, "--lake", lake], check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    scored = subprocess.run(
        [sys.executable, bench / "score.py", name, lake], check=True, capture_output=True, text=True
    ).stdout
    return {"set": name, "seconds": round(seconds, 1), **json.loads(scored)}


def main() -> None:
    """Measure the sets named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--work", type=Path)
    parsed = parser.parse_args()
    work = parsed.work or Path(tempfile.mkdtemp(prefix="newsbeam-quality-"))
    work.mkdir(parents=True, exist_ok=True)
    for name in parsed.sets:
        print(json.dumps(measure(parsed.bench.resolve(), name, work), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
