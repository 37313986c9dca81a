"""A stream on Prism, watched for minutes: feeds that grow, kills at moments by a seed, and what became of it.

    python -m tests.bench.soak --minutes 20 --hosts 200

Prints figures, and fails where an entry is missing or doubled, or the newest articles of half the windows lag more than
two windows. Memory is printed with the slope of a straight line through it, and the error of that.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.bench.trees import descendants
from tests.pipeline.growing import Stream, entries_in, growing, wait_for

_LAG = re.compile(r"newest article published (\d+) s ago")
_WARM_UP_SECONDS = 300.0
_SAMPLE_SECONDS = 10.0
_SAMPLES = 6  # a minute


def main() -> int:
    """Run it; 0 where all held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--window_seconds", type=float, default=20.0)
    parser.add_argument("--min_poll_seconds", type=float, default=15.0)
    parser.add_argument("--entry_seconds", type=float, default=60.0, help="each feed has a new entry this often")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return _soak(Path(folder), arguments)


def _soak(folder: Path, arguments: argparse.Namespace) -> int:
    lake, log = folder / "lake", folder / "log"
    flags = ("--window_seconds", arguments.window_seconds, "--min_poll_seconds", arguments.min_poll_seconds)
    begin, seconds = time.monotonic(), arguments.minutes * 60
    rng = random.Random(arguments.seed)
    kills = sorted(rng.uniform(0.05, 0.4) * seconds for _ in range(arguments.kills))
    memory: list[_Sample] = []  # of the last process
    with growing(arguments.hosts, arguments.entry_seconds) as feeds:
        stream, started = Stream(feeds.urls, lake, log, *flags), begin
        while (now := time.monotonic()) - begin < seconds:
            if stream.process.poll() is not None:
                print(log.read_text()[-5000:])
                print(f"the stream ended by itself with status {stream.process.returncode}")
                return 1
            if kills and now - begin > kills[0]:
                kills.pop(0)
                stream.kill()
                print(f"killed after {now - begin:.0f} s; the lake has {len(entries_in(lake))} entries", flush=True)
                stream, started, memory = Stream(feeds.urls, lake, log, *flags), time.monotonic(), []
            if not memory or now - started >= memory[-1].at + _SAMPLE_SECONDS:
                memory.append(_sample(now - started, stream))
            time.sleep(1)
        feeds.freeze()
        patience = 4 * (arguments.window_seconds + arguments.min_poll_seconds) + 60
        try:
            wait_for(lambda: set(entries_in(lake)) >= feeds.entries(), patience)
        except TimeoutError:
            pass
        status = stream.drain(timeout=300)
        wanted, found = feeds.entries(), entries_in(lake)
    return _judge(arguments, log.read_text(), memory, status, wanted, found)


class _Sample(NamedTuple):
    at: float  # seconds since the start of the process
    worker: int  # bytes
    readers: int  # the processes that read facts for it
    runner: int


def _sample(at: float, stream: Stream) -> _Sample:
    worker, runners = stream.process.pid, stream.runners()
    readers = set(descendants(worker)) - set(runners)
    return _Sample(at, _resident([worker]), _resident(readers), _resident(runners))


def _judge(
    arguments: argparse.Namespace, said: str, memory: list[_Sample], status: int, wanted: set[str], found: list[str]
) -> int:
    missing, doubled = len(wanted - set(found)), len(found) - len(set(found))
    lags = sorted(int(lag) for lag in _LAG.findall(said))
    print(f"entries published {len(wanted)}, in the lake {len(found)}, missing {missing}, doubled {doubled}")
    print(f"windows written {len(lags)}; lag of their newest article, s: median {_at(lags, 0.5)}, "
          f"95 % {_at(lags, 0.95)}, worst {_at(lags, 1.0)}")  # fmt: skip
    settled = [sample for sample in memory if sample.at >= _WARM_UP_SECONDS]
    if len(settled) > 2 * _SAMPLES:
        for name in _Sample._fields[1:]:
            sizes = [getattr(sample, name) for sample in settled]
            minutes = _means([size / 2**20 for size in sizes])
            slope, error = _slope(_means([sample.at / 60 for sample in settled]), minutes)
            print(f"MB of the {name}, from {settled[0].at:.0f} s to {settled[-1].at:.0f} s after its start: "
                  f"{sizes[0] >> 20} to {sizes[-1] >> 20}; {slope:+.2f} ± {error:.2f} a minute")  # fmt: skip
            print("  means of minutes:", *map(round, minutes))
    print(f"exit status after SIGTERM {status}")
    is_sound = not missing and not doubled and status == 0 and bool(lags)
    return 0 if is_sound and _at(lags, 0.5) <= 2 * arguments.window_seconds else 1


def _means(samples: list[float]) -> list[float]:
    """Of a minute each: samples ten seconds apart depend on each other, and would make an error look small."""
    whole = range(0, len(samples) - _SAMPLES + 1, _SAMPLES)
    return [sum(samples[at : at + _SAMPLES]) / _SAMPLES for at in whole]


def _at(values: list[int], share: float) -> int:
    return values[min(len(values) - 1, int(share * len(values)))] if values else -1


def _resident(processes: Iterable[int]) -> int:
    lines: list[str] = []
    for process in processes:
        with suppress(OSError):  # it ended meanwhile
            lines += Path(f"/proc/{process}/status").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def _slope(x: list[float], y: list[float]) -> tuple[float, float]:
    """Of the straight line by least squares, with its standard error."""
    middle, mean = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - middle) ** 2 for one in x)
    slope = sum((one - middle) * (other - mean) for one, other in zip(x, y, strict=True)) / spread
    left = sum((other - mean - slope * (one - middle)) ** 2 for one, other in zip(x, y, strict=True))
    return slope, (left / max(1, len(x) - 2) / spread) ** 0.5


if __name__ == "__main__":
    sys.exit(main())
