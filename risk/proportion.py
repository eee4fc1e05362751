"""How far a share may lie from what it is an estimate of."""

import math

from scipy.stats import norm


def wilson_interval(part: int, whole: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Both ends, 0-1, of Wilson's score interval of `part / whole` (Wilson 1927, JASA 22:209-212).

    Raises
    ------
    ValueError
        Nothing was counted, a part is larger than its whole, or the confidence is not between 0 and 1.
    """
    if whole < 1 or not 0 <= part <= whole or not 0 < confidence < 1:
        raise ValueError(f"expected 0 <= part <= whole, whole >= 1, 0 < confidence < 1; found {part}, {whole}")
    z = float(norm.ppf((1 + confidence) / 2))
    share = part / whole
    middle = share + z * z / (2 * whole)
    half = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    low, high = ((middle + sign * half) / (1 + z * z / whole) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)
