import os
import random

import pytest


@pytest.fixture
def chance() -> random.Random:
    """Chance that can be repeated: RACE_SEED, or a new seed; it is printed."""
    seed = int(os.environ.get("RACE_SEED") or random.SystemRandom().randrange(10**6))
    print(f"RACE_SEED={seed}")
    return random.Random(seed)
