"""Attention, MLP, LayerScale and the block made of them, for image encoder, aggregator and camera head alike."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from .rope import Rope, TokenGrid

Attend = Callable[[Tensor, Tensor, Tensor, "TokenGrid | None"], Tensor]
"""(q, k, v, grid) → out, all [groups, heads, N, d]; the seam at which variants change attention itself.

`grid` says where the tokens sit; it is None in the image encoder and the camera head.
"""


def attend(q: Tensor, k: Tensor, v: Tensor, grid: TokenGrid | None) -> Tensor:
    """softmax(q kᵀ / √d) v, by whichever kernel PyTorch picks. Under autocast all three are cast to its type."""
    del grid
    return nn.functional.scaled_dot_product_attention(q, k, v)


class Attention(nn.Module):
    """Multi-head self-attention. qkv's output channels are ordered (3, heads, d)."""

    def __init__(self, dim: int, heads: int, qk_norm: bool = False, rope: Rope | None = None) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.q_norm = nn.LayerNorm(dim // heads) if qk_norm else nn.Identity()
        self.k_norm = nn.LayerNorm(dim // heads) if qk_norm else nn.Identity()
        self.proj = nn.Linear(dim, dim)
        self.rope = rope
        self.attend: Attend = attend

    def forward(self, x: Tensor, grid: TokenGrid | None = None) -> Tensor:
        """x [groups, N, dim] → [groups, N, dim]; `grid` is needed where there is a rope."""
        groups, n, dim = x.shape
        qkv = self.qkv(x).reshape(groups, n, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        q, k = self.q_norm(q), self.k_norm(k)
        if self.rope is not None and grid is not None:
            q, k = self.rope(q, k, grid)
        out = self.attend(q, k, v, grid)
        return self.proj(out.transpose(1, 2).reshape(groups, n, dim))


class Mlp(nn.Module):
    """Linear, exact (erf) GELU, Linear. The tanh form of GELU differs by 2e-4 and is not what the weights expect."""

    def __init__(self, dim: int, hidden: int, out: int | None = None) -> None:
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, out or dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.act(self.fc1(x)))


class LayerScale(nn.Module):
    """Multiplies each channel by a learned gain."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


class Block(nn.Module):
    """x += ls1·attention(norm1(x)); x += ls2·mlp(norm2(x)).

    Under autocast LayerNorm and the gains run in fp32, so the sum x stays fp32 through all blocks.
    `eps` is LayerNorm's: 1e-6 in the image encoder, 1e-5 everywhere else.
    """

    def __init__(
        self, dim: int, heads: int, eps: float = 1e-5, qk_norm: bool = False, rope: Rope | None = None
    ) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=eps)
        self.attn = Attention(dim, heads, qk_norm, rope)
        self.ls1 = LayerScale(dim)
        self.norm2 = nn.LayerNorm(dim, eps=eps)
        self.mlp = Mlp(dim, 4 * dim)
        self.ls2 = LayerScale(dim)

    def forward(self, x: Tensor, grid: TokenGrid | None = None) -> Tensor:
        """x [groups, N, dim] → the same shape."""
        x = x + self.ls1(self.attn(self.norm1(x), grid))
        return x + self.ls2(self.mlp(self.norm2(x)))
