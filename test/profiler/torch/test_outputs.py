"""Errors of outputs, and the promise they are held to."""

import math
import unittest
from unittest import mock

import torch

from profiler.torch import outputs
from profiler.torch.outputs import compare, compare_one
from profiler.torch.variants.variant import EXACT, within


class Errors(unittest.TestCase):
    def test_an_error_is_told_in_three_measures(self) -> None:
        error = compare_one("x", torch.tensor([1.0, 2.0, 3.5]), torch.tensor([1.0, 2.0, 3.0]))
        self.assertEqual(error.max_abs, 0.5)
        self.assertAlmostEqual(error.scaled, 0.5 / 3)
        self.assertAlmostEqual(error.relative, math.sqrt(0.25 / 3) / math.sqrt(2 / 3))

    def test_lost_detail_counts_against_the_spread_not_the_size(self) -> None:
        reference = 1 + 0.01 * torch.randn(4096, generator=torch.Generator().manual_seed(0))
        error = compare_one("depth", torch.full_like(reference, reference.mean().item()), reference)
        self.assertAlmostEqual(error.relative, 1.0, places=3)
        self.assertLess(error.scaled, 0.05)

    def test_slices_add_up(self) -> None:
        a, b = torch.randn(2, 1000)
        whole = compare_one("x", a, b)
        with mock.patch.object(outputs, "SLICE", 7):
            sliced = compare_one("x", a, b)
        self.assertAlmostEqual(whole.relative, sliced.relative)
        self.assertEqual(whole.max_abs, sliced.max_abs)

    def test_what_is_no_number_never_passes(self) -> None:
        reference = torch.zeros(3)
        for bad in (torch.tensor([0.0, math.nan, 0.0]), torch.tensor([0.0, math.inf, 0.0]), torch.zeros(4)):
            error = compare_one("x", bad, reference)
            self.assertTrue(math.isnan(error.max_abs))
            self.assertFalse(EXACT.holds([error], fp32=True))
            self.assertFalse(within(1e9).holds([error], fp32=True))
            self.assertIsNone(error.as_json()["maxAbsError"])

    def test_nothing_to_compare_is_not_a_pass(self) -> None:
        self.assertFalse(EXACT.holds(compare({"a": torch.zeros(1)}, {}), fp32=True))


if __name__ == "__main__":
    unittest.main()
