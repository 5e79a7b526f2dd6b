"""Random numbers that another program can make again: value i depends on (seed, name, i) and on nothing else.

    state = fnv1a32(name) xor (seed · 0x9E3779B9)                    all modulo 2³²
    u(i)  = lowbias32(state + i · 0x9E3779B9) >> 8, over 2²⁴         in [0, 1)
    value = (centre − width) + 2·width · u(i)                        in float64, rounded to float32 once

The ONNX backend draws its weights and images this way, so one seed is one model on every backend and device.
`lowbias32` is C. Wellons' 32-bit mixer (nullprogram.com/blog/2018/07/31, public domain).
"""

from __future__ import annotations

import torch
from torch import Tensor

GOLDEN = 0x9E3779B9
MASK = 0xFFFFFFFF
AT_ONCE = 1 << 22
"""Values per pass: 32 MB of int64, which stays in a CPU's cache no better than more, but bounds the memory."""


def fnv1a32(text: str) -> int:
    """Fowler, Noll and Vo's hash of the text's UTF-8 bytes."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & MASK
    return value


def mixed(start: int, count: int, state: int, device: torch.device) -> Tensor:
    """[count] int64: lowbias32 of state + i · GOLDEN for start ≤ i < start + count.

    int64 products wrap modulo 2⁶⁴; the low 32 bits, all that is kept, are right all the same.
    """
    x = torch.arange(start, start + count, device=device)
    x.mul_(GOLDEN).add_(state).bitwise_and_(MASK)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x.bitwise_xor_(x >> shift).mul_(factor).bitwise_and_(MASK)
    return x.bitwise_xor_(x >> 16)


@torch.no_grad()
def fill_uniform(tensor: Tensor, name: str, seed: int, centre: float, width: float) -> None:
    """Overwrites `tensor` with uniform values in [centre − width, centre + width), row-major."""
    state = (fnv1a32(name) ^ (seed * GOLDEN)) & MASK
    flat = tensor.view(-1)
    step = 2 * width / 2**24
    for at in range(0, flat.numel(), AT_ONCE):
        count = min(AT_ONCE, flat.numel() - at)
        values = (mixed(at, count, state, tensor.device) >> 8).double()
        flat[at : at + count] = values.mul_(step).add_(centre - width)
