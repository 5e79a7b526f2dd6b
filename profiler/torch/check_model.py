"""Golden check: does the model give the recorded outputs for recorded weights and images?

    python -m profiler.torch.check_model DIR [--json] [--device cpu|cuda]

DIR holds config.json, weights.safetensors and io.safetensors (`images` and the outputs). The model runs once per
attention form; the error printed for an output is the worst of them. Exit 1 above the tolerance.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn.attention import SDPBackend, sdpa_kernel

from .errors import EXIT_FAILED_CHECK, UserError, finish
from .outputs import OutputError, Outputs, compare, on_host
from .vggt.config import Golden, read_golden_config
from .weights import empty_model, load

TOLERANCE = 1e-5
"""Largest absolute difference, fp32. Rounding alone gives under 1e-6 on the tiny model."""

FORMS: dict[str, tuple[SDPBackend, ...]] = {
    "default": (SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH),
    "math": (SDPBackend.MATH,),
    "flash": (SDPBackend.FLASH_ATTENTION,),
    "efficient": (SDPBackend.EFFICIENT_ATTENTION,),
}


NO_KERNEL = ("no viable backend", "no available kernel")
"""What PyTorch says where a form has no kernel for the device and type; any other failure is a failure."""


def read_folder(folder: Path) -> tuple[Golden, Path, Outputs]:
    """The folder's three files: the model and input, the weights' path, the recorded tensors."""
    for name in ("config.json", "weights.safetensors", "io.safetensors"):
        if not (folder / name).is_file():
            raise UserError(f"{folder}: no {name}; a golden folder has config.json, weights.safetensors, io.safetensors")
    try:
        golden = read_golden_config(folder / "config.json")
    except ValueError as error:
        raise UserError(str(error)) from error
    recorded = load_file(folder / "io.safetensors")
    expected = (golden.frames, 3, golden.height, golden.width)
    if "images" not in recorded or tuple(recorded["images"].shape[-4:]) != expected:
        raise UserError(f"{folder}/io.safetensors: needs images [1, {', '.join(map(str, expected))}] as config.json says")
    return golden, folder / "weights.safetensors", recorded


def run_forms(folder: Path, device: torch.device) -> tuple[dict[str, list[OutputError]], dict[str, str]]:
    """(errors by attention form, forms that could not run here and why)."""
    golden, weights, recorded = read_folder(folder)
    model = empty_model(golden.config, device)
    try:
        load(model, weights)
    except ValueError as error:
        raise UserError(str(error)) from error
    images = recorded.pop("images").to(device)
    done: dict[str, list[OutputError]] = {}
    skipped: dict[str, str] = {}
    for form, backends in FORMS.items():
        try:
            with torch.no_grad(), sdpa_kernel(list(backends)):
                outputs = on_host(model(images, golden=True))
        except RuntimeError as error:
            if not any(text in str(error).lower() for text in NO_KERNEL):
                raise
            skipped[form] = f"not available on {device.type} for fp32: {str(error).splitlines()[0]}"
            continue
        unknown = sorted(recorded.keys() - outputs.keys())
        if unknown:
            raise UserError(f"{folder}/io.safetensors: the model has no output {', '.join(unknown)}")
        done[form] = compare(outputs, recorded)
    return done, skipped


def worst(forms: dict[str, list[OutputError]]) -> list[OutputError]:
    """Per output, the form with the largest error."""
    return [max(errors, key=lambda error: error.max_abs) for errors in zip(*forms.values(), strict=True)]


def main() -> int:
    """The program. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="check_model", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    forms, skipped = run_forms(args.folder, torch.device(args.device))
    outputs = worst(forms)
    ok = bool(outputs) and all(error.max_abs <= TOLERANCE for error in outputs)  # NaN is above it
    if args.json:
        answer = {
            "outputs": [error.as_json() for error in outputs],
            "tolerance": TOLERANCE,
            "ok": ok,
            "backend": "torch",
            "attentionForms": list(forms),
            "skippedForms": skipped,
        }
        print(json.dumps(answer))
    else:
        for error in outputs:
            print(f"{error.name:20} {error.max_abs:.3g}")
        print(f"{'within' if ok else 'ABOVE'} {TOLERANCE:g} on {', '.join(forms)}")
        for form, why in skipped.items():
            print(f"skipped {form}: {why}")
    return 0 if ok else EXIT_FAILED_CHECK


if __name__ == "__main__":
    finish(main)
