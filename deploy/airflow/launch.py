"""What Airflow starts: `newsbeam run` from flags alone; operators and templates know no positions."""

import sys

from newsbeam.pipeline.cli import main


def arguments(flags: list[str]) -> list[str]:
    """Arguments of the command from flags in which --paths=A,B names what to read and --labels is Airflow's own."""
    paths: list[str] = []
    rest: list[str] = []
    for flag in flags:
        name, _, value = flag.partition("=")
        if name == "--paths":
            paths += value.split(",")
        elif name != "--labels":
            rest.append(flag)
    return ["run", *paths, *rest]


if __name__ == "__main__":
    sys.exit(main(arguments(sys.argv[1:])))
