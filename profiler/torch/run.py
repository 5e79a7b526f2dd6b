"""One measured run of VGGT in PyTorch.

    python -m profiler.torch.run --model 1b --frames 8 --variant rope-nosync,keep4 --out captures/a

Writes `capture.json`, `measured.json` and, under Kineto, `trace.json.gz` into --out. Under nsys, run it as

    nsys profile --trace=cuda,nvtx --sample=none --cpuctxsw=none --cuda-graph-trace=node \\
      --capture-range=cudaProfilerApi --capture-range-end=stop --force-overwrite=true -o captures/a/report \\
      python -u -m profiler.torch.run --profiler nsys --out captures/a …

Exit 1: the outputs are farther from the unmodified model's than the variants promise. Exit 2: bad input. Exit 3: a
device or package is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import torch

from .build import free, modified, unmodified
from .capture_file import Result, write
from .errors import EXIT_FAILED_CHECK, UserError, finish
from .facts import facts_of
from .inputs import read_images
from .measure import Counts, measure
from .nvtx_injection import attach
from .outputs import Outputs, compare
from .phases import mark_modules, mark_phases
from .ranges import Switch, inside, ranges_for
from .reference import reference_outputs
from .settings import Settings, checked, parser
from .variants import VARIANTS, combined

PROGRESS_MARK = "@parallax "
"""Lines on stdout that begin with this tell a caller what is being done."""
ERROR_MARK = "@parallax-error "
"""The line that tells a caller the exit code and the error: nsys, where it is in between, has a code of its own."""


def progress(doing: str) -> None:
    """In a few words."""
    print(f"{PROGRESS_MARK}{doing}", flush=True)


def run(settings: Settings) -> Result:
    """Builds, checks, measures; writes into `settings.out`."""
    settings.out.mkdir(parents=True, exist_ok=True)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    injection = attach() if settings.profiler == "nsys" and settings.device.type == "cpu" else None
    ranges = Switch(ranges_for(settings.profiler, settings.device, injection))
    with inside(ranges, "load"):
        progress("reading images")
        images = read_images(settings.images, settings.frames, settings.height, settings.width, settings.seed)
        progress("loading the model")
        subject, implementation = unmodified(settings)
    reference: Outputs = {}
    if settings.compared:
        progress("running the unmodified model")
        reference = reference_outputs(settings, subject, implementation, images)
    if settings.variants:
        subject = modified(settings, subject, implementation)
        implementation = "own"
    free(settings.device)
    if implementation == "own":
        mark_phases(subject, ranges)
    else:
        mark_modules(subject.model, ranges)
    counts = Counts(settings.warmup, settings.iterations, settings.captured)
    progress(f"{counts.warmup} warm-up, {counts.timed} timed and {counts.captured} captured iterations")
    measured = measure(subject, images, ranges, counts, settings.profiler, settings.out, injection)
    errors = compare(measured.outputs, reference)
    tolerance = combined(settings.variants)
    fp32 = subject.precision is None
    kept = not settings.compared or tolerance.holds(errors, fp32)
    listed = ", ".join(f"{error.name} {tolerance.measure(error, fp32):.2g}" for error in errors)
    result = Result(
        label=f"{settings.model} {settings.variant_name}, {settings.frames} frames",
        facts=facts_of(settings, subject, implementation, measured, errors, tolerance),
        measured=measured,
        errors=errors,
        kept=kept,
        complaint="" if kept else f"variant {settings.variant_name}: the outputs are farther from the unmodified "
        f"model's than the {tolerance.limit(fp32):g} it states ({listed or 'nothing to compare'})",
        missing=sorted(reference.keys() - measured.outputs.keys()),
        trace="trace.json.gz" if settings.profiler == "kineto" else None,
    )  # fmt: skip
    write(result, settings.out)
    return result


def run_or_say(args: argparse.Namespace) -> Result:
    """A run; running out of GPU memory is a UserError like any other."""
    try:
        return run(checked(args))
    except torch.cuda.OutOfMemoryError as error:
        raise UserError(f"GPU memory exhausted: {str(error).splitlines()[0]}; fewer --frames, or keep4") from error


def list_variants(as_json: bool) -> None:
    """Every variant: what it changes, where it exists, what it promises."""
    rows: list[dict[str, Any]] = [
        {
            "id": variant.shown,
            "changes": variant.changes,
            "devices": list(variant.devices),
            "outputs": "same" if variant.tolerance.exact else {"tolerance": variant.tolerance.relative},
            "needs": list(variant.needs),
        }
        for variant in VARIANTS
    ]
    if as_json:
        print(json.dumps({"variants": rows}))
        return
    for row in rows:
        promise = row["outputs"] if row["outputs"] == "same" else f"≤ {row['outputs']['tolerance']:g}"
        print(f"{row['id']:16} {'/'.join(row['devices']):9} {promise:7} {row['changes']}")


def main() -> int:
    """The program. Returns its exit code."""
    args = parser().parse_args()
    if args.list_variants:
        list_variants(args.json)
        return 0
    try:
        result = run_or_say(args)
    except UserError as error:
        print(f"{ERROR_MARK}{error.code} {error}", flush=True)
        raise
    if args.json:
        print((args.out / "measured.json").read_text(), end="")
    else:
        median_ns = result.facts.get("unprofiledMedianNs", result.facts["iterationMedianNs"])
        print(f"{result.label}: {median_ns / 1e6:.3f} ms, output error {result.facts['outputError']}")
    if not result.kept:
        print(f"error: {result.complaint}", file=sys.stderr)
        return EXIT_FAILED_CHECK
    return 0


if __name__ == "__main__":
    finish(main)
