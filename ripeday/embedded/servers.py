"""The two servers of a house: the ones a person names, or own ones in the data folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ripeday.embedded.folder import DataFolder
from ripeday.embedded.postgres import EmbeddedPostgres, find_programs
from ripeday.embedded.valkey import EmbeddedValkey, find_program
from ripeday.settings import pg_bin


@dataclass(slots=True)
class Servers:
    """PostgreSQL and Valkey; an own one is None where the person named a server."""

    own_postgres: EmbeddedPostgres | None
    own_valkey: EmbeddedValkey | None
    named_database_url: str
    named_redis_url: str

    @classmethod
    def of(cls, folder: DataFolder, environment: Mapping[str, str]) -> "Servers":
        """Choose the servers; nothing is started yet.

        Raises
        ------
        Refused
            A server is neither named nor to be found on this machine.
        """
        database_url = environment.get("RIPEDAY_DATABASE_URL", "")
        redis_url = environment.get("RIPEDAY_REDIS_URL", "")
        return cls(
            None if database_url else EmbeddedPostgres(folder, find_programs(pg_bin(environment))),
            None if redis_url else EmbeddedValkey(folder, find_program()),
            database_url,
            redis_url,
        )

    @property
    def database_url(self) -> str:
        """Return PostgreSQL's address."""
        return self.own_postgres.url if self.own_postgres else self.named_database_url

    @property
    def redis_url(self) -> str:
        """Return Valkey's address."""
        return self.own_valkey.url if self.own_valkey else self.named_redis_url

    @contextmanager
    def running(self) -> Iterator["Servers"]:
        """Run the own servers for as long as the context lasts."""
        try:
            for server in self._own:
                server.start()
            yield self
        finally:
            for server in reversed(self._own):
                server.stop()

    def revive(self) -> list[str]:
        """Start own servers again that died, on the ports they had; return their names."""
        died = [server for server in self._own if not server.is_running()]
        for server in died:
            server.start()
        return ["PostgreSQL" if server is self.own_postgres else "Valkey" for server in died]

    def stop_leftovers(self) -> None:
        """Stop own servers that outlived a killed supervisor."""
        for server in self._own:
            server.stop_leftover()

    @property
    def _own(self) -> "list[EmbeddedPostgres | EmbeddedValkey]":
        return [server for server in (self.own_postgres, self.own_valkey) if server is not None]
