"""What a person asks of a run, from the command line."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import torch

from .errors import EXIT_TOOL_MISSING, UserError
from .subject import Subject
from .variants import Chosen, apply_all, input_size, parse
from .vggt import CONFIGS, VGGT, Config
from .vggt.config import config_from

DEFAULT_SIZE = {"tiny": (56, 70), "small": (294, 392), "1b": (350, 518)}
"""(height, width) in px; 350 × 518 is what the published H100 table was measured at."""
PRECISIONS = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Settings:
    """One run, checked: sizes fit the patch, the device is there, the variants exist on it."""

    model: str
    config: Config
    weights: Path | None
    seed: int
    device: torch.device
    precision: str
    """auto (as upstream's documentation), fp32, bf16 or fp16."""
    frames: int
    height: int
    width: int
    images: str
    variants: list[Chosen]
    iterations: int
    """Timed without a profiler."""
    captured: int
    """Recorded by the profiler, after those."""
    warmup: int
    profiler: str
    aggregator_only: bool
    implementation: str
    threads: int
    compared: bool
    """Whether the unmodified model runs, too."""
    reference: Path | None
    """Folder the unmodified model's outputs are kept in between runs."""
    out: Path

    @property
    def variant_name(self) -> str:
        """`a,b:2`, or `baseline`."""
        return ",".join(one.text for one in self.variants) or "baseline"


def parser() -> argparse.ArgumentParser:
    """The command line. Every flag that takes a number with a unit says it in its help."""
    p = argparse.ArgumentParser(prog="profiler.torch.run", description="One measured run of VGGT in PyTorch.")
    p.add_argument("--model", default="tiny", help=f"{', '.join(CONFIGS)}; any name with --config")
    p.add_argument("--config", type=Path, help="a config.json with the model's sizes")
    p.add_argument("--weights", type=Path, help="a .safetensors file with the official names; random weights without")
    p.add_argument("--seed", type=int, default=0, help="of random weights and synthetic images")
    p.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    p.add_argument("--precision", choices=["auto", *PRECISIONS], default="auto",
                   help="what autocast computes in; auto: as upstream (bf16 or fp16 on CUDA, fp32 on a CPU)")  # fmt: skip
    p.add_argument("--frames", type=int, default=2)
    p.add_argument("--height", type=int, help="px")
    p.add_argument("--width", type=int, help="px")
    p.add_argument(
        "--input", default="synthetic", help="synthetic, a folder of pictures, or a file of RGB bytes (.rgb)"
    )
    p.add_argument("--variant", default="", help="ids joined by commas; see --list-variants")
    p.add_argument("--iterations", type=int, default=3, help="timed without a profiler; 0: none")
    p.add_argument("--captured", type=int, help="recorded by the profiler, after those; as many, at least 1")
    p.add_argument("--warmup", type=int, default=2)
    p.add_argument("--profiler", choices=["kineto", "nsys", "none"], default="kineto",
                   help="nsys: this program runs under `nsys profile --capture-range=cudaProfilerApi`")  # fmt: skip
    p.add_argument("--parts", choices=["all", "aggregator"], default="all",
                   help="aggregator: without any head, as the published H100 table")  # fmt: skip
    p.add_argument("--implementation", choices=["auto", "own", "official"], default="auto",
                   help="auto: the official vggt package for the unmodified 1b model where it is importable")  # fmt: skip
    p.add_argument("--threads", type=int, default=0, help="of one operator on a CPU; 0: PyTorch's choice")
    p.add_argument("--no-reference", action="store_true", help="do not run the unmodified model to compare outputs")
    p.add_argument("--reference", type=Path, help="folder to keep the unmodified model's outputs in between runs")
    p.add_argument("--out", type=Path, default=Path("capture"), help="folder for capture.json and the trace")
    p.add_argument("--list-variants", action="store_true")
    p.add_argument("--json", action="store_true", help="print one JSON document")
    return p


def checked(args: argparse.Namespace) -> Settings:
    """UserError for whatever cannot be."""
    if args.config is None and args.model not in CONFIGS:
        raise UserError(f"--model {args.model}: not one of {', '.join(CONFIGS)}; another one needs --config")
    config = read_config(args.config) if args.config else CONFIGS[args.model]
    device = choose_device(args.device)
    variants = parse(args.variant)
    rehearse(variants, config, device)
    default = DEFAULT_SIZE.get(args.model, DEFAULT_SIZE["1b"])
    height, width = input_size(variants, (args.height or default[0], args.width or default[1]))
    for name, side in (("height", height), ("width", width)):
        if side < config.patch_size or side % config.patch_size:
            nearest = max(config.patch_size, round(side / config.patch_size) * config.patch_size)
            raise UserError(
                f"--{name} {side}: not a multiple of the patch, {config.patch_size} px; {nearest} is the nearest"
            )
    captured = max(1, args.iterations) if args.captured is None else args.captured
    least = {"frames": (args.frames, 1), "captured": (captured, 1), "iterations": (args.iterations, 0),
             "warmup": (args.warmup, 0), "threads": (args.threads, 0)}  # fmt: skip
    for name, (value, lowest) in least.items():
        if value < lowest:
            raise UserError(f"--{name} {value}: {lowest} or more")
    if args.weights is not None and not args.weights.is_file():
        raise UserError(f"{args.weights}: no such file; give the path of a .safetensors file")
    return Settings(
        model=args.model, config=config, weights=args.weights, seed=args.seed, device=device, precision=args.precision,
        frames=args.frames, height=height, width=width, images=args.input, variants=variants,
        iterations=args.iterations, captured=captured, warmup=args.warmup, profiler=args.profiler,
        aggregator_only=args.parts == "aggregator", implementation=args.implementation, threads=args.threads,
        compared=not args.no_reference, reference=args.reference, out=args.out,
    )  # fmt: skip


def rehearse(variants: list[Chosen], config: Config, device: torch.device) -> None:
    """Applies the variants to a model without values: what is wrong with them is told before minutes of loading."""
    with torch.device("meta"):
        model = VGGT(config)
    apply_all(variants, Subject(model, config, device, None))


def choose_device(name: str) -> torch.device:
    """auto takes CUDA where there is a GPU."""
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        reason = "this PyTorch was built without CUDA" if torch.version.cuda is None else "PyTorch sees no GPU"
        raise UserError(f"--device cuda: {reason}; --device cpu works without", EXIT_TOOL_MISSING)
    return torch.device("cuda" if name == "cuda" or (name == "auto" and available) else "cpu")


def read_config(path: Path) -> Config:
    """A config.json as beside a set of weights."""
    try:
        return config_from(json.loads(path.read_text()), str(path))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: {error}" if isinstance(error, OSError) else str(error)) from error
