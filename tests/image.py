"""Run the steps of deploy/Dockerfile in an empty root, without Docker, and then what the image is for.

As root, with debootstrap and Go: `python tests/image.py [FOLDER]`. The base image is a bare Debian with Python 3.11;
Beam's worker entry point is built from its sources. Then, inside and not as root: `newsbeam run seeds`, and the same on
Prism with the image's own worker pool; both lakes must hold the same events.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
SUITE = "bookworm"
BOOT = "github.com/apache/beam/sdks/v2/python/container@v2.77.0"
# Debian's Python asks for consent before a system-wide install; the official Python image does not
CONSENT = {"PIP_BREAK_SYSTEM_PACKAGES": "1", "UV_BREAK_SYSTEM_PACKAGES": "1"}
# how this machine reaches the package registry holds inside too
REACH = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "REQUESTS_"))}
COUNT = "select count(*), min(event_id), max(event_id) from events"


class Image:
    """A root folder that is filled step by step, as a Dockerfile says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = "/"
        self.user = "root"
        self.environment: dict[str, str] = {}
        self.entrypoint: list[str] = []

    def base(self) -> None:
        """Make the root a bare Debian with Python 3.11; debootstrap is tried three times, for the network's sake."""
        for rest in (2, 1, 0):
            shutil.rmtree(self.root, ignore_errors=True)
            packages = "--include=ca-certificates,python3.11,python3-pip"
            done = subprocess.run(["debootstrap", "--variant=minbase", packages, SUITE, str(self.root)], check=False)
            if not done.returncode:
                break
            if not rest:
                sys.exit("debootstrap failed three times")
            time.sleep(10)
        for name in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"):
            if Path(name).exists():
                shutil.copy(name, self.root / name[1:])
        for name in ("python", "python3"):
            (self.root / "usr/local/bin" / name).symlink_to("/usr/bin/python3.11")

    def run(self, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a shell command in the root as the present user, in the present folder; it must succeed."""
        mounted = f"mount -t proc proc {self.root}/proc && exec chroot --userspec={self.user} {self.root} /bin/sh -ec "
        there = f"cd {self.folder}; {command}"
        home = "/root" if self.user == "root" else f"/home/{self.user}"
        path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        return subprocess.run(
            # a process left behind ends with the namespace
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-ec", mounted + shlex.quote(there)],
            env={"PATH": path, "HOME": home, **self.environment, **environment},
            check=True, text=True, stdout=subprocess.PIPE,
        )  # fmt: skip

    def copy(self, words: list[str]) -> None:
        """Copy files of the checkout, those that git knows; or, from Beam's image, what its entry point is."""
        *sources, target = words
        if sources[0] == "--from=beam":
            assert sources[1:] == [target] == ["/opt/apache/beam"], words
            _build_boot(self.root / target[1:] / "boot")
            return
        into = self.root / self.folder[1:]
        known = subprocess.run(["git", "ls-files"], cwd=HOME, check=True, text=True, stdout=subprocess.PIPE).stdout
        for source in sources:
            for name in known.split() if source == "." else [source]:
                there = into / (name if source == "." else Path(name).name)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(HOME / name, there, follow_symlinks=False)

    def step(self, word: str, rest: str) -> None:
        """Do one line of the Dockerfile; a line of another kind is an error, not passed over."""
        print(f"== {word} {' '.join(rest.split())[:100]}", flush=True)
        match word:
            case "FROM":
                if not rest.endswith(" AS beam"):
                    assert rest == f"python:3.11-slim-{SUITE}", rest
                    self.base()
            case "WORKDIR":
                self.folder = rest
                (self.root / rest[1:]).mkdir(parents=True, exist_ok=True)
            case "COPY":
                self.copy(rest.split())
            case "RUN":
                self.run(rest, **REACH, **CONSENT)
            case "ENV":
                self.environment |= dict(word.split("=", 1) for word in shlex.split(rest))
            case "USER":
                self.user = rest
            case "ENTRYPOINT":
                self.entrypoint = [part.strip(' "') for part in rest.strip("[]").split(",")]
            case _:
                sys.exit(f"the Dockerfile has a step that this script does not know: {word}")


def _build_boot(target: Path) -> None:
    target.parent.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["go", "install", BOOT], check=True, env={**os.environ, "GOBIN": folder})
        shutil.copy(Path(folder) / "container", target)


def _steps(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [
        (line.split(None, 1)[0], line.split(None, 1)[1]) for line in "\n".join(lines).replace("\\\n", " ").split("\n")
    ]


def _use(image: Image) -> None:
    assert image.run("id -u").stdout.strip() == "10001"
    print(image.run("newsbeam run /opt/newsbeam/seeds --lake /tmp/plain").stdout, flush=True)
    prism = subprocess.run(["sh", "deploy/prism.sh"], cwd=HOME, check=True, text=True, stdout=subprocess.PIPE).stdout
    shutil.copy(prism.strip(), image.root / "usr/local/bin/prism")
    pool = shlex.join([*image.entrypoint, "--worker_pool"])
    where = "--runner PrismRunner --prism_location /usr/local/bin/prism"
    workers = "--environment_type EXTERNAL --environment_config localhost:50000"
    listens = "import socket; socket.create_connection(('localhost', 50000))"
    ready = f'until python3 -c "{listens}" 2>/dev/null; do sleep 1; done'
    image.run(
        f"{pool} >/tmp/pool.log 2>&1 & {ready}; newsbeam run /opt/newsbeam/seeds --lake /tmp/pooled {where} {workers}"
    )
    plain, pooled = (image.run(f'newsbeam sql "{COUNT}" --lake /tmp/{lake}').stdout for lake in ("plain", "pooled"))
    assert plain == pooled, (plain, pooled)
    print("the image's run and its worker pool on Prism found the same events:", plain, sep="\n")


def main() -> None:
    """Fill FOLDER, or a temporary folder that is removed afterwards, and use it."""
    with tempfile.TemporaryDirectory() as spare:
        image = Image(Path(sys.argv[1] if len(sys.argv) > 1 else spare).resolve() / "root")
        for word, rest in _steps((HOME / "deploy" / "Dockerfile").read_text()):
            image.step(word, rest)
        _use(image)


if __name__ == "__main__":
    main()
