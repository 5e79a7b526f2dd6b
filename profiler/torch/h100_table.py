"""The published H100 table, measured again: one call, all rows, each with a small capture and its output error.

    python -m profiler.torch.h100_table --out DIR [--budget-s 1500] [--nsys PATH]

Every row is a process of its own (`run.py`), so that a row that runs out of memory ends alone and peaks are clean.
Rows are captured by nsys where its path is given, by Kineto else. The program ends by itself within the budget: rows
it did not come to are listed as such. Writes DIR/table.md, DIR/table.json and a capture folder per row.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from .errors import EXIT_FAILED_CHECK, UserError, finish
from .published import FRAMES, HEIGHT, WIDTH, comparable
from .row_process import run_row
from .settings import choose_device
from .table_text import Row, text
from .variants import combined, parse

FAST = "bf16-weights,keep4,rope-fused,sdpa=cudnn"
VARIANTS = ("baseline", "bf16-weights", FAST, f"{FAST},cudagraph", f"{FAST},compile", f"{FAST},compile,cudagraph")
"""The most telling first, as the budget may end before the list: upstream, at the table's precision, faster ones."""
SAME_ON_CUDA = {"bf16-weights"}
"""bf16 weights are what autocast multiplies there anyway, so the outputs stay the same."""


@dataclass(frozen=True)
class Table:
    """What is asked for."""

    out: Path
    model: str
    device: str
    frames: list[int]
    variants: list[str]
    height: int
    width: int
    nsys: str | None
    deadline: float
    """On time.monotonic()'s clock."""


def iterations_for(frames: int) -> int:
    """More where they are short: 10 forwards of 40 ms, 3 of 3 s."""
    return 10 if frames <= 8 else 5 if frames <= 20 else 3


def measure_row(table: Table, frames: int, variant: str) -> tuple[Row, str]:
    """(the row, why it cannot stand beside the published one). A row that fails says why and stops nothing.

    One captured iteration keeps the trace small.
    """
    folder = table.out / f"{frames:03d}f-{variant.replace(',', '+').replace(':', '_')}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    asked = {
        "model": table.model, "device": table.device, "frames": frames, "height": table.height, "width": table.width,
        "parts": "aggregator", "variant": variant, "iterations": iterations_for(frames), "captured": 1, "warmup": 3,
        "reference": table.out / f".reference-{frames}",
    }  # fmt: skip
    words = [word for name, value in asked.items() for word in (f"--{name}", str(value))]
    ended = run_row(words, folder, table.nsys, table.deadline - time.monotonic())
    if ended.measured is None:
        return Row(frames, variant, problem=ended.problem), ""
    facts = ended.measured["facts"]
    same_anyway = SAME_ON_CUDA if facts["device"] == "CUDA" else set()
    why_not = comparable(table.model, table.height, table.width, facts)
    row = Row(
        frames, variant, facts["unprofiledMedianNs"] / 1e9, ended.measured["peakBytes"], facts["outputError"],
        same=combined([one for one in parse(variant) if one.variant.id not in same_anyway]).exact,
        kept=ended.measured["kept"], comparable=not why_not, trace_bytes=ended.trace_bytes, folder=folder.name,
    )  # fmt: skip
    return row, why_not


def measure_table(table: Table) -> tuple[list[Row], list[str]]:
    """All rows in the order of the variants, and what must be said with them. The longest row so far must still fit."""
    rows: list[Row] = []
    reasons: dict[str, None] = {}
    longest = 0.0
    for variant in table.variants:
        for frames in table.frames:
            started = time.monotonic()
            if started + longest > table.deadline:
                rows.append(Row(frames, variant, problem="not run: time budget"))
                continue
            row, why_not = measure_row(table, frames, variant)
            longest = max(longest, time.monotonic() - started)
            rows.append(row)
            reasons[why_not] = None
            print(f"{variant} {frames} frames: {row.problem or row.seconds}", flush=True)
    for kept in table.out.glob(".reference-*"):
        shutil.rmtree(kept)
    notes = [f"Not beside the published numbers: {why}." for why in reasons if why]
    return rows, [*notes, "Aggregator only, random weights; time is the median of unprofiled forwards."]


def arguments() -> Table:
    """The command line."""
    p = argparse.ArgumentParser(prog="profiler.torch.h100_table", description=__doc__.splitlines()[0])
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--model", default="1b")
    p.add_argument("--device", default="auto")
    p.add_argument("--frames", default=",".join(map(str, FRAMES)))
    p.add_argument("--variants", default=" ".join(VARIANTS), help="compositions, separated by spaces")
    p.add_argument("--height", type=int, default=HEIGHT, help="px")
    p.add_argument("--width", type=int, default=WIDTH, help="px")
    p.add_argument("--nsys", help="path of nsys; Kineto where not given")
    p.add_argument("--budget-s", type=float, default=1500, help="seconds after which no row is begun or kept running")
    a = p.parse_args()
    variants = a.variants.split()
    for variant in variants:
        parse(variant)
    if a.nsys and choose_device(a.device).type != "cuda":
        raise UserError("--nsys: its capture opens with CUDA's profiler call, and there is no GPU; leave the flag out")
    try:
        frames = [int(word) for word in a.frames.split(",")]
    except ValueError as error:
        raise UserError(f"--frames {a.frames}: whole numbers joined by commas, as 1,2,4") from error
    deadline = time.monotonic() + a.budget_s
    return Table(a.out, a.model, a.device, frames, variants, a.height, a.width, a.nsys, deadline)


def main() -> int:
    """The program: 1 where a row's outputs failed or nothing was measured."""
    table = arguments()
    table.out.mkdir(parents=True, exist_ok=True)
    rows, notes = measure_table(table)
    written = text(rows, notes)
    (table.out / "table.md").write_text(written)
    (table.out / "table.json").write_text(json.dumps({"rows": [row.as_json() for row in rows], "notes": notes}) + "\n")
    print(written)
    measured = [row for row in rows if row.seconds is not None]
    return 0 if measured and all(row.kept for row in measured) else EXIT_FAILED_CHECK


if __name__ == "__main__":
    finish(main)
