"""May this person book this class, and if not, why."""
