"""Everything that a fresh machine lacks: a JDK, the hash-locked packages in .venv, the two Delta JARs.

Run by `make` with the machine's own Python; a second run sees that nothing is missing and does nothing.
With the argument `run-time` .venv holds what a production machine needs, without the tools of development.
With `airflow` it sees to .venv-airflow instead, which holds Airflow and no Spark.
With `browser` it sees to the Chromium that the tests of the page need.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from jobs.dev.setup.browser import find_chromium  # noqa: E402
from jobs.spark.jars import DELTA, JARS, Jars, wanted_jars, wrong_jars  # noqa: E402
from jobs.spark.java import find_java  # noqa: E402

VENV = ROOT / ".venv"
AIRFLOW_VENV = ROOT / ".venv-airflow"
RUN_TIME, DEV, AIRFLOW = (ROOT / "requirements" / f"{name}.lock" for name in ("spark", "dev", "airflow"))
"""The locked packages of a production machine, what development adds to them, and those of the DAGs."""
PYTHONS = ((3, 11), (3, 13))
"""The oldest and the newest Python that the locked packages are resolved for."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"set-up: {text}", flush=True)


def install(package: str, lack: str) -> None:
    """A package of Debian's or Ubuntu's, as root; anybody else is told the command."""
    command = f"apt-get install -y {package}"
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise SystemExit(f"set-up: {lack}. Install it: sudo {command}")
    say(f"{lack}; running: {command}")
    subprocess.run(["apt-get", "update", "-q"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL)


def need_java() -> Path:
    """A supported JDK; as root on Debian or Ubuntu it is installed where it is missing."""
    home = find_java()
    if home is not None:
        return home
    install("openjdk-17-jre-headless", "no JDK 17 or 21 found (25 does not work)")
    home = find_java()
    if home is None:
        raise SystemExit("set-up: the JDK was installed and was not found; set JAVA_HOME")
    return home


def need_chromium() -> None:
    """A Chromium for the tests of the page; as root on Debian it is installed where it is missing."""
    if find_chromium() is not None:
        return
    install("chromium", "no Chromium found, which the tests of the page need")
    if find_chromium() is None:
        raise SystemExit("set-up: Chromium was installed and is not on PATH")


def need_python() -> None:
    """A Python that the packages are locked for, which can make environments."""
    version = sys.version_info[:2]
    if not PYTHONS[0] <= version <= PYTHONS[1]:
        raise SystemExit(
            f"set-up: Python 3.11 to 3.13 is needed, {sys.executable} is {version[0]}.{version[1]}. With another one: "
            "make PYTHON=python3.12 setup. Install one: sudo apt-get install -y python3 python3-venv"
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit("set-up: Python's venv is missing. Install it: sudo apt-get install -y python3-venv")


def stamp(locks: Sequence[Path]) -> str:
    """Identity of what an environment must hold."""
    texts = (path.read_bytes() for path in (*locks, ROOT / "pyproject.toml"))
    return hashlib.sha256(b"".join(texts) + f"{ROOT}{sys.version}".encode()).hexdigest()


def need_packages(venv: Path, *locks: Path) -> None:
    """The locked packages and the project itself, in an environment of their own, through uv or else pip."""
    mark = venv / "activelake.stamp"
    if mark.exists() and mark.read_text() == stamp(locks):
        return
    names = " and ".join(lock.name for lock in locks)
    say(f"installing the locked packages of {names} into {venv.name} (a minute or two)")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
    python = str(venv / "bin" / "python")
    uv = shutil.which("uv") or _uv_of_its_own(venv)
    locked = ["--require-hashes", *(part for lock in locks for part in ("-r", str(lock)))]
    project = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    if uv:
        # pip compiles what it installs, uv must be told; else every process compiles all that it imports.
        subprocess.run([uv, "pip", "install", "-q", "--compile-bytecode", "-p", python, *locked], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", python, *project], check=True)
    else:
        say("uv is not to be had; going on with pip")
        subprocess.run([python, "-m", "pip", "install", "-q", *locked], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *project], check=True)
    mark.write_text(stamp(locks))


def _uv_of_its_own(venv: Path) -> str | None:
    """uv as it is locked, in a folder of its own; None where it is not to be had."""
    tool = venv / "tool"
    subprocess.run([sys.executable, "-m", "venv", str(tool)], check=True)
    locked = re.search(r"^uv==.*(\n .*)*", DEV.read_text(), re.M)
    requirement = tool / "uv.lock"
    requirement.write_text(locked.group() if locked else "uv")
    command = [str(tool / "bin" / "pip"), "install", "-q", "--require-hashes", "-r", str(requirement)]
    done = subprocess.run(command, check=False)
    return str(tool / "bin" / "uv") if done.returncode == 0 else None


def need_jars(java: Path, folder: Path = JARS, jars: Jars = DELTA) -> None:
    """JARs that are missing in a folder, resolved once by name and checked against the committed sums."""
    if not wrong_jars(folder, jars):
        return
    say(f"resolving JARs by name: {', '.join(wrong_jars(folder, jars))}")
    private = folder / "resolver"
    private.mkdir(parents=True, exist_ok=True)
    empty = private / "empty.py"
    empty.write_text("")
    # A private home: with a Maven cache in the user's home the resolver trusts entries that hold no JAR.
    home = next(VENV.glob("lib/python*/site-packages/pyspark"))
    environment = os.environ | {
        "JAVA_HOME": str(java),
        "SPARK_HOME": str(home),
        "PYSPARK_PYTHON": str(VENV / "bin" / "python"),
        "SPARK_SUBMIT_OPTS": f"-Duser.home={private}",
    }
    command = [str(VENV / "bin" / "spark-submit"), "--master", "local[1]", "--packages", jars.coordinates]
    command += ["--exclude-packages", jars.excluded] if jars.excluded else []
    command += ["--conf", f"spark.jars.ivy={private}", "--conf", "spark.ui.enabled=false", str(empty)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    for name in wanted_jars(jars):
        for resolved in private.glob(f"jars/*{name}"):
            shutil.copy(resolved, folder / name)
    shutil.rmtree(private)
    wrong = wrong_jars(folder, jars)
    if wrong:
        raise SystemExit(
            f"set-up: not found or not the expected file: {', '.join(wrong)}\n{done.stderr[-2000:]}"
        )


def main() -> None:
    """Install what is missing, and say what and how long it took."""
    started = time.monotonic()
    try:
        need_python()
        if sys.argv[1:] == ["airflow"]:
            need_packages(AIRFLOW_VENV, AIRFLOW)
        elif sys.argv[1:] == ["browser"]:
            need_chromium()
        else:
            java = need_java()
            need_packages(VENV, RUN_TIME, *([] if sys.argv[1:] == ["run-time"] else [DEV]))
            need_jars(java)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"set-up: this failed: {shlex.join(map(str, error.cmd))}") from error
    seconds = time.monotonic() - started
    if seconds > 2:
        say(f"done in {seconds:.0f} s")


if __name__ == "__main__":
    main()
