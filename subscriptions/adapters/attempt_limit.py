"""Counting tries in Redis; when Redis does not answer, nobody is let in."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from ripeday.kit.errors import Unavailable
from ripeday.kit.text import message
from subscriptions.account import MOST_TRIES, TRIES_WINDOW_S, TooManyTries

_ANSWER_WITHIN_S = 2.0


class TriesUncounted(Unavailable):
    """The counter of tries does not answer."""

    code = "tries_uncounted"

    def __init__(self) -> None:
        super().__init__(
            message("Nobody can sign in for the moment. Please try again in a minute.")
        )


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """At most `MOST_TRIES` tries a name within `TRIES_WINDOW_S`, whoever asks and in however many at once."""

    redis: Redis

    async def take(self, *names: str) -> None:
        """Count a try before it is made.

        Raises
        ------
        TooManyTries, TriesUncounted
        """
        try:
            counts, ttls = await asyncio.wait_for(self._count(names), _ANSWER_WITHIN_S)
        except (RedisError, OSError, TimeoutError) as error:
            raise TriesUncounted from error
        over = [ttl for n, ttl in zip(counts, ttls, strict=True) if n > MOST_TRIES]
        if over:
            raise TooManyTries(max(over))

    async def give_back(self, *names: str) -> None:
        """Take back the count of a try that was right.

        Raises
        ------
        TriesUncounted
        """
        try:
            async with self.redis.pipeline(transaction=True) as pipe:
                for name in names:
                    pipe.decr(_key(name))
                    pipe.expire(_key(name), TRIES_WINDOW_S, nx=True)
                await asyncio.wait_for(pipe.execute(), _ANSWER_WITHIN_S)
        except (RedisError, OSError, TimeoutError) as error:
            raise TriesUncounted from error

    async def _count(self, names: tuple[str, ...]) -> tuple[list[int], list[int]]:
        async with self.redis.pipeline(transaction=True) as pipe:
            for name in names:
                pipe.incr(_key(name))
                pipe.expire(_key(name), TRIES_WINDOW_S, nx=True)
                pipe.ttl(_key(name))
            answers = await pipe.execute()
        return answers[0::3], answers[2::3]


def _key(name: str) -> str:
    return f"ripeday:tries:{name}"
