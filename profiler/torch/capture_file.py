"""Writes what a run found: `capture.json`, the manifest an import reads, and `measured.json`, every number of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .facts import Facts
from .measure import Measured
from .outputs import OutputError


@dataclass(frozen=True)
class Result:
    """A finished run."""

    label: str
    facts: Facts
    measured: Measured
    errors: list[OutputError]
    kept: bool
    """Whether the outputs are within what the variants promise."""
    complaint: str
    """One line, where they are not."""
    missing: list[str]
    """Outputs of the unmodified model that this one does not have."""
    trace: str | None
    """File name of the Kineto trace in the folder."""

    @property
    def warnings(self) -> list[str]:
        """What a reader of the run should know."""
        left_out = [f"outputs left out by the variant: {', '.join(self.missing)}"] if self.missing else []
        return left_out + ([] if self.kept else [self.complaint])


def write(result: Result, out: Path) -> None:
    """Both files, into `out`."""
    sources = [{"path": result.trace, "role": "kineto-trace"}] if result.trace else []
    manifest = {
        "format": "parallax-capture",
        "version": 1,
        "label": result.label,
        "capturedAtMs": result.measured.started_at_ms,
        "run": result.facts,
        "sources": sources,
        "warnings": result.warnings,
    }
    measured = {
        "label": result.label,
        "facts": result.facts,
        "startedAtMs": result.measured.started_at_ms,
        "unprofiledNs": result.measured.unprofiled_ns,
        "iterationsNs": result.measured.profiled_ns,
        "peakBytes": result.measured.peak_bytes,
        "outputs": [error.as_json() for error in result.errors],
        "missingOutputs": result.missing,
        "kept": result.kept,
        "complaint": result.complaint,
        "trace": result.trace,
        "warnings": result.warnings,
    }
    (out / "capture.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (out / "measured.json").write_text(json.dumps(measured) + "\n")
