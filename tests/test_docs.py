"""What the documents say of flags, metrics and reasons is what the code has."""

import argparse
import re
from pathlib import Path

from newsbeam.pipeline.options import NewsbeamOptions
from newsbeam.schemas.reject import REASONS
from newsbeam.transforms import metrics

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_flag_with_its_default() -> None:
    parser = argparse.ArgumentParser()
    NewsbeamOptions._add_argparse_args(parser)
    flags = {option: parser.get_default(option.removeprefix("--")) for option in parser._option_string_actions}
    listed = dict(re.findall(r"^\| `(--[a-z_]+)` \| `?([^|`]+)`? \|", README, re.M))
    assert set(listed) == {flag for flag in flags if flag.startswith("--") and flag != "--help"} | {"--streaming"}
    for flag, default in flags.items():
        if isinstance(default, int | float) and not isinstance(default, bool):
            assert float(listed[flag]) == default


def test_the_readme_lists_every_counter() -> None:
    names = {value for name, value in vars(metrics).items() if name.isupper() and name != "NAMESPACE"}
    listed = set(re.findall(r"`([a-z_]+)`", README[README.index("Beam counters") :].split("\n\n")[0])) - {"newsbeam"}
    assert listed == names


def test_the_tables_document_lists_every_reason() -> None:
    said = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert [reason for reason in REASONS if f"`{reason}`" not in said] == []


def test_no_document_or_script_holds_an_address_of_a_registry() -> None:
    for path in [*ROOT.glob("*.txt"), *ROOT.glob("deploy/*"), ROOT / "Makefile", ROOT / "pyproject.toml"]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"--(extra-)?index-url|https?://[^ ]*pypi", text), path
