"""The arguments of `newsbeam run`: paths, newsbeam's flags and Beam's, nothing unknown."""

import argparse
from typing import NamedTuple

from apache_beam.options.pipeline_options import PipelineOptions

from newsbeam.pipeline.options import NewsbeamOptions
from newsbeam.pipeline.runners import RunnerRefused, preset


class RunRequest(NamedTuple):
    """What the user asked `newsbeam run` for."""

    paths: list[str]
    lake: str
    options: PipelineOptions


def parse_run(arguments: list[str]) -> RunRequest:
    """Parse the arguments of `run`. Raises SystemExit(2) with a message for unknown or bad ones, and 0 after help."""
    ours = argparse.ArgumentParser(
        prog="newsbeam run",
        allow_abbrev=False,
        description="Read files or poll feeds into the lake.",
        epilog="Beam's own flags pass through: --runner, --direct_running_mode, --flink_master, --prism_location …",
    )
    _add_ours(ours)
    if {"-h", "--help"} & set(arguments):
        ours.print_help()
        raise SystemExit(0)
    everything = argparse.ArgumentParser(
        prog="newsbeam run", usage="newsbeam run PATH ... [flags]", add_help=False, allow_abbrev=False,
        conflict_handler="resolve",
    )  # fmt: skip
    for options_class in PipelineOptions.__subclasses__():
        if options_class is not NewsbeamOptions:
            options_class._add_argparse_args(everything)  # type: ignore[arg-type]  # takes any argparse parser
    _add_ours(everything)
    options = _options(everything, arguments)
    try:
        extra = preset(options)
    except RunnerRefused as refusal:
        everything.error(str(refusal))
    parsed = everything.parse_args(arguments)
    if bool(parsed.paths) == bool(parsed.rebuild):
        everything.error("name what to read, or --rebuild FROM..TO, not both" if parsed.paths else "name what to read")
    return RunRequest(parsed.paths, parsed.lake, _options(everything, [*arguments, *extra]) if extra else options)


def _options(parser: argparse.ArgumentParser, arguments: list[str]) -> PipelineOptions:
    given = vars(parser.parse_args(arguments))
    changed = {name: value for name, value in given.items() if name != "paths" and value != parser.get_default(name)}
    return PipelineOptions(flags=[], **changed)


def _add_ours(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="file, folder, glob or URL of articles; OPML file, list of URLs or http(s) URL of feeds to poll",
    )
    NewsbeamOptions._add_argparse_args(parser)
