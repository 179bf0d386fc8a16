"""Coverage: which villages somebody came from in the last twelve months, which nobody came from,
and what other quotas would make possible. Reads only.
"""
