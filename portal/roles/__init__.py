"""The pages on which roles are given and taken back, and what a person may do because of them.

The rules are those of `academy/role_grants.py`; here the person is told.
"""
