"""Lists of lecture fees: rows of what was taught, made out, checked, approved and signed for by
different people. Source: docs/rules.md R67, R68.
"""
