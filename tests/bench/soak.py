"""A stream on Prism, watched for minutes: feeds that grow, kills at moments by a seed, and what became of it.

    python -m tests.bench.soak --minutes 20 --hosts 200

Prints figures, and fails where an entry is missing or doubled, the newest articles lag more than two windows and the
pause of a restart, or the worker's memory grows.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.pipeline.growing import Stream, entries_in, growing, wait_for

_LAG = re.compile(r"newest article published (\d+) s ago")
_WARM_UP_SECONDS = 60.0


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
    kills = sorted(rng.uniform(0.1, 0.6) * seconds for _ in range(arguments.kills))
    memory: list[tuple[float, int]] = []  # of the last process: seconds since its start, bytes
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
            memory.append((now - started, _resident(stream.process.pid)))
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


def _judge(
    arguments: argparse.Namespace,
    said: str,
    memory: list[tuple[float, int]],
    status: int,
    wanted: set[str],
    found: list[str],
) -> int:
    missing, doubled = len(wanted - set(found)), len(found) - len(set(found))
    lags = sorted(int(lag) for lag in _LAG.findall(said))
    settled = [sample for sample in memory if sample[0] >= _WARM_UP_SECONDS]
    growth = _slope(settled) * 3600 / 2**20
    print(f"entries published {len(wanted)}, in the lake {len(found)}, missing {missing}, doubled {doubled}")
    print(f"windows written {len(lags)}; lag of their newest article, s: median {_at(lags, 0.5)}, "
          f"95 % {_at(lags, 0.95)}, worst {_at(lags, 1.0)}")  # fmt: skip
    if settled:
        (_, before), (until, after) = settled[0], settled[-1]
        print(f"MB of the worker: {before >> 20} after {_WARM_UP_SECONDS:.0f} s, {after >> 20} after {until:.0f} s")
        print(f"its slope, MB an hour: {growth:+.0f}")
    print(f"exit status after SIGTERM {status}")
    is_sound = not missing and not doubled and status == 0 and bool(lags)
    return 0 if is_sound and _at(lags, 0.5) <= 2 * arguments.window_seconds else 1


def _at(values: list[int], share: float) -> int:
    return values[min(len(values) - 1, int(share * len(values)))] if values else -1


def _resident(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def _slope(samples: list[tuple[float, int]]) -> float:
    """Bytes a second, by least squares."""
    if len(samples) < 2:
        return 0.0
    middle = sum(x for x, _ in samples) / len(samples)
    mean = sum(y for _, y in samples) / len(samples)
    spread = sum((x - middle) ** 2 for x, _ in samples)
    return sum((x - middle) * (y - mean) for x, y in samples) / spread if spread else 0.0


if __name__ == "__main__":
    sys.exit(main())
