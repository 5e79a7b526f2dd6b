"""What several of these tests need: the tiny model with seeded weights, images, and a run with variants."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from profiler.torch.inputs import to_device
from profiler.torch.outputs import OutputError, Outputs, compare, on_host
from profiler.torch.subject import Subject
from profiler.torch.synthetic import synthetic_images
from profiler.torch.variants import apply_all, parse
from profiler.torch.vggt import CONFIGS, Config
from profiler.torch.weights import empty_model, randomize

CPU = torch.device("cpu")
TINY = CONFIGS["tiny"]
ODD = replace(TINY, embed_dim=48, num_heads=3, depth=6, dpt_layers=(0, 2, 3, 5), vit_heads=2, num_register_tokens=2)
"""Another configuration: not every layer is read, heads of 16 and 24, two registers."""


def images(frames: int = 3, height: int = 56, width: int = 70) -> Tensor:
    """[1, S, 3, H, W]: more columns than rows, so that swapped axes show."""
    return to_device(synthetic_images(frames, height, width, 5), CPU)


def subject(variants: str = "", config: Config = TINY, precision: torch.dtype | None = None) -> Subject:
    """A freshly built model with these variants."""
    model = empty_model(config, CPU)
    randomize(model, 3)
    made = Subject(model, config, CPU, precision)
    apply_all(parse(variants), made)
    return made


def outputs(
    variants: str = "", frames: int = 3, config: Config = TINY, precision: torch.dtype | None = None
) -> Outputs:
    """One forward's outputs."""
    return on_host(subject(variants, config, precision).forward(images(frames)))


def errors(
    variants: str, frames: int = 3, config: Config = TINY, precision: torch.dtype | None = None
) -> list[OutputError]:
    """A variant's outputs against the unmodified model's."""
    return compare(outputs(variants, frames, config, precision), outputs("", frames, config, precision))
