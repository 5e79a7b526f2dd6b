"""The H100 table's text: what stands beside the published numbers and what may not."""

import unittest

from profiler.torch.published import FRAMES, GIGABYTES, SECONDS, comparable
from profiler.torch.table_text import Row, text


class Table(unittest.TestCase):
    def test_only_the_same_model_size_and_gpu_stand_beside_the_published_numbers(self) -> None:
        self.assertEqual(comparable("1b", 350, 518, {"gpu": "NVIDIA H100 80GB HBM3"}), "")
        self.assertIn("this ran on NVIDIA H200", comparable("1b", 350, 518, {"gpu": "NVIDIA H200"}))
        self.assertIn("tiny at 56×70", comparable("tiny", 56, 70, {"gpu": "NVIDIA H100"}))

    def test_a_row_shows_its_ratio_only_where_it_is_comparable(self) -> None:
        row = Row(8, "baseline", 0.22, 3_000_000_000, 0.0, same=True, kept=True, comparable=True, trace_bytes=4_000_000)
        shown = "| 8 | baseline | 220 ms | 0.11 s | 2.00 | 3.00 GB | 3.23 GB | 0 | within | 4.00 MB (over the limit) |"
        self.assertIn(shown, text([row], []))
        self.assertIn("| 220 ms |  |  | 3.00 GB |  |", text([Row(**{**vars(row), "comparable": False})], []))

    def test_the_best_run_with_the_same_outputs_is_named(self) -> None:
        base = Row(1, "baseline", 0.09, 1, 0.0, same=True, kept=True)
        fast = Row(1, "rope-fused", 0.03, 1, 0.0, same=True, kept=True)
        faster_but_other = Row(1, "kv-sub:2", 0.01, 1, 0.1, same=False, kept=True)
        faster_but_failed = Row(1, "keep4", 0.01, 1, 0.1, same=True, kept=False)
        written = text([base, fast, faster_but_other, faster_but_failed], [])
        self.assertIn("1 frames: `rope-fused`, 3.00× the unmodified model's speed", written)
        self.assertIn("| FAILED |", written)

    def test_a_row_that_did_not_run_says_why(self) -> None:
        row = Row(50, "compile", problem="not run: time budget")
        self.assertIn("| 50 | compile | not run: time budget |", text([row], []))

    def test_every_row_asked_for_is_published(self) -> None:
        self.assertTrue(set(FRAMES) <= SECONDS.keys() == GIGABYTES.keys())


if __name__ == "__main__":
    unittest.main()
