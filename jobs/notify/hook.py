"""One call of the hook: bounded in time, and never a reason for the run to fail."""

from __future__ import annotations

import json
import logging
import os
import signal
import ssl
import subprocess
import threading
from dataclasses import asdict, dataclass

from conf.errors import ConfigError
from conf.operation import HookSettings
from conf.settings import with_environment

logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, which may hold a token


@dataclass(frozen=True)
class Event:
    """What the hook is told; without personal values and secrets.

    Attributes:
        event: failed: the command ended with a code that is not 0; gate_failed: expectations did not hold, and
            exit_code says whether that stopped the publication; late_data: records came too late for their day;
            deadline_missed: the scheduled run run_id was not done in time; task_failed: the scheduler has given up a
            task of it.
        command: run, or the stage.
        about: tables (gate_failed) or sources (late_data).
    """

    event: str
    run_id: str | None
    command: str
    exit_code: int
    about: tuple[str, ...]
    message: str


def call(hook: HookSettings, event: Event) -> str | None:
    """Tell the hook, waiting for `timeout_seconds` at most; returns what went wrong, None where it was told."""
    body = (json.dumps(asdict(event), ensure_ascii=False) + "\n").encode()
    if hook.command:
        return _execute(hook.command, body, hook.timeout_seconds)
    if hook.webhook is not None:
        try:
            url = with_environment(hook.webhook.get_secret_value(), "hook.webhook")
        except ConfigError as error:
            return str(error)
        return _post(url, body, hook.timeout_seconds)
    return None


def _execute(command: tuple[str, ...], body: bytes, seconds: int) -> str | None:
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    try:
        process.communicate(body, timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"{command[0]}: did not end within {seconds} s"
    return None if process.returncode == 0 else f"{command[0]}: ended with code {process.returncode}"


def _post(url: str, body: bytes, seconds: int) -> str | None:
    """A thread of its own, because httpx limits each step, but neither name resolution nor an answer that drips."""
    import httpx  # a third of a second, which only a run with something to tell pays

    outcome = [f"the webhook did not answer within {seconds} s"]

    def send() -> None:
        try:
            # Directly, and only there: neither a proxy of the environment nor a redirection gets the message.
            client = httpx.Client(trust_env=False, verify=ssl.create_default_context(), timeout=seconds)
            headers = {"Content-Type": "application/json"}
            with client, client.stream("POST", url, content=body, headers=headers) as answer:
                outcome[:] = [] if answer.is_success else [f"the webhook answered {answer.status_code}"]
        except httpx.TimeoutException:
            return
        except Exception as error:  # the text of the error may hold the address, which may hold a token
            outcome[:] = [f"the webhook could not be reached: {type(error).__name__}"]

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(seconds)
    return outcome[0] if outcome else None
