"""A PostgreSQL server of our own in a temporary folder, reached by a Unix socket only."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, None where no server is installed."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[4]))]
    on_path = shutil.which("initdb")
    if on_path:
        found.insert(0, Path(on_path).resolve())
    # A link may stand alone on the path: both programs are asked of its folder.
    usable = [one.parent for one in found if (one.parent / "postgres").exists()]
    return usable[-1] if usable else None


class Server:
    """One running server: its folder of sockets, and its processes to stop or kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bin = programs()
        self._process: subprocess.Popen[bytes] | None = None
        # The server refuses to run as root.
        self._user = _unprivileged() if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        data = str(folder / "data")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "owner", "-E", "UTF8", "--locale=C", "-N")

    def address(self, database: str = "postgres", user: str = "owner") -> str:
        """A URI of the server, as a usage names it."""
        return f"postgresql:///{database}?host={self.folder}&user={user}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = ("-c", "listen_addresses=", "-k", str(self.folder), "-c", "fsync=off")
        assert self._bin is not None
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._bin / "postgres"), "-D", str(self.folder / "data"), *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._identity(),  # type: ignore[call-overload]
            )
        self.recovered()

    @property
    def running(self) -> bool:
        """Whether the server's first process is there."""
        return self._process is not None and self._process.poll() is None

    def recovered(self) -> None:
        """Wait until the server answers, after a start or after one of its processes died."""
        assert self._bin is not None
        for _ in range(300):
            asked = [str(self._bin / "pg_isready"), "-q", "-h", str(self.folder)]
            if subprocess.run(asked).returncode == 0:
                return
            if not self.running:
                break
            time.sleep(0.1)
        raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])

    def sql(self, text: str, database: str = "postgres") -> str:
        """Run statements as the owner, and give what they print."""
        assert self._bin is not None
        done = subprocess.run(
            [
                str(self._bin / "psql"),
                "-XqAt",
                "-vON_ERROR_STOP=1",
                "-h",
                str(self.folder),
                "-Uowner",
                database,
            ],
            input=text,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def kill(self) -> None:
        """End the server and all that serve it at once, as a machine that loses its power does."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for process in [self._process.pid, *map(int, children)]:
            os.kill(process, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End the server; queries are cancelled."""
        if self._process is not None and self.running:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()

    def _run(self, program: str, *arguments: str) -> None:
        assert self._bin is not None
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            **self._identity(),  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stderr

    def _identity(self) -> dict[str, int | Sequence[int]]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


@contextmanager
def running() -> Iterator[Server]:
    """A server that runs, stopped and removed at the end."""
    # A socket's path has at most 107 characters, so the folder stands where paths are short.
    folder = Path(tempfile.mkdtemp(prefix="contractlang-pg-"))
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("there is no unprivileged user to run the server as")
