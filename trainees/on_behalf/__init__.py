"""Acting for others: colleagues, dispatch by a street-town, staff of a class, requests, posts."""
