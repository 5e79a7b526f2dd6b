"""`rope-fused`: RoPE as one table, three operations each for q and k instead of seventeen."""

from __future__ import annotations

import torch
from torch import Tensor

from ..vggt.rope import Rope, TokenGrid, frame_positions, rope_table
from .rope_nosync import use_rope
from .variant import Variant


class TableRope(Rope):
    """x·cos + swapped(x)·sin with whole-head tables, gathered once per image size.

    In quarters of a head, (row₁ row₂ | col₁ col₂): swapped is (row₂ row₁ | col₂ col₁), and sin carries the minus
    of the rotation, (−, +, −, +). The table is one frame's; a scene's is that frame's repeated.
    """

    def __init__(self, freq: float) -> None:
        super().__init__(freq)
        self.flat: dict[tuple[object, ...], tuple[Tensor, Tensor]] = {}

    def turn(self, x: Tensor, grid: TokenGrid) -> Tensor:
        quarter = x.shape[-1] // 4
        cos, sin = self.flat_table(4 * quarter, grid, x)
        swapped = x.unflatten(-1, (2, 2, quarter)).flip(-2).flatten(-3)
        return torch.addcmul(x * cos, swapped, sin)

    def flat_table(self, width: int, grid: TokenGrid, like: Tensor) -> tuple[Tensor, Tensor]:
        """cos and signed sin, each [N, width], N tokens of one group."""
        key = (width, grid.frames, grid.rows, grid.cols, grid.special, like.device, like.dtype)
        if key not in self.flat:
            half, quarter = width // 2, width // 4
            cos, sin = rope_table(half, grid.longest, self.freq, like)
            sin = sin * torch.tensor([-1.0, 1.0], device=like.device, dtype=like.dtype).repeat_interleave(quarter)
            place = frame_positions(grid.rows, grid.cols, grid.special, like.device)
            flat = (table[place].flatten(1).repeat(grid.frames, 1) for table in (cos, sin))
            self.flat[key] = tuple(flat)
        return self.flat[key]


VARIANT = Variant(
    id="rope-fused",
    changes="RoPE as one cached table per image size: 6 operations a block instead of 34, and no read-back.",
    apply=lambda subject, _: use_rope(subject, "rope-fused", TableRope(subject.config.rope_freq)),
)
