"""`cudagraph`: the aggregator as one recorded graph, replayed, instead of thousands of launches."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ..subject import Subject
from .variant import CUDA_ONLY, Variant

EAGER_RUNS = 3
"""Calls before recording, on a side stream: libraries set themselves up and tables are cached."""

Layers = list[Tensor | None]


class Replay:
    """Records `forward` on its first call; later calls copy the images in, replay, and hand out the same buffers."""

    def __init__(self, forward: Callable[[Tensor], Layers]) -> None:
        self.forward = forward
        self.graph = torch.cuda.CUDAGraph()
        self.images: Tensor | None = None
        self.layers: Layers = []

    def __call__(self, images: Tensor) -> Layers:
        if self.images is None:
            self.images = self.record(images)
        self.images.copy_(images)
        self.graph.replay()
        return self.layers

    def record(self, images: Tensor) -> Tensor:
        """Runs eagerly on a side stream, then records. Returns the buffer a replay reads its images from."""
        own = images.clone()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(EAGER_RUNS):
                self.forward(own)
        torch.cuda.current_stream().wait_stream(side)
        # Autocast keeps cast weights until its block ends. One cast before the recording would be freed there while
        # every replay goes on reading it; so the recording makes its own, in the graph's memory.
        torch.clear_autocast_cache()
        with torch.cuda.graph(self.graph):
            self.layers = self.forward(own)
        torch.clear_autocast_cache()
        return own


def apply(subject: Subject, _: str) -> None:
    """Around the aggregator. Its phases' ranges exist while recording only: a replay is one range, `Aggregator`."""
    subject.claim("the aggregator's launching", "cudagraph")
    aggregator = subject.model.aggregator
    aggregator.forward = Replay(aggregator.forward)
    subject.aggregator_range = "Aggregator"


VARIANT = Variant(
    id="cudagraph",
    changes="The aggregator is recorded once and replayed as one CUDA graph: one launch in place of thousands. Its "
    "phases are not visible inside a replay.",
    apply=apply,
    devices=CUDA_ONLY,
    needs=("rope-nosync", "rope-fused"),
)
