"""Where the time of a run went, by stage."""

from collections import Counter

from apache_beam.metrics import monitoring_infos
from apache_beam.runners.runner import PipelineResult

from newsbeam.transforms import metrics

#: First part of a step's label, and the stage that it belongs to.
_STAGES = {
    "ReadFiles": "read",
    "PollFeeds": "poll feeds",
    "FetchPages": "fetch pages",
    "RereadArticles": "read",
    "Deduplicate": "deduplicate",
    "ExtractFacts": "extract",
    "WriteLake": "write",
}
_SPENT = {
    "extract: parse": metrics.SPENT_PARSE,
    "extract: events": metrics.SPENT_EVENTS,
    "extract: figures": metrics.SPENT_FIGURES,
}
_ORDER = ("read", "poll feeds", "fetch pages", "deduplicate", "extract", *_SPENT, "write", "other steps")
_TOTAL = "beam:metric:ptransform_execution_time:total_msecs:v1"


def stage_milliseconds(result: PipelineResult) -> Counter[str]:
    """What each stage of a finished pipeline took, all workers together, as its runner sampled it.

    Empty on runners that keep such times to themselves; those show them in their own interface.
    """
    spent: Counter[str] = Counter()
    infos = getattr(result, "monitoring_infos", None)
    for info in infos() if infos is not None else ():
        if info.urn == _TOTAL:
            stage = _STAGES.get(info.labels["PTRANSFORM"].split("/", 1)[0], "other steps")
            spent[stage] += monitoring_infos.extract_counter_value(info)
    return spent


def profile_rows(stages: Counter[str], counts: Counter[str]) -> list[tuple[str, float]]:
    """(stage, seconds) in the order of the way of an article.

    Parse, events and figures are those of all processes that read facts; where there are several, or the command does
    something else meanwhile, they are more together than extract, which waits for them.
    """
    parts = {stage: counts[name] / 1_000_000 for stage, name in _SPENT.items()}
    seconds = {stage: milliseconds / 1000 for stage, milliseconds in stages.items()} | parts
    return [(stage, seconds[stage]) for stage in _ORDER if seconds.get(stage)]
