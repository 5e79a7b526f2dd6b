"""Golden check: does the model give the recorded outputs for recorded weights and images?

    python -m profiler.torch.check_model DIR [--json] [--device cpu|cuda] [--seed N] [--variant IDS]

DIR holds config.json, weights.safetensors and io.safetensors (`images` and the outputs). The model runs once per
attention form; the error printed for an output is the worst of them. Exit 1 above the tolerance.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from safetensors.torch import load_file

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from .errors import EXIT_FAILED_CHECK, UserError, finish
from .outputs import OutputError, Outputs, compare, on_host
from .settings import choose_device
from .subject import Subject
from .variants import apply_all, parse
from .vggt import VGGT, Config
from .vggt.config import config_from
from .weights import empty_model, load, randomize

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


def read_golden(folder: Path) -> tuple[Config, Outputs]:
    """The folder's model and its recorded tensors. Where config.json states S, H and W, the images must have them."""
    path = existing(folder, "config.json")
    try:
        raw = json.loads(path.read_text())
        config = config_from(raw, str(path))
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: not JSON: {error}") from error
    except ValueError as error:
        raise UserError(str(error)) from error
    recorded = load_file(existing(folder, "io.safetensors"))
    if "images" not in recorded or recorded["images"].dim() != 5 or len(recorded) < 2:
        raise UserError(f"{folder}/io.safetensors: needs images [1, S, 3, H, W] and the outputs expected for them")
    _, frames, _, height, width = recorded["images"].shape
    for name, value in (("S", frames), ("H", height), ("W", width)):
        if raw.get(name, value) != value:
            raise UserError(f"{folder}: config.json says {name} {raw[name]}, the images of io.safetensors have {value}")
    return config, recorded


def existing(folder: Path, name: str) -> Path:
    """A file of the folder, or a UserError."""
    if not (folder / name).is_file():
        raise UserError(f"{folder}: no {name}; a golden folder has config.json, weights.safetensors, io.safetensors")
    return folder / name


def golden_model(folder: Path, config: Config, seed: int | None, device: torch.device) -> VGGT:
    """The model with the folder's weights, or random ones where a seed is given."""
    model = empty_model(config, device)
    if seed is not None:
        randomize(model, seed)
        return model
    try:
        load(model, existing(folder, "weights.safetensors"))
    except ValueError as error:
        raise UserError(str(error)) from error
    return model


def run_forms(
    model: VGGT, recorded: Outputs, device: torch.device
) -> tuple[dict[str, list[OutputError]], dict[str, str]]:
    """(errors by attention form, forms that could not run here and why)."""
    images = recorded["images"].to(device)
    expected = {name: tensor for name, tensor in recorded.items() if name != "images"}
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
        unknown = sorted(expected.keys() - outputs.keys())
        if unknown:
            raise UserError(f"io.safetensors: the model has no output {', '.join(unknown)}")
        done[form] = compare(outputs, expected)
    return done, skipped


def worst(forms: dict[str, list[OutputError]]) -> list[OutputError]:
    """Per output, the form with the largest error."""
    return [max(errors, key=lambda error: error.max_abs) for errors in zip(*forms.values(), strict=True)]


def main() -> int:
    """The program. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="check_model", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="cpu")
    parser.add_argument("--variant", default="", help="the outputs were recorded with these variants")
    parser.add_argument("--seed", type=int, help="random weights of this seed in place of weights.safetensors")
    args = parser.parse_args()
    device = choose_device(args.device)
    config, recorded = read_golden(args.folder)
    model = golden_model(args.folder, config, args.seed, device)
    apply_all(parse(args.variant), Subject(model, config, device, None))
    forms, skipped = run_forms(model, recorded, device)
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
