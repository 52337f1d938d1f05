"""A supervisor for tests to kill: `python -m tests.ripeday.supervised PART…`; says "ready" when all runs."""

import asyncio
import os
import sys

from ripeday.embedded.folder import DataFolder
from ripeday.settings import data_dir
from ripeday.supervisor import Supervisor, stop_on_signals


async def main(parts: list[str]) -> None:
    """Run servers and parts until told to stop."""
    stop_on_signals()
    folder = DataFolder(data_dir(os.environ))
    folder.prepare()
    say = lambda line: print(line, flush=True)  # noqa: E731, T201
    async with Supervisor.open(os.environ, folder, say=say) as supervisor:
        supervisor.start_parts(parts)
        if "sandbox" in parts:
            await supervisor.until_sandbox_listens()
        say("ready")
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1:]))
    except asyncio.CancelledError:
        sys.exit(0)
