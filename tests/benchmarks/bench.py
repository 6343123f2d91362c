"""Run the demo shop at several sizes, measure every stage, and write what was seen into README.md beside this file.

    make bench                       # 0.3, 3 and 10 million events
    make bench EVENTS=300000         # one size; figures of other sizes stay as they were measured

Every stage is a process of its own, as a scheduler starts it, so its seconds hold the start of Python and Spark.
Memory is the sum of the proportional set sizes (PSS) of the process and all its children, sampled while it runs.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import psutil

from jobs.spark.java import find_java, major_version

HERE = Path(__file__).resolve().parent
RESULTS, PAGE = HERE / "results.json", HERE / "README.md"
SIZES = (300_000, 3_000_000, 10_000_000)
LARGE = 1_000_000
"""From this size on all events are Parquet; below, half of them are gzip JSON lines."""
STAGES = ("ingest", "compute", "check", "publish")
_EVERY = 1.0
"""Seconds between samples: to add up the memory of a large process takes a tenth of one."""


@dataclass(frozen=True)
class Cost:
    """What one stage took.

    Attributes:
        seconds: from its start to its end.
        peak_mb: most memory that its process tree held at a time, in MiB.
    """

    seconds: float
    peak_mb: int


class _Watch(threading.Thread):
    """Samples the memory of a process and its children until it is stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root = psutil.Process(pid)
        self.peak = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(_EVERY):
            self.peak = max(self.peak, sum(map(_memory, self._tree())))

    def _tree(self) -> list[psutil.Process]:
        try:
            return [self.root, *self.root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def measured(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; shows what it said.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=dict(environment), stdout=said, stderr=said)
        watch = _Watch(process.pid)
        watch.start()
        code = process.wait()
        seconds = time.monotonic() - started
        watch.over.set()
        watch.join()
        if code:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}: exit code {code}\n{said.read()[-3000:]}")
    return Cost(round(seconds, 1), round(watch.peak / 1024**2))


def bench(events: int) -> dict[str, object]:
    """Generate the demo shop at a size and run its stages into an empty lake."""
    activelake = [sys.executable, "-m", "jobs.cli.main"]
    with tempfile.TemporaryDirectory(prefix="activelake-bench-") as folder:
        landing = Path(folder) / "landing"
        environment = os.environ | {"ACTIVELAKE_LANDING": str(landing), "ACTIVELAKE_LAKE": f"{folder}/lake"}
        form = "parquet" if events >= LARGE else "mixed"
        demo = ["demo", "--out", str(landing), "--events", str(events), "--format", form]
        costs = {}
        for stage, arguments in {"demo": demo, **{stage: [stage] for stage in STAGES}}.items():
            print(f"{events:>10,} events: {stage} …", end=" ", flush=True)
            costs[stage] = measured([*activelake, *arguments], environment)
            print(f"{costs[stage].seconds:,.1f} s, {costs[stage].peak_mb:,} MiB", flush=True)
        truth = json.loads((landing / "truth.json").read_text())
        size = sum(path.stat().st_size for path in landing.rglob("*") if path.is_file())
    return {
        "measured": date.today().isoformat(),
        "machine": machine(),
        "events": truth["tables"]["clean.events"],
        "form": form,
        "landing_mb": round(size / 1024**2),
        "stages": {stage: asdict(cost) for stage, cost in costs.items()},
    }


def machine() -> str:
    """The machine in one line."""
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = psutil.virtual_memory().total / 1024**3
    java = find_java()
    return (
        f"{os.cpu_count()} cores ({names[0] if names else platform.processor()}), {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}, "
        f"JDK {major_version(java) if java else 'none'}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def page(results: Mapping[str, Mapping]) -> str:
    """README.md: how it is measured, and a table per size."""
    intro = (__doc__ or "").split("\n\n")
    lines = [
        "# Benchmarks",
        "",
        "<!-- made by `make bench`; every figure was measured -->",
        "",
        *intro[:1],
        "",
    ]
    lines += ["```", *(line.strip() for line in intro[1].splitlines()), "```", "", intro[2].strip(), ""]
    for result in sorted(results.values(), key=lambda result: result["events"]):
        stages = result["stages"]
        total = sum(stages[stage]["seconds"] for stage in STAGES)
        forms = (
            "all as Parquet" if result["form"] == "parquet" else "half as gzip JSON lines, half as Parquet"
        )
        lines += [
            f"## {result['events'] / 1e6:.1f} million events", "",
            f"{result['events']:,} events on 60 days, {forms}, {result['landing_mb']:,} MiB of landing files. "
            f"Measured {result['measured']} on {result['machine']}.", "",
            "| stage | seconds | peak memory, MiB |", "| --- | ---: | ---: |",
            *(f"| {name} | {cost['seconds']:,.1f} | {cost['peak_mb']:,} |" for name, cost in stages.items()),
            f"| {', '.join(STAGES)} together | {total:,.1f} | {max(stages[s]['peak_mb'] for s in STAGES):,} |", "",
        ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Measure the sizes given as arguments, or all."""
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for events in sizes:
        results[str(events)] = bench(events)
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
        PAGE.write_text(page(results), encoding="utf-8")
    print(f"written: {PAGE}")


if __name__ == "__main__":
    main()
