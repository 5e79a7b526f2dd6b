"""What variants do to the operations a forward issues: their reason to be."""

import unittest
from collections import Counter

from tiny_run import TINY, images, subject
from torch.utils._python_dispatch import TorchDispatchMode


class Counting(TorchDispatchMode):
    """Counts ATen operations by name."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.counts[func.overloadpacket.__name__] += 1
        return func(*args, **(kwargs or {}))


def issued(variants: str = "", frames: int = 3) -> Counter[str]:
    """Operations of the second forward: tables are cached by then."""
    made = subject(variants)
    made.forward(images(frames))
    with Counting() as counting:
        made.forward(images(frames))
    return counting.counts


READ_BACK = "_local_scalar_dense"


class Launches(unittest.TestCase):
    def test_the_baseline_reads_back_from_the_device_four_times_a_pair(self) -> None:
        """q and k of a frame and a global block: 96 in the 24 pairs of the 1b model."""
        self.assertEqual(issued()[READ_BACK], 4 * TINY.depth)

    def test_without_the_read_back_nothing_else_changes(self) -> None:
        before, after = issued(), issued("rope-nosync")
        self.assertEqual(after[READ_BACK], 0)
        self.assertEqual(before["max"], 4 * TINY.depth)
        del before["max"], before[READ_BACK]
        self.assertEqual(+after, +before)

    def test_the_fused_rotation_issues_six_operations_a_block(self) -> None:
        after = issued("rope-fused")
        self.assertEqual(after[READ_BACK], 0)
        self.assertEqual(after["embedding"], 0)
        self.assertEqual(after["flip"] + after["addcmul"], 4 * 2 * TINY.depth)

    def test_a_call_per_frame_multiplies_the_frame_blocks_products(self) -> None:
        frame_products = 4 * TINY.depth
        self.assertEqual(issued("frame-seq")["addmm"] - issued()["addmm"], 2 * frame_products)
        self.assertEqual(issued("frame-chunk:2")["addmm"] - issued()["addmm"], frame_products)

    def test_without_the_point_head_its_convolutions_are_gone(self) -> None:
        self.assertLess(issued("no-point-head")["convolution"], issued()["convolution"])


if __name__ == "__main__":
    unittest.main()
