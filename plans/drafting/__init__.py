"""What helps while a plan is written: the course of an item, what its budget may be, who must agree
first.
"""
