"""The headless browser that journeys run in: Debian's Chromium, or one found on this machine."""

import os
import shutil
import subprocess
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
LAUNCH_OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage")
"""What Chromium needs as root and in containers with little shared memory."""


def find_chromium() -> Path | None:
    """Return the browser's program, if there is one."""
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    places = (Path(place).expanduser() for place in _PLACES)
    return next((place for place in places if place.is_file()), None)


def install_chromium() -> bool:
    """Install Debian's Chromium where we may (root on Debian); return whether it is there now."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    if subprocess.run(install, env=quiet, stdin=subprocess.DEVNULL, check=False).returncode:
        subprocess.run(["apt-get", "update"], env=quiet, stdin=subprocess.DEVNULL, check=False)
        subprocess.run(install, env=quiet, stdin=subprocess.DEVNULL, check=False)
    return find_chromium() is not None
