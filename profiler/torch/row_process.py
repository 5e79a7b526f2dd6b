"""A row of the table as a process of its own: its command line, its time limit, what it left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROFILE = (
    "--force-overwrite=true", "--trace=cuda,nvtx", "--sample=none", "--cpuctxsw=none", "--cuda-graph-trace=node",
    "--capture-range=cudaProfilerApi", "--capture-range-end=stop",
)  # fmt: skip
"""nsys' flags: no CPU sampling, kernels inside graphs one by one, warm-up outside the capture."""
CAPTURES = ("trace.json.gz", "report.nsys-rep")


@dataclass(frozen=True)
class Ended:
    """How a row's process ended: what it measured, or why there is nothing."""

    measured: dict[str, Any] | None
    problem: str
    trace_bytes: int | None


def run_row(arguments: list[str], folder: Path, nsys: str | None, limit_s: float) -> Ended:
    """Runs `run.py` with these arguments into `folder`, under nsys where its path is given."""
    profiler = "nsys" if nsys else "kineto"
    target = [
        sys.executable,
        "-u",
        "-m",
        "profiler.torch.run",
        *arguments,
        "--out",
        str(folder),
        "--profiler",
        profiler,
    ]
    command = [nsys, "profile", f"--output={folder}/report", *PROFILE, *target] if nsys else target
    try:
        code, errors = run_limited(command, limit_s)
    except subprocess.TimeoutExpired:
        return Ended(None, "not finished: time budget", None)
    written = folder / "measured.json"
    if not written.is_file():
        last = [line for line in errors.splitlines() if line.strip()][-1:] or [f"exit status {code}"]
        return Ended(None, last[0].removeprefix("error: ")[:200], None)
    if nsys:
        add_report(folder, nsys)
    sizes = [(folder / name).stat().st_size for name in CAPTURES if (folder / name).is_file()]
    return Ended(json.loads(written.read_text()), "", sizes[0] if sizes else None)


def run_limited(command: list[str], limit_s: float) -> tuple[int, str]:
    """(exit status, stderr). Past the limit the process and all it started are ended: TimeoutExpired."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        _, errors = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, errors


def add_report(folder: Path, nsys: str) -> None:
    """Exports the report to SQLite and names both in the manifest."""
    report, sqlite = folder / "report.nsys-rep", folder / "report.sqlite"
    if not report.is_file():
        return
    subprocess.run(
        [nsys, "export", "--type=sqlite", "--force-overwrite=true", f"--output={sqlite}", str(report)],
        check=False, capture_output=True,
    )  # fmt: skip
    path = folder / "capture.json"
    manifest = json.loads(path.read_text())
    found = [(sqlite, "nsys-sqlite"), (report, "nsys-report")]
    manifest["sources"] = [{"path": file.name, "role": role} for file, role in found if file.is_file()]
    path.write_text(json.dumps(manifest, indent=2) + "\n")
