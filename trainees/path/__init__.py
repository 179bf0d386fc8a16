"""The path of growth: what leads to the next stage, who has met it, what a person decides."""
