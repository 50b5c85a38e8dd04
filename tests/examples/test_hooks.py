"""The hook that tells a chat of deals that are won, against a chat that listens on this machine."""

import json
import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

HOOK = Path(__file__).parents[2] / "examples" / "hooks" / "after-change"
NEEDED = pytest.mark.skipif(not (shutil.which("jq") and shutil.which("curl")), reason="it needs jq and curl")


class Chat(HTTPServer):
    """Takes messages until it is told to be out of order."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.messages: list[str] = []
        self.answer = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks/sales"


class _Taking(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(json.loads(body)["text"])
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[Chat]:
    server = Chat()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sales(run: Callable, tmp_path: Path, chat: Chat, crmctl_on_path: dict[str, str]) -> Iterator[None]:
    crmctl_on_path["XDG_CONFIG_HOME"] = str(tmp_path / "conf")
    run("crmctl", "init", "--template", "simple")
    hooks = tmp_path / ".crmctl" / "hooks"
    hooks.mkdir(mode=0o700)
    shutil.copy(HOOK, hooks)
    (hooks / HOOK.name).chmod(0o755)
    (tmp_path / ".crmctl" / "chat-url").write_text(f"{chat.url}\n")
    assert run("crmctl", "hooks", "trust").returncode == 0
    run("crmctl", "create", "deal", "Daisy & 'Co'", "-s", "amount=1200")
    yield
    del crmctl_on_path["XDG_CONFIG_HOME"]


@NEEDED
def test_the_chat_hears_of_a_deal_that_is_won_and_of_nothing_else(
    run: Callable, sales: None, chat: Chat
) -> None:
    ran = run("crmctl", "--user", "anna", "update", "D-1", "-s", "comment=x")
    assert (ran.returncode, chat.messages) == (0, [])
    ran = run("crmctl", "--user", "anna", "update", "D-1", "-s", "stage=won", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert chat.messages == ["anna won D-1 Daisy & 'Co': 1200.00 UAH"]
    run("crmctl", "update", "D-1", "-s", "comment=y")
    assert len(chat.messages) == 1


@NEEDED
def test_a_chat_out_of_order_is_a_warning(run: Callable, sales: None, chat: Chat) -> None:
    chat.answer = 503
    ran = run("crmctl", "move", "D-1", "won")
    assert ran.returncode == 0
    assert "warning: hook after-change failed: exit 22\n  curl: (22)" in ran.stderr


def test_the_page_shows_the_script_as_it_is() -> None:
    page = (HOOK.parents[2] / "docs" / "hooks.md").read_text("utf-8")
    shown = page.split("```sh\n")[1].split("```")[0]
    assert shown in HOOK.read_text("utf-8")
