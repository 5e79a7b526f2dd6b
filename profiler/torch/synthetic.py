"""Made-up input images, the same as the ONNX backend's for the same seed (`profiler/input/synthetic.ts`).

Each frame is a plane of two crossed waves that drifts from frame to frame, as a moving camera sees it, with a
brighter disc in front that moves twice as fast. With u = x/width, v = y/height, frame f, all else from the seed:

    0.5 + 0.2 sin 2π(k₁(u + d·f) + φ₁) + 0.2 sin 2π(k₂(v + d·f) + φ₂) + 0.2 inside the disc
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

MASK = 0xFFFFFFFF


def uniform(seed: int) -> Iterator[float]:
    """Numbers in [0, 1): Weyl steps of the golden ratio through murmur3's 32-bit finaliser."""
    state = seed & MASK
    while True:
        state = (state + 0x9E3779B9) & MASK
        mixed = ((state ^ (state >> 16)) * 0x85EBCA6B) & MASK
        mixed = ((mixed ^ (mixed >> 13)) * 0xC2B2AE35) & MASK
        yield (mixed ^ (mixed >> 16)) / 2**32


def synthetic_images(frames: int, height: int, width: int, seed: int) -> Tensor:
    """uint8 [frames, height, width, 3]; cut to 0…1 and rounded to 8 bits, as an image file would hold it."""
    draw = uniform(seed)
    channels = [([2 + 6 * next(draw), 2 + 6 * next(draw)], [next(draw), next(draw)]) for _ in range(3)]
    drift = 0.01 + 0.02 * next(draw)
    disc_u, disc_v, radius = 0.3 + 0.4 * next(draw), 0.3 + 0.4 * next(draw), 0.1 + 0.1 * next(draw)
    f = torch.arange(frames, dtype=torch.float64)[:, None, None]
    v = torch.arange(height, dtype=torch.float64)[None, :, None] / height
    u = torch.arange(width, dtype=torch.float64)[None, None, :] / width
    inside = torch.hypot(u - disc_u - 2 * drift * f, v - disc_v) < radius
    planes = []
    for (k1, k2), (phase1, phase2) in channels:
        waves = 0.2 * torch.sin(2 * math.pi * (k1 * (u + drift * f) + phase1))
        waves = waves + 0.2 * torch.sin(2 * math.pi * (k2 * (v + drift * f) + phase2))
        planes.append((0.5 + waves + 0.2 * inside).clamp(0, 1))
    return torch.stack(planes, dim=-1).mul(255).add(0.5).floor().to(torch.uint8)
