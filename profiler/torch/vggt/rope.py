"""2-D rotary position embedding, and where each token of an attention group sits.

A head of d channels is cut in two: the first half turns with the token's row, the second with its column. Inside
a half of h channels, channel pair (k, k + h/2) turns by position · freq^(−2k/h):

    channels   0 …… h/2 …… h | h ……………… 2h
               └── by row ──┘ └ by column ┘
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class TokenGrid:
    """Where the tokens of equal attention groups sit. A frame block's group is one frame, a global block's a scene."""

    positions: Tensor
    """[groups, N, 2] int64, (row, column), from 1; special tokens are at (0, 0), which turns nothing."""
    frames: int
    """Frames in one group: N = frames · (special + rows · cols)."""
    rows: int
    cols: int
    special: int
    whole: bool
    """Whether a group is a whole scene, as in global attention."""

    @property
    def per_frame(self) -> int:
        """Tokens of one frame, special ones included."""
        return self.special + self.rows * self.cols

    @property
    def longest(self) -> int:
        """Distinct positions, 0 included: what `positions.max() + 1` gives, known without asking the device."""
        return max(self.rows, self.cols) + 1

    def groups(self, start: int, stop: int) -> TokenGrid:
        """The same grid for the groups start ≤ g < stop only."""
        return replace(self, positions=self.positions[start:stop])


def frame_positions(rows: int, cols: int, special: int, device: torch.device) -> Tensor:
    """[special + rows·cols, 2] int64 positions of one frame's tokens, patches row by row."""
    row = torch.arange(1, rows + 1, device=device)[:, None].expand(rows, cols)
    col = torch.arange(1, cols + 1, device=device)[None].expand(rows, cols)
    patches = torch.stack([row, col], dim=-1).flatten(0, 1)
    return torch.cat([torch.zeros(special, 2, dtype=torch.long, device=device), patches])


def rope_table(half: int, length: int, freq: float, like: Tensor) -> tuple[Tensor, Tensor]:
    """cos and sin, each [length, half], for positions 0 … length−1, in the type and on the device of `like`."""
    exponent = torch.arange(0, half, 2, device=like.device).float() / half
    angles = torch.arange(length, device=like.device).float()[:, None] * freq**-exponent
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos().to(like.dtype), angles.sin().to(like.dtype)


def rotate_half(x: Tensor) -> Tensor:
    """(a, b) → (−b, a) over the two halves of the last axis."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([-b, a], dim=-1)


class Rope(nn.Module):
    """As upstream has it: asks the device for the largest position on every call.

    That read-back is a device→host synchronisation: 2 a block (queries, keys), 96 in a forward of 24 pairs. It
    stays in the baseline because the baseline's launch pattern is what a profile of upstream shows; the variant
    `rope-nosync` takes it out.
    """

    def __init__(self, freq: float) -> None:
        super().__init__()
        self.freq = freq
        self.tables: dict[tuple[int, int, torch.device, torch.dtype], tuple[Tensor, Tensor]] = {}

    def forward(self, q: Tensor, k: Tensor, grid: TokenGrid) -> tuple[Tensor, Tensor]:
        """Turns q and k, each [groups, heads, N, d]."""
        return self.turn(q, grid), self.turn(k, grid)

    def length(self, grid: TokenGrid) -> int:
        """Rows the table needs. The read-back happens here."""
        return int(grid.positions.max()) + 1

    def turn(self, x: Tensor, grid: TokenGrid) -> Tensor:
        """Turns x [groups, heads, N, d], which may hold fewer groups' worth of heads but the same N."""
        half = x.shape[-1] // 2
        cos, sin = self.table(half, self.length(grid), x)
        by_row, by_col = x.chunk(2, dim=-1)
        turned = []
        for part, axis in ((by_row, 0), (by_col, 1)):
            place = grid.positions[..., axis]
            part_cos = nn.functional.embedding(place, cos)[:, None]
            part_sin = nn.functional.embedding(place, sin)[:, None]
            turned.append(part * part_cos + rotate_half(part) * part_sin)
        return torch.cat(turned, dim=-1)

    def table(self, half: int, length: int, like: Tensor) -> tuple[Tensor, Tensor]:
        """The cos/sin table, computed once per (width, length, device, type)."""
        key = (half, length, like.device, like.dtype)
        if key not in self.tables:
            self.tables[key] = rope_table(half, length, self.freq, like)
        return self.tables[key]
