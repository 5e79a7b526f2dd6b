"""`merge:R`: global attention averages alike tokens before it attends, and hands each its group's answer.

    a later frame's patches   A s A s     A  anchor: always stays. So do the first frame's tokens and all special ones
                              s s s s     s  source: may join the anchor most like it, by the cosine of their keys
                              A s A s
                              s s s s     The share R of all tokens after the first frame joins, the most alike first.

The ONNX backend merges the very same tokens.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import UserError
from ..subject import Subject
from ..vggt.layers import Attend
from ..vggt.rope import TokenGrid
from .variant import Variant, within

COMPARED_AT_ONCE = 1 << 26
"""Similarities held at a time: 256 MB in fp32."""


@dataclass(frozen=True)
class Split:
    """Token indices of one group: those that stay for certain and those that may be merged."""

    anchors: Tensor
    sources: Tensor
    merged: int
    """How many sources join an anchor."""


def split(grid: TokenGrid, share: float, device: torch.device) -> Split:
    """Which tokens of a scene may merge. `merged` = share · tokens after frame 0, as far as there are so many."""
    row = torch.arange(grid.rows, device=device)[:, None] % 2
    col = torch.arange(grid.cols, device=device)[None, :] % 2
    special = torch.ones(grid.special, dtype=torch.bool, device=device)
    later = torch.cat([special, ((row == 0) & (col == 0)).flatten()])
    anchor = torch.cat([torch.ones_like(later), later.repeat(grid.frames - 1)])
    sources = (~anchor).nonzero().flatten()
    wanted = int(share * (grid.frames - 1) * grid.per_frame + 0.5)
    return Split(anchor.nonzero().flatten(), sources, min(wanted, sources.numel()))


def nearest(tokens: Tensor, anchors: Tensor) -> tuple[Tensor, Tensor]:
    """(cosine similarity, index) of each token's most similar anchor; [groups, n, d], [groups, m, d] → [groups, n]."""
    tokens = torch.nn.functional.normalize(tokens.float(), dim=-1)
    anchors = torch.nn.functional.normalize(anchors.float(), dim=-1).transpose(1, 2)
    step = max(1, COMPARED_AT_ONCE // (anchors.shape[0] * anchors.shape[2]))
    best = [(part @ anchors).max(dim=-1) for part in tokens.split(step, dim=1)]
    return torch.cat([b.values for b in best], dim=1), torch.cat([b.indices for b in best], dim=1)


def places(k: Tensor, parts: Split) -> tuple[Tensor, int]:
    """(for each token the slot it goes to, [groups, N]; number of slots). Anchors' slots come first.

    Tokens are compared by their keys, all heads side by side: keys say what attention will see of a token.
    """
    keys = k.transpose(1, 2).flatten(2)
    similarity, anchor = nearest(keys[:, parts.sources], keys[:, parts.anchors])
    order = similarity.argsort(dim=-1, descending=True, stable=True)
    joining, alone = order[:, : parts.merged], order[:, parts.merged :]
    slot = torch.empty(k.shape[0], k.shape[2], dtype=torch.long, device=k.device)
    slot[:, parts.anchors] = torch.arange(parts.anchors.numel(), device=k.device)
    slot.scatter_(1, parts.sources[joining], anchor.gather(1, joining))
    own = torch.arange(alone.shape[1], device=k.device) + parts.anchors.numel()
    slot.scatter_(1, parts.sources[alone], own.expand_as(alone))
    return slot, parts.anchors.numel() + alone.shape[1]


def mean_by_slot(x: Tensor, slot: Tensor, slots: int) -> Tensor:
    """x [groups, heads, N, d] → [groups, heads, slots, d]: the mean of the tokens that share a slot, in fp32."""
    index = slot[:, None, :, None].expand_as(x)
    sums = torch.zeros(*x.shape[:2], slots, x.shape[3], dtype=torch.float32, device=x.device)
    return sums.scatter_reduce(2, index, x.float(), reduce="mean", include_self=False)


def merging(inner: Attend, share: float) -> Attend:
    """Attention over slots instead of tokens: q, k and v are averaged by slot, the answer is copied back."""
    splits: dict[tuple[object, ...], Split] = {}

    def attend(q: Tensor, k: Tensor, v: Tensor, grid: TokenGrid | None) -> Tensor:
        if grid is None or not grid.whole or grid.frames == 1:
            return inner(q, k, v, grid)
        key = (grid.frames, grid.rows, grid.cols, grid.special, k.device)
        if key not in splits:
            splits[key] = split(grid, share, k.device)
        slot, slots = places(k, splits[key])
        out = inner(*(mean_by_slot(x, slot, slots) for x in (q, k, v)), grid)
        return out.gather(2, slot[:, None, :, None].expand(*out.shape[:2], -1, out.shape[3]))

    return attend


def apply(subject: Subject, parameter: str) -> None:
    """Wraps the attention of every global block."""
    try:
        share = float(parameter)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise UserError(f"variant merge:{parameter}: write the share of tokens to merge, between 0 and 1, as merge:0.5")
    subject.claim("global attention's tokens", "merge")
    for block in subject.model.aggregator.global_blocks:
        block.attn.attend = merging(block.attn.attend, share)


VARIANT = Variant(
    id="merge",
    parameter="R",
    changes="Before global attention, the share R of the tokens after the first frame joins the token most like it; "
    "the group attends as one. Changes the outputs wherever there is more than one frame.",
    apply=apply,
    tolerance=within(0.5),
)
