"""`make airflow`: Airflow for a person, on this machine, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Event

from jobs.dev.airflow.components import COMPONENTS, ROOT, Airflow

PORT = 8080


def main() -> None:
    """Start the four components, say where and how to log in, and end them when asked to."""
    asked_to_end = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_end.set())
    demo = ROOT / ".demo"
    folders = {
        "ACTIVELAKE_LAKE": os.environ.get("ACTIVELAKE_LAKE", str(demo / "lake")),
        "ACTIVELAKE_LANDING": os.environ.get("ACTIVELAKE_LANDING", str(demo / "landing")),
    }
    home = Path(os.environ.get("AIRFLOW_HOME", ROOT / ".airflow"))
    port = int(os.environ.get("AIRFLOW__API__PORT", PORT))
    airflow = Airflow(home, port, folders)
    print("airflow: database", flush=True)
    airflow.prepare()
    try:
        for component in COMPONENTS:
            print(f"airflow: {component}", flush=True)
            airflow.start(component)
        if airflow.wait_until_healthy(asked_to_end):
            print(_welcome(airflow, folders["ACTIVELAKE_LAKE"]), flush=True)
            asked_to_end.wait()
    except RuntimeError as error:
        sys.exit(f"airflow: {error}")
    finally:
        print("airflow: stopping", flush=True)
        airflow.stop()


def _welcome(airflow: Airflow, lake: str) -> str:
    return "\n".join(
        (
            f"\nAirflow is at {airflow.address}",
            f"  log in as admin; the password is in {airflow.password_file}",
            f"  its tasks write to {lake}",
            f"  logs: {airflow.home}/*.log; Ctrl-C ends it\n",
        )
    )


if __name__ == "__main__":
    main()
