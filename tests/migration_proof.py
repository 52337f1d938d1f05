"""Proves the migrations whole, on a copy of the source so that nothing can be written into it.

Forwards from empty, nothing left to generate, backwards to nothing, forwards again to the same schema.
"""

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from ripeday.embedded.postgres import find_programs
from ripeday.settings import PROJECT, pg_bin
from tests.servers import started

_SOURCES = ("ripeday", "ripening", "subscriptions", "delivery", "migrations")
_LEFT_OVER = """
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'v', 'm', 'S', 'p') and c.relname not like 'migration%'
    union all
    select t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where n.nspname = 'public' and t.typtype in ('e', 'd')
    and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
    union all
    select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public'
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
"""


class Proof:
    """One database and one copy of the source."""

    def __init__(self, source: Path, database_url: str) -> None:
        self.source = source
        address = urlsplit(database_url)
        self.url = database_url
        self.environment = os.environ | {
            "RIPEDAY_DATABASE_URL": database_url,
            "PICCOLO_CONF": "ripeday.piccolo_conf",
            "PGPASSWORD": address.password or "",
            "PYTHONPATH": str(source),
        }

    def holds(self) -> bool:
        """Run all steps; say where one fails."""
        first = self._forwards()
        before = self._files()
        generated = self._piccolo("new", "all", "--auto")
        new_files = self._files() - before
        if new_files or generated.count("No changes detected") != self._n_apps():
            _say(generated, "The tables have changed, and no migration says so.")
            return False
        self._piccolo("backwards", "all", "--auto_agree")
        if left := self._psql(_LEFT_OVER):
            _say(left, "Backwards leaves these behind.")
            return False
        second = self._forwards()
        if first != second:
            _say(_difference(first, second), "Forwards, backwards, forwards gives another schema.")
            return False
        _say("", "forwards, no changes detected, backwards, forwards: the same schema")
        return True

    def _forwards(self) -> str:
        self._piccolo("forwards", "all")
        dump = find_programs(pg_bin(os.environ))["pg_dump"]
        schema = self._run(dump, "--schema-only", "--dbname", self.url)
        # pg_dump guards its output with a random word.
        return "\n".join(
            line
            for line in schema.splitlines()
            if not line.startswith(("\\restrict", "\\unrestrict"))
        )

    def _piccolo(self, *arguments: str) -> str:
        return self._run(sys.executable, "-m", "piccolo.main", "migrations", *arguments)

    def _psql(self, query: str) -> str:
        programs = find_programs(pg_bin(os.environ))
        return self._run(programs["psql"], "-XAtc", query, "--dbname", self.url).strip()

    def _run(self, *command: object) -> str:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.source, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            _say(done.stdout, f"{command[0]} failed.")
            sys.exit(1)
        return done.stdout

    def _files(self) -> set[Path]:
        return set((self.source / "migrations").rglob("*.py"))

    def _n_apps(self) -> int:
        return sum(
            folder.is_dir() and folder.name != "__pycache__"
            for folder in (self.source / "migrations").iterdir()
        )


def _difference(first: str, second: str) -> str:
    return "\n".join(
        difflib.unified_diff(first.splitlines(), second.splitlines(), lineterm="", n=2)
    )


def _say(detail: str, sentence: str) -> None:
    sys.stdout.write(f"{detail}\n{sentence}\n" if detail else f"{sentence}\n")


def main() -> int:
    """Return 0 if the proof holds."""
    with started() as servers, tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        for name in _SOURCES:
            shutil.copytree(
                PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        return 0 if Proof(source, servers.database_url).holds() else 1


if __name__ == "__main__":
    sys.exit(main())
