"""Fills a model: with seeded random numbers, or from a `.safetensors` file, tensor by tensor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from safetensors import safe_open

import torch
from torch import Tensor, nn

from .random_values import fill_uniform
from .vggt import VGGT, Config


def empty_model(config: Config, device: torch.device) -> VGGT:
    """A model on `device` whose weights are not set yet. Nothing is allocated twice: it is laid out on `meta` first."""
    with torch.device("meta"):
        model = VGGT(config)
    model.to_empty(device=device)
    model.aggregator.reset_constants()
    return model.eval()


def randomize(model: nn.Module, seed: int) -> None:
    """Seeded random weights, the same on every device and on the ONNX backend (see `random_values`)."""
    for name, tensor in model.state_dict().items():
        fill_uniform(tensor, name, seed, *spread(name, tensor))


def spread(name: str, tensor: Tensor) -> tuple[float, float]:
    """Centre and half-width of one parameter's uniform values; half-width is √3 times the standard deviation.

    Scaled so that every part of the model is heard in its outputs, and none drowns the rest: matrices keep a unit
    variance; LayerScale is 0.2 ± 0.1, where the published initial 0.01 would hide a broken block behind the
    identity; the last layer before an exponential is small, so that depths stay readable.
    """
    leaf = name.rsplit(".", 1)[-1]
    if leaf == "gamma":
        return 0.2, 0.1
    if "bias" in leaf:
        return 0.0, 0.02
    if leaf == "weight" and tensor.dim() == 1:
        return 1.0, 0.1
    if leaf in ("weight", "in_proj_weight"):
        transposed = "resize_layers.0" in name or "resize_layers.1" in name
        # A transposed convolution whose stride is its size adds up input channels only; the others all they cover.
        fan_in = tensor.shape[0] if transposed else tensor[0].numel()
        width = math.sqrt(3 / fan_in)
        return 0.0, 0.3 * width if name.endswith("output_conv2.2.weight") else width
    return 0.0, 0.5


@dataclass(frozen=True)
class Loaded:
    """What a weight file had and the model did not ask for, and the reverse."""

    unused: tuple[str, ...]
    unset: tuple[str, ...]


@torch.no_grad()
def load(model: nn.Module, path: Path) -> Loaded:
    """Copies a `.safetensors` file into the model, one tensor at a time.

    The track head may be missing on either side. Anything else missing or of another shape is a ValueError: a model
    with a part left random would measure right and compute wrong.
    """
    targets = model.state_dict()
    with safe_open(str(path), framework="pt") as file:
        names = set(file.keys())
        unset = tuple(sorted(n for n in targets if n not in names))
        wrong = [n for n in unset if not n.startswith("track_head.")]
        if wrong:
            raise ValueError(
                f"{path}: {len(wrong)} of {len(targets)} tensors missing, first {wrong[0]}: another model?"
            )
        for name in names & targets.keys():
            tensor = file.get_tensor(name)
            if tensor.shape != targets[name].shape:
                raise ValueError(
                    f"{path}: {name} is {list(tensor.shape)}, the model has {list(targets[name].shape)}: another model?"
                )
            targets[name].copy_(tensor)
    for name in unset:
        targets[name].zero_()
    return Loaded(unused=tuple(sorted(names - targets.keys())), unset=unset)
