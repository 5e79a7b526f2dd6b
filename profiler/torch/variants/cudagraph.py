"""`cudagraph`: one recorded graph replayed instead of thousands of launches."""

from __future__ import annotations

import torch
from torch import Tensor

from ..subject import Forward, Outputs, Subject
from .variant import CUDA_ONLY, Variant

EAGER_RUNS = 3
"""Calls before recording, on the recording's stream: libraries set themselves up and caches fill."""


class Replay:
    """Records `forward` on its first call; later calls copy the input in, replay, and hand out the same buffers."""

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        self.graph: torch.cuda.CUDAGraph | None = None
        self.images: Tensor | None = None
        self.outputs: Outputs = {}

    def __call__(self, images: Tensor) -> Outputs:
        if self.images is None:
            self.record(images)
        assert self.images is not None and self.graph is not None
        self.images.copy_(images)
        self.graph.replay()
        return self.outputs

    def record(self, images: Tensor) -> None:
        """Runs eagerly on a side stream, then records."""
        self.images = images.clone()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(EAGER_RUNS):
                self.forward(self.images)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.outputs = self.forward(self.images)


def apply(subject: Subject, _: str) -> None:
    """Around the whole forward. Ranges inside exist while recording only: a replay shows kernels, no phases."""
    subject.claim("the launching", "cudagraph")
    subject.forward = Replay(subject.forward)


VARIANT = Variant(
    id="cudagraph",
    changes="The forward is recorded once and replayed as one CUDA graph: one launch. Phases are not visible inside.",
    apply=apply,
    devices=CUDA_ONLY,
    needs=("rope-nosync", "rope-fused"),
)
