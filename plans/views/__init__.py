"""Pages of annual plans: the list and one plan, items, steps, imports, exports."""
