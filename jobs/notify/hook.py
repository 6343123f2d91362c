"""One call of the hook: bounded in time, and never a reason for the run to fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from http.client import HTTPMessage
from typing import IO

from conf.errors import ConfigError
from conf.operation import HookSettings
from conf.settings import with_environment


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


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The message goes to the configured place only."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """A redirection is an answer like any other that is not a success."""


def _post(url: str, body: bytes, seconds: int) -> str | None:
    """A thread of its own, because a socket's timeout does not bound name resolution and slow answers."""
    outcome = [f"the webhook did not answer within {seconds} s"]

    def send() -> None:
        try:
            request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=seconds):
                outcome.clear()
        except urllib.error.HTTPError as error:
            outcome[:] = [f"the webhook answered {error.code}"]
        except Exception as error:  # the text of the error may hold the address, which may hold a token
            if not isinstance(getattr(error, "reason", error), TimeoutError):
                outcome[:] = [f"the webhook could not be reached: {type(error).__name__}"]

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(seconds)
    return outcome[0] if outcome else None
