"""Which runners newsbeam runs on, and the flags that each of them must have."""

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

LOCAL = "DirectRunner"
#: Runners that gave wrong answers without an error when they were tried (ARCHITECTURE.md).
REFUSED = {"dask": "it ignores output tags: rejects and facts end up in the wrong tables, without an error"}
_IN_PROCESS = {"directrunner", "fnapirunner", "bundlebaseddirectrunner"}


class RunnerRefused(Exception):
    """The runner, or its settings, would lose or double rows."""


def is_local(options: PipelineOptions) -> bool:
    """Whether the run stays in this process or its children, where a large input must be cut into chunks."""
    name = (options.view_as(StandardOptions).runner or LOCAL).rsplit(".", 1)[-1].lower()
    return name in _IN_PROCESS or name == "prismrunner"


def preset(options: PipelineOptions) -> list[str]:
    """Flags that the chosen runner must have beside the user's own. Raises RunnerRefused with the reason."""
    standard = options.view_as(StandardOptions)
    name = (standard.runner or "").rsplit(".", 1)[-1].lower()
    for word, reason in REFUSED.items():
        if word in name:
            raise RunnerRefused(f"--runner {standard.runner} is refused: {reason}")
    if standard.streaming:
        return _streaming_preset(name, options)
    if name in ("", "directrunner"):
        # Beam's DirectRunner first tries to download a Go binary; the in-process runner is what it falls back to.
        return ["--runner", "FnApiRunner"]
    return []


def _streaming_preset(name: str, options: PipelineOptions) -> list[str]:
    if name in _IN_PROCESS and name != "":
        raise RunnerRefused(
            f"--runner {name} with --streaming is refused: it runs stage by stage and writes nothing until the "
            "source ends; leave --runner away (Prism) or name a streaming runner"
        )
    if "flink" in name or name == "portablerunner":
        known = options.get_all_options(retain_unknown_options=True)
        if not known.get("checkpointing_interval") or int(known["checkpointing_interval"]) <= 0:
            raise RunnerRefused(
                "a streaming job on Flink without checkpoints is refused: delays are ignored and feeds would be "
                "asked a hundred times a second; add --checkpointing_interval 10000"
            )
        # Without it 1 of 15 checkpointed stateful runs was complete (ARCHITECTURE.md).
        return ["--finish_bundle_before_checkpointing"]
    return ["--runner", "PrismRunner", "--environment_type", "LOOPBACK"] if name == "" else []
