"""The official `vggt` package, where it is installed: the unmodified model is then the published code itself."""

from __future__ import annotations

import torch
from torch import nn

from .subject import Subject

OUTPUTS = ("pose_enc", "depth", "depth_conf", "world_points", "world_points_conf")


def build_official(device: torch.device) -> nn.Module | None:
    """The package's 1b model on `device`, weights not set; None where the package is not importable."""
    try:
        from vggt.models.vggt import VGGT as Official
    except ImportError:
        return None
    return Official().to(device).eval()


def call_official(subject: Subject, images: torch.Tensor) -> dict[str, torch.Tensor]:
    """What `Subject.plain_forward` is for our model: same autocast, same output names."""
    with torch.no_grad(), subject.autocast():
        if not subject.aggregator_only:
            predictions = subject.model(images)
            return {name: predictions[name] for name in OUTPUTS if name in predictions}
        layers, _ = subject.model.aggregator(images)
        return {f"layer_{i}": layers[i] for i in subject.config.dpt_layers}
