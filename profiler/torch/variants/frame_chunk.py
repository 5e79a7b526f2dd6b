"""`frame-chunk:N`: frame blocks on N frames at a time."""

from __future__ import annotations

import torch
from torch import Tensor

from ..subject import Subject
from ..vggt.aggregator import Aggregator, Scene
from .variant import Variant, whole_number


def run_frames_in_chunks(aggregator: Aggregator, step: int) -> None:
    """Replaces `run_frame`: `step` frames a call. Frames do not see each other there, so nothing changes."""

    def run_frame(i: int, x: Tensor, scene: Scene) -> Tensor:
        frames = x.flatten(0, 1)
        starts = range(0, frames.shape[0], step)
        block = aggregator.frame_blocks[i]
        return torch.cat([block(frames[g : g + step], scene.frame.groups(g, g + step)) for g in starts]).view_as(x)

    aggregator.run_frame = run_frame


def apply(subject: Subject, parameter: str) -> None:
    """Peak memory falls with N; the number of launches rises with S / N."""
    step = whole_number(parameter, "frame-chunk", 1)
    subject.claim("the frame blocks' batching", "frame-chunk")
    run_frames_in_chunks(subject.model.aggregator, step)


VARIANT = Variant(
    id="frame-chunk",
    parameter="N",
    changes="Each frame block runs on N frames at a time: less memory at once (the MLP holds four times the tokens), "
    "more launches.",
    apply=apply,
)
