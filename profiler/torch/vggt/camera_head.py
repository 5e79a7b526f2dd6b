"""The camera head: from each frame's camera token to its pose, refined in a few rounds."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .config import Config
from .layers import Block, Mlp

POSE = 9
"""Translation (3), rotation quaternion XYZW (4), vertical and horizontal field of view in radians (2)."""


class CameraHead(nn.Module):
    """Tokens of the last pair [B, S, P, 2C] → pose encodings [B, S, 9], one per round; the last is the answer."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        dim = 2 * config.embed_dim
        self.rounds = config.cam_iters
        self.trunk = nn.Sequential(*[Block(dim, config.cam_heads) for _ in range(config.cam_trunk_depth)])
        self.token_norm = nn.LayerNorm(dim)
        self.trunk_norm = nn.LayerNorm(dim)
        self.empty_pose_tokens = nn.Parameter(torch.zeros(1, 1, POSE))
        self.embed_pose = nn.Linear(POSE, dim)
        self.poseLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(dim, 3 * dim))
        self.adaln_norm = nn.LayerNorm(dim, eps=1e-6, elementwise_affine=False)
        self.pose_branch = Mlp(dim, dim // 2, POSE)

    def forward(self, tokens: Tensor) -> list[Tensor]:
        camera = self.token_norm(tokens[:, :, 0])
        pose: Tensor | None = None
        rounds = []
        for _ in range(self.rounds):
            seen = self.empty_pose_tokens.expand(*camera.shape[:2], -1) if pose is None else pose
            shift, scale, gate = self.poseLN_modulation(self.embed_pose(seen)).chunk(3, dim=-1)
            z = gate * (self.adaln_norm(camera) * (1 + scale) + shift) + camera
            delta = self.pose_branch(self.trunk_norm(self.trunk(z)))
            pose = delta if pose is None else pose + delta
            rounds.append(torch.cat([pose[..., :7], nn.functional.relu(pose[..., 7:])], dim=-1))
        return rounds
