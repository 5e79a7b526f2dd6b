"""Rotations: what they leave alone, what they depend on, and that every form of them is the same."""

import unittest

import torch
from tiny_run import CPU
from torch import Tensor

from profiler.torch.variants.rope_fused import TableRope
from profiler.torch.variants.rope_nosync import HostRope
from profiler.torch.vggt.rope import Rope, TokenGrid, frame_positions

ROWS, COLS, SPECIAL, WIDTH = 3, 5, 2, 16


def grid(frames: int = 1) -> TokenGrid:
    """A grid with more columns than rows."""
    one = frame_positions(ROWS, COLS, SPECIAL, CPU)
    return TokenGrid(one.repeat(frames, 1)[None], frames, ROWS, COLS, SPECIAL, whole=True)


def turned(rope: Rope, x: Tensor, frames: int = 1) -> Tensor:
    """x [N, WIDTH] turned as one group of one head."""
    return rope(x[None, None], x[None, None], grid(frames))[0][0, 0]


class Rotations(unittest.TestCase):
    def test_special_tokens_are_not_turned(self) -> None:
        x = torch.randn(grid().per_frame, WIDTH)
        self.assertTrue(torch.equal(turned(Rope(100), x)[:SPECIAL], x[:SPECIAL]))

    def test_the_first_half_turns_by_row_and_the_second_by_column(self) -> None:
        x = torch.ones(grid().per_frame, WIDTH)
        out = turned(Rope(100), x)[SPECIAL:].view(ROWS, COLS, 2, WIDTH // 2)
        self.assertTrue(torch.equal(out[:, :1, 0].expand(-1, COLS, -1), out[:, :, 0]))
        self.assertTrue(torch.equal(out[:1, :, 1].expand(ROWS, -1, -1), out[:, :, 1]))
        angle = torch.tensor(2.0)  # row 1 of 0… is position 2; the fastest frequency is 1 radian a position
        self.assertAlmostEqual(out[1, 0, 0, 0].item(), (angle.cos() - angle.sin()).item(), places=6)

    def test_products_depend_on_the_distance_alone(self) -> None:
        q, k = torch.randn(2, WIDTH, dtype=torch.float64)
        n = grid().per_frame
        product = turned(Rope(100), q.expand(n, -1)) @ turned(Rope(100), k.expand(n, -1)).T
        at = lambda row, col: SPECIAL + row * COLS + col
        self.assertAlmostEqual(product[at(0, 0), at(1, 2)].item(), product[at(1, 2), at(2, 4)].item(), places=5)
        self.assertGreater(abs(product[at(0, 0), at(1, 2)] - product[at(1, 2), at(0, 0)]).item(), 1e-3)

    def test_every_form_turns_alike(self) -> None:
        for frames in (1, 3):
            x = torch.randn(frames * grid().per_frame, WIDTH)
            expected = turned(Rope(100), x, frames)
            self.assertTrue(torch.equal(turned(HostRope(100), x, frames), expected))
            self.assertLess((turned(TableRope(100), x, frames) - expected).abs().max().item(), 1e-6)


if __name__ == "__main__":
    unittest.main()
