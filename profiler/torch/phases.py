"""Puts a range around every phase of a model: the names an analysis groups by."""

from __future__ import annotations

from torch import nn

from .ranges import Ranges, within_range
from .subject import Subject

PHASES = {
    "aggregator.patch_embed": "Patch_Embedding",
    "camera_head": "Camera_Head",
    "depth_head": "Depth_Head",
    "point_head": "Point_Head",
}
"""Submodules that are a phase each. Frame and global blocks are phases by what they are called for, see below."""


def mark_phases(subject: Subject, ranges: Ranges) -> None:
    """Ranges around the phases of our model, whatever variants put in their places.

    A frame step is `Frame_Attention` even where it loops over frames, a global step `Global_Attention` even where a
    variant keeps it inside each frame: the phase says where in the model, not how it was computed.
    """
    aggregator = subject.model.aggregator
    aggregator.embed = within_range(ranges, "Patch_Embedding", aggregator.embed)
    aggregator.run_frame = within_range(ranges, "Frame_Attention", aggregator.run_frame)
    aggregator.run_global = within_range(ranges, "Global_Attention", aggregator.run_global)
    if subject.aggregator_range is not None:
        aggregator.forward = within_range(ranges, subject.aggregator_range, aggregator.forward)
    for name in ("camera_head", "depth_head", "point_head"):
        head = getattr(subject.model, name)
        if head is not None:
            head.forward = within_range(ranges, PHASES[name], head.forward)


def mark_modules(model: nn.Module, ranges: Ranges) -> None:
    """Ranges by hooks, for a model whose code is not ours: the official package's, which has the same submodules."""
    for name, module in model.named_modules():
        owner, _, last = name.rpartition(".")
        phase = PHASES.get(name)
        if owner == "aggregator.frame_blocks" and last.isdigit():
            phase = "Frame_Attention"
        elif owner == "aggregator.global_blocks" and last.isdigit():
            phase = "Global_Attention"
        if phase is not None:
            module.register_forward_pre_hook(lambda _module, _args, phase=phase: ranges.push(phase))
            module.register_forward_hook(lambda _module, _args, _out: ranges.pop())
