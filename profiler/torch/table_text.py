"""The measured rows beside the published ones, as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from .published import GIGABYTES, SECONDS

TRACE_LIMIT_BYTES = 3_000_000
"""A capture that is to be kept with the sources stays below this."""


@dataclass(frozen=True)
class Row:
    """One run of the table, or why there is none."""

    frames: int
    variant: str
    seconds: float | None = None
    """Median of the unprofiled forwards."""
    peak_bytes: int | None = None
    output_error: float | str | None = None
    same: bool = False
    """The variants promise the baseline's outputs, rounding aside."""
    kept: bool = False
    comparable: bool = False
    """The same model, size and device as the published row."""
    trace_bytes: int | None = None
    folder: str = ""
    problem: str = ""

    def as_json(self) -> dict[str, object]:
        """With the published numbers beside."""
        return {
            "frames": self.frames, "variant": self.variant, "seconds": self.seconds, "peakBytes": self.peak_bytes,
            "outputError": self.output_error, "sameOutputs": self.same, "kept": self.kept,
            "comparable": self.comparable,
            "traceBytes": self.trace_bytes, "folder": self.folder, "problem": self.problem,
            "publishedSeconds": SECONDS.get(self.frames), "publishedGigabytes": GIGABYTES.get(self.frames),
        }  # fmt: skip


def text(rows: list[Row], notes: list[str]) -> str:
    """The table and what must be said with it."""
    head = "| frames | variant | time | published | ratio | peak | published | output error | outputs | capture |"
    lines = [head, "|---:|---|---:|---:|---:|---:|---:|---:|---|---:|"]
    lines += [line(row) for row in rows]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes), *(f"- {gain}" for gain in gains(rows)), ""])


def line(row: Row) -> str:
    """One row. A ratio below 1 is faster than published."""
    if row.seconds is None:
        return f"| {row.frames} | {row.variant} | {row.problem or 'not run'} | | | | | | | |"
    published = SECONDS.get(row.frames) if row.comparable else None
    peak = "unknown" if row.peak_bytes is None else f"{row.peak_bytes / 1e9:.2f} GB"
    memory = GIGABYTES.get(row.frames) if row.comparable else None
    error = row.output_error if isinstance(row.output_error, str) else f"{row.output_error:.2g}"
    trace = "none" if row.trace_bytes is None else f"{row.trace_bytes / 1e6:.2f} MB"
    if row.trace_bytes is not None and row.trace_bytes > TRACE_LIMIT_BYTES:
        trace += " (over the limit)"
    cells = [
        str(row.frames), row.variant, seconds(row.seconds),
        "" if published is None else f"{published:.2f} s", "" if published is None else f"{row.seconds / published:.2f}",
        peak, "" if memory is None else f"{memory:.2f} GB", error, "within" if row.kept else "FAILED", trace,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def seconds(value: float) -> str:
    """Three significant digits, in s or ms."""
    return f"{value:.3g} s" if value >= 1 else f"{value * 1e3:.3g} ms"


def gains(rows: list[Row]) -> list[str]:
    """Per frame count: the fastest run with the same outputs against the unmodified model."""
    found = []
    for frames in dict.fromkeys(row.frames for row in rows):
        done = [row for row in rows if row.frames == frames and row.seconds and row.kept]
        base = next((row for row in done if row.variant == "baseline"), None)
        best = min((row for row in done if row.same), key=lambda row: row.seconds or 0.0, default=None)
        if base and best and base.seconds and best.seconds:
            gain = f"`{best.variant}`, {base.seconds / best.seconds:.2f}× the unmodified model's speed"
            found.append(f"Fastest with the same outputs, {frames} frames: {'none' if best is base else gain}.")
    return found
