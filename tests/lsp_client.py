"""A raw client of the Language Server Protocol: JSON over the pipes of a real `contractlang lsp`."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

# Most editors give --stdio, which is the only way there is.
PROGRAM = "import sys; from contractlang.commands.main import main; sys.exit(main(['lsp', '--stdio']))"


class Client:
    """One server process; `request` waits for its answer, `diagnostics` for the next that are published."""

    def __init__(self, encodings: tuple[str, ...] = ("utf-16",), folder: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.answers: Queue[dict[str, Any]] = Queue()
        self.published: Queue[dict[str, Any]] = Queue()
        self.shown: list[str] = []
        self.count = 0
        threading.Thread(target=self._listen, daemon=True).start()
        folders = [{"uri": folder.as_uri(), "name": folder.name}] if folder else None
        self.capabilities = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri() if folder else None,
                "workspaceFolders": folders,
                "capabilities": {"general": {"positionEncodings": list(encodings)}},
            },
        )["capabilities"]
        self.notify("initialized", {})

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None, "the process was started with pipes"
        while True:
            length = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(stream.read(length))
            if message.get("method") == "textDocument/publishDiagnostics":
                self.published.put(message["params"])
            elif message.get("method") == "window/showMessage":
                self.shown.append(message["params"]["message"])
            elif "id" in message and "method" not in message:
                self.answers.put(message)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self.process.stdin
        assert stream is not None, "the process was started with pipes"
        stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        stream.flush()

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def request(self, method: str, params: dict[str, Any] | None) -> Any:
        self.count += 1
        self._send({"id": self.count, "method": method, "params": params})
        while True:
            answer = self.answers.get(timeout=20)
            if answer["id"] == self.count:
                assert "error" not in answer, answer["error"]
                return answer["result"]

    def open(self, uri: str, text: str) -> dict[str, Any]:
        document = {"uri": uri, "languageId": "contract", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return self.diagnostics()

    def change(self, uri: str, text: str, version: int = 2) -> dict[str, Any]:
        self.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]},
        )
        return self.diagnostics()

    def diagnostics(self) -> dict[str, Any]:
        try:
            return self.published.get(timeout=20)
        except Empty:
            raise AssertionError("the server went silent") from None

    def stop(self) -> int:
        self.request("shutdown", None)
        self.notify("exit", {})
        return self.process.wait(timeout=30)
