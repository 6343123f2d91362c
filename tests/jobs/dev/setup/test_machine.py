"""What the set-up and the doctor say about a machine that lacks something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.dev.setup import bootstrap, doctor
from jobs.spark.java import find_java

ROOT = Path(__file__).parents[4]
JAVA_25 = "#!/bin/sh\necho 'openjdk version \"25.0.3\" 2026-01-20' >&2\n"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only JDK is a newer one, in JAVA_HOME and on PATH, and which has no package manager."""
    home = tmp_path / "jdk-25"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "java").write_text(JAVA_25)
    (home / "bin" / "java").chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(home))
    monkeypatch.setenv("PATH", str(home / "bin"))
    monkeypatch.setattr("jobs.spark.java._FOLDERS", ())
    return home


def test_a_newer_jdk_in_java_home_is_passed_over_for_a_supported_one(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "jvm" / "temurin-21"
    (good / "bin").mkdir(parents=True)
    (good / "bin" / "java").write_text(JAVA_25.replace("25.0.3", "21.0.8"))
    (good / "bin" / "java").chmod(0o755)
    monkeypatch.setattr("jobs.spark.java._FOLDERS", (f"{tmp_path}/jvm/*",))
    assert find_java() == good


def test_a_machine_without_a_supported_jdk_is_told_the_command(bare: Path) -> None:
    with pytest.raises(SystemExit) as error:
        bootstrap.need_java()
    assert str(error.value) == (
        "set-up: no JDK 17 or 21 found (25 does not work). "
        "Install it: sudo apt-get install -y openjdk-17-jre-headless"
    )


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0)])
def test_a_python_that_nothing_is_locked_for_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=r"Python 3.11 to 3.13 is needed, .* is 3.1\d. .*make PYTHON="):
        bootstrap.need_python()


def test_the_doctor_finds_this_machine_as_it_is_locked() -> None:
    findings = {finding.name: finding for finding in doctor.diagnose()}
    assert [name for name, finding in findings.items() if not finding.is_ok] == []
    assert set(findings) == {"Python", "JDK", "Delta JARs", "packages", "time zones"}


def test_the_doctor_names_what_is_wrong_and_the_remedy(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "spark.lock"
    lock.write_text(
        "pyspark==1.0 \\\n    --hash=sha256:00\nno-such-package==2.0\nnowhere==1 ; sys_platform == 'os9'\n"
    )
    monkeypatch.setattr(doctor, "RUN_TIME", lock)
    monkeypatch.setenv("ACTIVELAKE_JARS", str(tmp_path))
    monkeypatch.setattr(doctor, "_ZONES", ("Mars/Base",))
    findings = {finding.name: finding for finding in doctor.diagnose()}
    assert {name: (f.is_ok, f.actual, f.remedy) for name, f in findings.items() if name != "Python"} == {
        "JDK": (False, "none", "sudo apt-get install -y openjdk-17-jre-headless"),
        "Delta JARs": (
            False, "wrong: delta-spark_4.1_2.13-4.4.0.jar, delta-storage-4.4.0.jar", "make setup",
        ),
        "packages": (False, "wrong: pyspark 4.1.4, no-such-package 0", "make setup"),
        "time zones": (False, "wrong: Mars/Base", "pip install tzdata"),
    }  # fmt: skip


def test_the_pins_of_the_set_up_are_those_of_the_lock_file() -> None:
    locked = bootstrap.RUN_TIME.read_text()
    versions = {name.removesuffix(".jar").rsplit("-", 1)[1] for name in bootstrap.wanted_jars()}
    assert len(versions) == 1 and f"delta-spark=={versions.pop()} " in locked
    assert "\nuv==" in bootstrap.DEV.read_text()


def test_an_environment_is_made_anew_for_other_locks_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> None:
        commands.append([part for part in command if part.endswith(".lock")])
        venv.mkdir(exist_ok=True)

    venv = tmp_path / ".venv"
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/uv")
    for locks in ((bootstrap.RUN_TIME,), (bootstrap.RUN_TIME,), (bootstrap.RUN_TIME, bootstrap.DEV)):
        bootstrap.need_packages(venv, *locks)
    assert [names for names in commands if names] == [
        [str(bootstrap.RUN_TIME)],
        [str(bootstrap.RUN_TIME), str(bootstrap.DEV)],
    ]


def test_without_a_target_make_tells_what_there_is() -> None:
    done = subprocess.run(
        ["make"], cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
    )
    for target in ("setup", "setup-run-time", "run", "test", "check", "bench"):
        assert any(line.startswith(f"{target} ") for line in done.stdout.splitlines())
