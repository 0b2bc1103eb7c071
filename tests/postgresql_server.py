"""A PostgreSQL server of the tests' own, on the loopback alone, that ends with them.

It runs as a user without rights, because PostgreSQL refuses to run as root, in a folder of its own, and takes nobody
without the password. Debian's package `postgresql` brings what it needs; without it the tests skip and say so.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

PASSWORD = "kestrel-p@ss:w/rd?84c1#"
"""Of the owner and the reader alike; with every character that has a meaning in a URL."""

PASSWORD_IN_URLS = "kestrel-p%40ss%3Aw%2Frd%3F84c1%23"
READER = "heron_reader_5d"
MISSING = "PostgreSQL's server is not installed (Debian: postgresql)"


def programs() -> Path | None:
    """The folder of the server's programs, of the newest version that is installed."""
    found = [each.parent for each in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda each: int(each.parent.name)) if found and shutil.which("setpriv") else None


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int

    @property
    def url(self) -> str:
        """The URL of the reader, without the password."""
        return f"postgresql://{READER}@127.0.0.1:{self.port}/audits"

    @property
    def url_with_password(self) -> str:
        return self.url.replace("@", f":{PASSWORD_IN_URLS}@")

    @property
    def name(self) -> str:
        return f"postgresql://127.0.0.1:{self.port}/audits"

    def connect(self, database: str = "audits") -> psycopg.Connection:
        """A connection of the owner, for whom nothing is out of reach."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="owner", password=PASSWORD, dbname=database, autocommit=True
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server, and end it."""
    where, folder = programs(), Path(tempfile.mkdtemp(prefix="postgresql-"))
    assert where is not None
    try:
        runner = _unprivileged(folder)
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        options = ["--username=owner", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
        command = [*runner, str(where / "initdb"), "-D", str(folder / "data"), f"--pwfile={folder / 'password'}"]
        subprocess.run([*command, *options], check=True, capture_output=True, env=_ENVIRONMENT, cwd=folder)
        port = _free_port()
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
        given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*runner, str(where / "postgres"), "-D", str(folder / "data"), *given],
                stdout=log,
                stderr=log,
                env=_ENVIRONMENT,
                cwd=folder,
            )
        try:
            yield _prepared(Server(port), server)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is to be kept
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "America/New_York"}


def _unprivileged(folder: Path) -> list[str]:
    """What makes a program run as somebody who may do nothing, and end when the tests do."""
    runner = ["setpriv", "--pdeathsig=QUIT"]
    if os.getuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        runner += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*runner, "--"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _prepared(server: Server, process: subprocess.Popen[bytes]) -> Server:
    """The server, once it answers, with a database and a reader who may read all that comes into it."""
    for _ in range(600):
        try:
            with server.connect("postgres") as owner:
                owner.execute("CREATE DATABASE audits")
                owner.execute(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'")
            with server.connect() as owner:
                owner.execute(f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {READER}")
            return server
        except psycopg.OperationalError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.05)
    raise AssertionError("the server does not answer")
