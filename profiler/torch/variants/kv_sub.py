"""`kv-sub:R`: global attention sees every R-th diagonal of patches as keys and values."""

from __future__ import annotations

import torch
from torch import Tensor

from ..subject import Subject
from ..vggt.layers import Attend
from ..vggt.rope import TokenGrid
from .variant import Variant, whole_number, within


def kept(grid: TokenGrid, ratio: int, device: torch.device) -> Tensor:
    """Indices of the tokens that stay keys: all special ones, and patches with (row + column) a multiple of `ratio`.

    Diagonals rather than every R-th row, so that no row and no column is blind. ratio 2:   × · × ·
                                                                                          · × · ×
    """
    row = torch.arange(grid.rows, device=device)[:, None]
    col = torch.arange(grid.cols, device=device)[None, :]
    patches = ((row + col) % ratio == 0).flatten()
    frame = torch.cat([torch.ones(grid.special, dtype=torch.bool, device=device), patches])
    return frame.repeat(grid.frames).nonzero().flatten()


def subsampled(inner: Attend, ratio: int) -> Attend:
    """Attention with fewer keys; every token still asks. The index is worked out once per image size."""
    indices: dict[tuple[object, ...], Tensor] = {}

    def attend(q: Tensor, k: Tensor, v: Tensor, grid: TokenGrid | None) -> Tensor:
        if grid is None or not grid.whole:
            return inner(q, k, v, grid)
        key = (grid.frames, grid.rows, grid.cols, grid.special, k.device)
        if key not in indices:
            indices[key] = kept(grid, ratio, k.device)
        return inner(q, k.index_select(2, indices[key]), v.index_select(2, indices[key]), grid)

    return attend


def apply(subject: Subject, parameter: str) -> None:
    """Wraps the attention of every global block."""
    ratio = whole_number(parameter, "kv-sub", 2)
    subject.claim("global attention's tokens", "kv-sub")
    for block in subject.model.aggregator.global_blocks:
        block.attn.attend = subsampled(block.attn.attend, ratio)


VARIANT = Variant(
    id="kv-sub",
    parameter="R",
    changes="Global attention's keys and values are the special tokens and every R-th diagonal of each frame's "
    "patches: the quadratic part costs 1/R. Changes the outputs.",
    apply=apply,
    tolerance=within(1.0),
)
