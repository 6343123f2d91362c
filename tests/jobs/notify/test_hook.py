"""A hook is a real process or a real server; it is told in time or not at all."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from conf.operation import HookSettings
from jobs.notify.hook import Event, call

EVENT = Event("late_data", "r1", "run", 0, ("app.web",), "app.web: 3 records came too late, 直播间")


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it gets; answers by path: /ok, /moved, /broken, /slow, /drip."""

    received: list[tuple[str, str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((self.path, self.headers["Content-Type"], body))
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/drip":
            for letter in "HTTP/1.1 204 No Content":
                self.wfile.write(letter.encode())
                time.sleep(0.2)
        self.send_response({"/moved": 302, "/broken": 500}.get(self.path, 204))
        if self.path == "/moved":
            self.send_header("Location", "/ok")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def server() -> Iterator[str]:
    Receiver.received = []
    listening = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


def program(folder: Path, text: str) -> HookSettings:
    path = folder / "hook.py"
    path.write_text(text)
    return HookSettings.model_validate({"command": [sys.executable, str(path)], "timeout_seconds": 2})


def webhook(url: str, seconds: int = 2) -> HookSettings:
    return HookSettings.model_validate({"webhook": url, "timeout_seconds": seconds})


def test_a_command_reads_the_event_as_json_from_its_input(tmp_path: Path) -> None:
    hook = program(
        tmp_path, f"import sys; open({str(tmp_path / 'got')!r}, 'wb').write(sys.stdin.buffer.read())"
    )
    assert call(hook, EVENT) is None
    assert json.loads((tmp_path / "got").read_text(encoding="utf-8")) == {
        "event": "late_data", "run_id": "r1", "command": "run", "exit_code": 0, "about": ["app.web"],
        "message": "app.web: 3 records came too late, 直播间",
    }  # fmt: skip


def test_a_command_that_fails_is_said(tmp_path: Path) -> None:
    assert (call(program(tmp_path, "raise SystemExit(9)"), EVENT) or "").endswith("ended with code 9")


def test_a_command_that_does_not_exist_is_said() -> None:
    assert (
        call(HookSettings(command=("/no/such/program",)), EVENT)
        == "/no/such/program: No such file or directory"
    )


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    late = tmp_path / "late"
    child = f"import time; time.sleep(3); open({str(late)!r}, 'w').close()"
    text = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    started = time.monotonic()
    assert (call(program(tmp_path, text), EVENT) or "").endswith("did not end within 2 s")
    assert time.monotonic() - started < 2.9
    time.sleep(1.5)
    assert not late.exists()


def test_a_webhook_gets_the_event_by_post(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_ADDRESS", server)
    assert call(webhook("${HOOK_ADDRESS}/ok"), EVENT) is None
    [(path, form, body)] = Receiver.received
    assert (path, form, json.loads(body)["about"]) == ("/ok", "application/json", ["app.web"])


def test_a_webhook_that_fails_or_points_elsewhere_is_said(server: str) -> None:
    assert call(webhook(f"{server}/broken"), EVENT) == "the webhook answered 500"
    assert call(webhook(f"{server}/moved"), EVENT) == "the webhook answered 302"
    assert [path for path, _, _ in Receiver.received] == ["/broken", "/moved"]


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_a_slow_webhook_is_not_waited_for(server: str, path: str) -> None:
    started = time.monotonic()
    assert call(webhook(f"{server}/{path}", seconds=1), EVENT) == "the webhook did not answer within 1 s"
    assert time.monotonic() - started < 2


def test_a_webhook_is_asked_directly_whatever_proxy_the_environment_names(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert call(webhook(f"{server}/ok"), EVENT) is None


def test_no_log_holds_the_address_of_a_webhook(server: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        assert call(webhook(f"{server}/t0ken"), EVENT) is None
    assert "t0ken" not in caplog.text


def test_a_webhook_that_is_not_there_is_said_without_its_address(server: str) -> None:
    said = call(webhook("http://127.0.0.1:9/t0ken"), EVENT)
    assert said == "the webhook could not be reached: ConnectError"


def test_a_webhook_whose_variable_is_not_set_is_said() -> None:
    said = call(webhook("${NO_SUCH_VARIABLE}/t0ken"), EVENT)
    assert said == "hook.webhook: the environment variable NO_SUCH_VARIABLE is not set"
