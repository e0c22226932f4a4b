"""Intervals for rates and for the gap between two languages; nothing here draws random numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many, with the Wilson 95 % interval of the share."""

    passed: int
    cases: int

    @property
    def rate(self) -> float:
        """The share, 0..1; 0 of 0 is 0."""
        return self.passed / self.cases if self.cases else 0.0

    @property
    def ci95(self) -> Interval:
        """The interval in which the true share lies."""
        return wilson(self.passed, self.cases)


@dataclass(frozen=True, slots=True)
class Gap:
    """The first share minus the second, -1..1, with its 95 % interval; `pairs` is 0 when it is unpaired."""

    difference: float
    ci95: Interval
    pairs: int = 0


def wilson(passed: int, cases: int, z: float = Z95) -> Interval:
    """The Wilson score interval of a share; (0, 1) when nothing was tried."""
    if cases == 0:
        return 0.0, 1.0
    share = passed / cases
    weight = 1 + z * z / cases
    centre = (share + z * z / (2 * cases)) / weight
    half = z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases)) / weight
    return max(0.0, centre - half), min(1.0, centre + half)


def unpaired_gap(first: Rate, second: Rate) -> Gap:
    """Newcombe's hybrid score interval for two independent shares (his method 10)."""
    return _hybrid(first, second, correlation=0.0, pairs=0)


def paired_gap(pairs: Sequence[tuple[bool, bool]]) -> Gap:
    """Newcombe's hybrid score interval for paired shares; it stays honest when no pair disagrees.

    Each pair says whether the first and the second language passed. No pairs: a gap of 0 that could be any.
    """
    if not pairs:
        return Gap(0.0, (-1.0, 1.0))
    both = sum(first and second for first, second in pairs)
    only_first = sum(first and not second for first, second in pairs)
    only_second = sum(second and not first for first, second in pairs)
    neither = len(pairs) - both - only_first - only_second
    first = Rate(both + only_first, len(pairs))
    second = Rate(both + only_second, len(pairs))
    correlation = _correlation(both, only_first, only_second, neither)
    return _hybrid(first, second, correlation=correlation, pairs=len(pairs))


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the sorted values do not exceed, interpolated; 0 for no values."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _hybrid(first: Rate, second: Rate, *, correlation: float, pairs: int) -> Gap:
    difference = first.rate - second.rate
    below_first, above_first = first.rate - first.ci95[0], first.ci95[1] - first.rate
    below_second, above_second = second.rate - second.ci95[0], second.ci95[1] - second.rate
    down = below_first**2 - 2 * correlation * below_first * above_second + above_second**2
    up = above_first**2 - 2 * correlation * above_first * below_second + below_second**2
    low, high = difference - sqrt(max(0.0, down)), difference + sqrt(max(0.0, up))
    return Gap(difference, (max(-1.0, low), min(1.0, high)), pairs)


def _correlation(both: int, only_first: int, only_second: int, neither: int) -> float:
    """The phi coefficient with Newcombe's continuity correction."""
    margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if margins == 0:
        return 0.0
    product = both * neither - only_first * only_second
    if product > 0:
        return max(product - (both + only_first + only_second + neither) / 2, 0.0) / sqrt(margins)
    return product / sqrt(margins)
