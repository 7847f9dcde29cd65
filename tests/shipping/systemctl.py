"""What stands in for systemctl where no systemd runs: it starts and stops the service of a unit.

    python systemctl.py FOLDER VERB [OPTION] UNIT...

FOLDER has the units; the process id and the output are left in it. Sockets are not held: that is
tested in tests/guarantees/test_deploy.py.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path


def start(unit: Path) -> None:
    """Run what ExecStart says, where WorkingDirectory says, and return when it is READY."""
    text = unit.read_text()
    command = re.findall(r"^ExecStart=(.+)$", text, re.M)[0].split()
    folder = re.findall(r"^WorkingDirectory=(.+)$", text, re.M)[0]
    log = unit.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    while "listens on" not in log.read_text():
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    unit.with_suffix(".pid").write_text(str(process.pid))


def stop(unit: Path) -> None:
    """Tell it to go, and return when it has."""
    pid = int(unit.with_suffix(".pid").read_text())
    unit.with_suffix(".pid").unlink()
    os.kill(pid, signal.SIGTERM)
    while Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
        time.sleep(0.02)


def main(folder: Path, verb: str, units: list[str]) -> None:
    """Carry out a command."""
    for name in units:
        unit = folder / name
        assert unit.is_file(), f"there is no unit {name}"
        if name == "parley.service":
            if verb in {"stop", "restart"}:
                stop(unit)
            if verb in {"start", "enable", "restart"}:
                start(unit)


if __name__ == "__main__":
    if sys.argv[2] not in {"daemon-reload", "reload"}:
        main(Path(sys.argv[1]), sys.argv[2], [each for each in sys.argv[3:] if each[0] != "-"])
