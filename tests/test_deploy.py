"""The files under deploy/ have the shape that their readers want, and start commands that newsbeam takes."""

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from newsbeam.pipeline.arguments import parse_run

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"


def _manifests(name: str) -> list[dict[str, Any]]:
    return [part for part in yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text()) if part]


def _pod(manifest: dict[str, Any]) -> dict[str, Any]:
    spec = manifest["spec"]
    spec = spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec
    return spec["template"]["spec"]


@pytest.mark.parametrize("name", sorted(path.name for path in (DEPLOY / "kubernetes").glob("*.yaml")))
def test_every_manifest_says_what_it_is(name: str) -> None:
    manifests = _manifests(name)
    assert manifests
    for manifest in manifests:
        assert set(manifest) == {"apiVersion", "kind", "metadata", "spec"}
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", manifest["metadata"]["name"])


@pytest.mark.parametrize("version", ["1.30", "1.36"])
def test_the_manifests_hold_to_the_schemas_of_kubernetes(version: str) -> None:
    manifests = {manifest["kind"]: manifest for name in ("cronjob.yaml", "flink.yaml") for manifest in _manifests(name)}
    # the Flink operator's own kind is in no release of Kubernetes, but what it starts is a pod
    cluster = manifests.pop("FlinkDeployment")
    for manifest in [*manifests.values(), cluster["spec"]["taskManager"]["podTemplate"]]:
        kubernetes_validate.validate(manifest, version, strict=True)
    assert set(manifests) == {"CronJob", "NetworkPolicy", "Deployment"}
    manifests["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["restartpolicy"] = "Never"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifests["CronJob"], version, strict=True)


def _check_volumes(pod: dict[str, Any]) -> None:
    named = {volume["name"] for volume in pod.get("volumes", [])}
    for container in pod["containers"]:
        assert {mount["name"] for mount in container.get("volumeMounts", [])} <= named
    assert pod["securityContext"]["runAsNonRoot"] is True


def test_the_cron_job_starts_a_run() -> None:
    (job,) = _manifests("cronjob.yaml")
    assert (job["apiVersion"], job["kind"], job["spec"]["concurrencyPolicy"]) == ("batch/v1", "CronJob", "Forbid")
    _check_cron(job["spec"]["schedule"])
    pod = _pod(job)
    _check_volumes(pod)
    assert pod["restartPolicy"] == "Never"
    (container,) = pod["containers"]
    assert container["command"][:2] == ["newsbeam", "run"]
    assert parse_run(container["command"][2:]).lake == "gs://BUCKET/news"
    assert container["resources"]["limits"]["memory"]


def test_the_flink_job_takes_checkpoints_and_reaches_its_workers() -> None:
    manifests = {manifest["kind"]: manifest for manifest in _manifests("flink.yaml")}
    assert set(manifests) == {"FlinkDeployment", "NetworkPolicy", "Deployment"}
    cluster = manifests["FlinkDeployment"]["spec"]
    workers = [c for c in cluster["taskManager"]["podTemplate"]["spec"]["containers"] if "args" in c]
    assert [worker["args"] for worker in workers] == [["--worker_pool"]]
    port = workers[0]["ports"][0]["containerPort"]
    pod = _pod(manifests["Deployment"])
    _check_volumes(pod)
    submit, server = pod["containers"]
    options = parse_run(submit["command"][2:]).options.get_all_options(drop_default=True)
    assert options["checkpointing_interval"] > 0 and options["finish_bundle_before_checkpointing"]
    assert (options["environment_type"], options["environment_config"]) == ("EXTERNAL", f"localhost:{port}")
    assert options["job_endpoint"] == f"localhost:{server['ports'][0]['containerPort']}"
    assert cluster["flinkVersion"].replace("_", ".").removeprefix("v") in server["image"]
    beam = re.search(r"apache-beam(?:\[\w+\])?==(\S+)", (ROOT / "requirements.txt").read_text())
    assert beam is not None and server["image"].endswith(f":{beam[1]}")
    selector = manifests["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"]
    assert selector["app"] == manifests["FlinkDeployment"]["metadata"]["name"]


def test_the_template_metadata_has_the_documented_shape() -> None:
    metadata = json.loads((DEPLOY / "dataflow" / "metadata.json").read_text())
    assert {"name", "description", "parameters"} <= set(metadata) <= {
        "name", "description", "streaming", "supportsAtLeastOnce", "supportsExactlyOnce", "defaultStreamingMode",
        "parameters",
    }  # fmt: skip
    names = [parameter["name"] for parameter in metadata["parameters"]]
    assert len(names) == len(set(names))
    for parameter in metadata["parameters"]:
        optional = {"isOptional", "regexes", "paramType", "defaultValue", "groupName", "parentName"}
        assert {"name", "label", "helpText"} <= set(parameter) <= {"name", "label", "helpText"} | optional
        for regex in parameter.get("regexes", []):
            re.compile(regex)
    flags = [f"--{name}={value}" for name, value in _values(names).items()]
    request = parse_run(_launch().arguments(flags)[1:])
    assert (request.paths, request.lake) == (["gs://b/feeds.opml"], "gs://b/lake")


def _values(names: list[str]) -> dict[str, str]:
    known = {"paths": "gs://b/feeds.opml", "lake": "gs://b/lake", "window_seconds": "60", "contact": "me@news.example"}
    assert set(names) == set(known)
    return known


def _launch() -> Any:
    spec = importlib.util.spec_from_file_location("launch", DEPLOY / "airflow" / "launch.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--paths=a.opml", "--lake=l"], ["run", "a.opml", "--lake=l"]),
        (["--lake=l", "--paths=a.txt,b.txt", "--streaming"], ["run", "a.txt", "b.txt", "--lake=l", "--streaming"]),
        (["--paths=https://n.example/?a=1&b=2"], ["run", "https://n.example/?a=1&b=2"]),
        (["--paths=a", "--labels=airflow-version=v3-3-2"], ["run", "a"]),
        (["--paths=a", "--runner=DirectRunner"], ["run", "a", "--runner=DirectRunner"]),
    ],
)
def test_launch_makes_arguments_of_flags(flags: list[str], expected: list[str]) -> None:
    assert _launch().arguments(flags) == expected


def test_the_dag_imports_and_starts_a_file_that_is_there() -> None:
    pytest.importorskip(
        "airflow.sdk", reason="Airflow is not installed: pip install apache-airflow and its Beam provider"
    )
    spec = importlib.util.spec_from_file_location("newsbeam_dag", DEPLOY / "airflow" / "newsbeam_dag.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert Path(module.poll.py_file).is_file()
    assert set(module.poll.pipeline_options) == {"paths", "lake"}


_CRON_FIELD = r"(?:\*|\d{1,2}(?:-\d{1,2})?)(?:/\d{1,2})?"


def _check_cron(schedule: str) -> None:
    fields = schedule.split()
    assert len(fields) == 5
    limits = (59, 23, 31, 12, 7)
    for field, limit in zip(fields, limits, strict=True):
        assert all(re.fullmatch(_CRON_FIELD, part) for part in field.split(",")), field
        assert all(int(number) <= limit for number in re.findall(r"\d+", field))


def test_the_crontab_starts_commands_that_newsbeam_takes() -> None:
    lines = [line for line in (DEPLOY / "crontab").read_text().splitlines() if line and not line.startswith("#")]
    assert len(lines) == 2
    for line in lines:
        *schedule, command = line.split(None, 5)
        _check_cron(" ".join(schedule))
        words = shlex.split(command.split("&&")[-1])
        assert words[0].endswith("bin/newsbeam") and words[1] in ("run", "compact")
        assert "%" not in command  # cron would end the line there
        if words[1] == "run":
            parse_run(words[2:])


_UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_units_verify(tmp_path: Path) -> None:
    for name in _UNITS:
        unit = (DEPLOY / "systemd" / name).read_text()
        (tmp_path / name).write_text(unit.replace("/opt/newsbeam/.venv/bin/newsbeam", "/bin/true"))
    units = [str(tmp_path / name) for name in _UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "newsbeam" in line]
    assert not complaints, complaints


def test_the_services_start_commands_that_newsbeam_takes() -> None:
    for name in ("newsbeam.service", "newsbeam-stream.service"):
        unit = (DEPLOY / "systemd" / name).read_text()
        command = re.search(r"^ExecStart=\S+/newsbeam run (.+)$", unit, re.MULTILINE)
        assert command is not None
        assert parse_run(shlex.split(command[1])).lake == "/var/lib/newsbeam/lake"
        assert "NoNewPrivileges=true" in unit
    assert "KillMode=mixed" in unit  # a stream drains only while Prism lives


def test_the_image_is_not_root_and_pins_what_it_installs() -> None:
    steps = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^USER newsbeam$", steps, re.MULTILINE)
    assert "--require-hashes" in steps
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", steps, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split())
