"""The command line: argv -> settings -> command -> exit status. The only place that prints.

Exit status: 0 = everything read was written or lies in `rejects`; 1 = the run failed and the lake is as it was
before; 2 = bad usage.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from rich.console import Console

OK, FAILED, USAGE = 0, 1, 2

_HELP = """usage: newsbeam COMMAND ...

  run PATH ...       read files or poll feeds into the lake
  sql QUERY          ask the lake, read-only
  show [ID]          an article, story, event or figure with its evidence; without ID the newest events and figures
  compact            merge small files; sweep old ones
  feeds              state of each feed
  doctor             what is installed, which runners work here, is the lake sound
  COMMAND --help     flags of a command

--lake LAKE names the lake everywhere: a folder or an fsspec URL (default ./lake)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # before numpy is imported here or in a worker: its matrices are small, and more cores are used by more workers
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # before pyarrow is: its own allocator keeps what each of its threads has freed, 40 MB after some chunks
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    console = Console()
    errors = Console(stderr=True, soft_wrap=True)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        console.print(_HELP, highlight=False, markup=False)
        return OK if arguments else USAGE
    if arguments[0] in ("-V", "--version"):
        console.print(f"newsbeam {version('newsbeam')}", highlight=False)
        return OK
    command = _COMMANDS.get(arguments[0])
    if command is None:
        errors.print(f"newsbeam: no command {arguments[0]!r}; it is one of {', '.join(_COMMANDS)}", highlight=False)
        return USAGE
    _set_up_logging()
    try:
        return command(arguments[1:], console, errors)
    except SystemExit as exit_:  # argparse: 0 after --help, 2 after a usage error
        return int(exit_.code or 0)
    except BrokenPipeError:
        return OK
    except KeyboardInterrupt:
        errors.print("newsbeam: interrupted; the lake is as it was before, the same command resumes", highlight=False)
        return FAILED


def _set_up_logging() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    # Beam tells of optional extras and of type hints that it ignores; newsbeam's own lines are what a user needs
    for handler in logging.getLogger().handlers:
        handler.addFilter(lambda record: record.name != "root" or record.levelno >= logging.ERROR)
    for name in ("apache_beam", "gcsfs", "s3fs", "botocore", "urllib3", "trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _run(arguments: list[str], console: Console, errors: Console) -> int:
    from newsbeam.pipeline.readers import start_readers

    start_readers(arguments)  # before Beam is imported: both take a second or two
    from newsbeam.pipeline.arguments import parse_run
    from newsbeam.pipeline.options import NewsbeamOptions
    from newsbeam.pipeline.run import UsageFault, run
    from newsbeam.pipeline.summary import print_summary

    request = parse_run(arguments)
    try:
        summary = run(request.paths, request.options, errors)
    except UsageFault as fault:
        errors.print(f"newsbeam: {fault}", highlight=False, markup=False)
        return USAGE
    except Exception as error:
        left = "windows that were written stay" if "--streaming" in arguments else "the lake is as it was before"
        logging.getLogger(__name__).error("the run failed; %s", left, exc_info=True)
        errors.print(f"newsbeam: the run failed: {type(error).__name__}: {error}", highlight=False, markup=False)
        return FAILED
    is_profiled = request.options.view_as(NewsbeamOptions).profile
    print_summary(summary, request.lake, console, is_profiled=is_profiled)
    return OK


def _sql(arguments: list[str], console: Console, errors: Console) -> int:
    from newsbeam.pipeline.sql import print_query

    parser = _parser("sql", "ask the lake, read-only; the views are listed in docs/tables.md")
    parser.add_argument("query")
    parser.add_argument("--csv", action="store_true", help="print comma-separated values")
    parsed = parser.parse_args(arguments)
    return print_query(parsed.lake, parsed.query, console, errors, as_csv=parsed.csv)


def _show(arguments: list[str], console: Console, errors: Console) -> int:
    from newsbeam.pipeline.show import print_evidence

    parser = _parser("show", "an article, story, event or figure with its evidence marked")
    parser.add_argument("id", nargs="?", help="an id, or enough of its start to be the only one")
    parser.add_argument("--limit", type=int, default=20, help="without an id: how many rows of each table")
    parsed = parser.parse_args(arguments)
    return print_evidence(parsed.lake, parsed.id, parsed.limit, console, errors)


def _compact(arguments: list[str], console: Console, errors: Console) -> int:
    from newsbeam.pipeline.upkeep import compact_lake

    parser = _parser("compact", "merge hot files to one per table and day, sweep what no reader needs")
    parser.add_argument("--retain", default="24h", help="keep replaced files this long: 90s, 30m, 24h, 7d")
    parser.add_argument("--expire", help="drop partitions older than this: 400d")
    parsed = parser.parse_args(arguments)
    return compact_lake(parsed.lake, parsed.retain, parsed.expire, console, errors)


def _feeds(arguments: list[str], console: Console, errors: Console) -> int:
    from newsbeam.pipeline.feeds import print_feeds

    parser = _parser("feeds", "last outcome, next due time, interval, new entries a day and failures of each feed")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a feed")
    parsed = parser.parse_args(arguments)
    return print_feeds(parsed.lake, console, errors, as_json=parsed.json)


def _doctor(arguments: list[str], console: Console, errors: Console) -> int:
    from newsbeam.pipeline.doctor import print_diagnosis

    parsed = _parser("doctor", "what is installed, which runners work here, is the lake sound").parse_args(arguments)
    return print_diagnosis(parsed.lake, console, errors)


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"newsbeam {command}", description=description, allow_abbrev=False)
    parser.add_argument("--lake", default="lake", help="folder or fsspec URL of the lake (default: ./lake)")
    return parser


_COMMANDS: dict[str, Callable[[list[str], Console, Console], int]] = {
    "run": _run,
    "sql": _sql,
    "show": _show,
    "compact": _compact,
    "feeds": _feeds,
    "doctor": _doctor,
}

if __name__ == "__main__":
    sys.exit(main())
