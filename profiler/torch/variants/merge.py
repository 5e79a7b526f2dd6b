"""`merge:R`: global attention averages alike tokens before it attends, and hands each its group's answer.

    a later frame's patches   D s D s     D  destinations: these, and all patches of the first frame
                              s s s s     s  sources: the share R of them most like some destination joins it,
                              D s D s        the rest attend on their own
                              s s s s     Special tokens attend on their own.

The ONNX backend merges the very same tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import UserError
from ..subject import Subject
from ..vggt.layers import Asked, Attend
from ..vggt.rope import TokenGrid
from .variant import Variant, within

COMPARED_AT_ONCE = 1 << 26
"""Similarities held at a time: 256 MB in fp32."""


@dataclass(frozen=True)
class Kinds:
    """Indices of a scene's tokens by what may happen to them, each ascending."""

    special: Tensor
    sources: Tensor
    destinations: Tensor


def kinds(grid: TokenGrid, device: torch.device) -> Kinds:
    """Which tokens may merge, and into which."""
    index = torch.arange(grid.frames * grid.per_frame, device=device)
    patch = index % grid.per_frame - grid.special
    corner = (patch // grid.cols % 2 == 0) & (patch % grid.cols % 2 == 0)
    destination = (patch >= 0) & ((index < grid.per_frame) | corner)
    return Kinds(index[patch < 0], index[(patch >= 0) & ~destination], index[destination])


def nearest(sources: Tensor, destinations: Tensor) -> tuple[Tensor, Tensor]:
    """(cosine, index) of each source's most similar destination; [groups, n, C], [groups, m, C] → [groups, n] each."""
    unit: Callable[[Tensor], Tensor] = lambda x: torch.nn.functional.normalize(x.float(), dim=-1)
    across = unit(destinations).transpose(1, 2)
    step = max(1, COMPARED_AT_ONCE // (across.shape[0] * across.shape[2]))
    best = [(part @ across).max(dim=-1) for part in unit(sources).split(step, dim=1)]
    return torch.cat([b.values for b in best], dim=1), torch.cat([b.indices for b in best], dim=1)


def slots_of(x: Tensor, kind: Kinds, merged: int) -> tuple[Tensor, int]:
    """(the slot each token goes to, [groups, N]; number of slots): special, destinations, sources left alone."""
    cosine, target = nearest(x[:, kind.sources], x[:, kind.destinations])
    order = cosine.argsort(dim=-1, descending=True, stable=True)
    joining, alone = order[:, :merged], order[:, merged:]
    first = kind.special.numel()
    second = first + kind.destinations.numel()
    slot = torch.empty(x.shape[:2], dtype=torch.long, device=x.device)
    slot[:, kind.special] = torch.arange(first, device=x.device)
    slot[:, kind.destinations] = torch.arange(first, second, device=x.device)
    slot.scatter_(1, kind.sources[joining], first + target.gather(1, joining))
    own = torch.arange(second, second + alone.shape[1], device=x.device)
    slot.scatter_(1, kind.sources[alone], own.expand_as(alone))
    return slot, second + alone.shape[1]


def mean_by_slot(x: Tensor, slot: Tensor, slots: int) -> Tensor:
    """x [groups, heads, N, d] → [groups, heads, slots, d]: the mean of the tokens that share a slot, in fp32."""
    index = slot[:, None, :, None].expand_as(x)
    sums = torch.zeros(*x.shape[:2], slots, x.shape[3], dtype=torch.float32, device=x.device)
    return sums.scatter_reduce(2, index, x.float(), reduce="mean", include_self=False)


def merging(inner: Attend, share: float) -> Attend:
    """Attention over slots instead of tokens: q, k and v are averaged by slot, the answer is copied back."""
    known: dict[tuple[object, ...], Kinds] = {}

    def attend(q: Tensor, k: Tensor, v: Tensor, asked: Asked) -> Tensor:
        grid = asked.grid
        if grid is None or not grid.whole or grid.frames == 1:
            return inner(q, k, v, asked)
        key = (grid.frames, grid.rows, grid.cols, grid.special, k.device)
        if key not in known:
            known[key] = kinds(grid, k.device)
        slot, slots = slots_of(asked.x, known[key], int(known[key].sources.numel() * share))
        out = inner(*(mean_by_slot(x, slot, slots) for x in (q, k, v)), asked)
        return out.gather(2, slot[:, None, :, None].expand(*out.shape[:2], -1, out.shape[3]))

    return attend


def apply(subject: Subject, parameter: str) -> None:
    """Wraps the attention of every global block."""
    try:
        share = float(parameter)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise UserError(f"variant merge:{parameter}: write the share to merge, above 0 and up to 1, as merge:0.5")
    subject.claim("global attention's tokens", "merge")
    for block in subject.model.aggregator.global_blocks:
        block.attn.attend = merging(block.attn.attend, share)


VARIANT = Variant(
    id="merge",
    parameter="R",
    changes="Global attention averages the share R of the patches that are neither in the first frame nor a corner of "
    "a 2×2 cell into the patches most like them. Changes the outputs wherever there is more than one frame.",
    apply=apply,
    tolerance=within(0.5),
)
