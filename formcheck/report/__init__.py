"""A review as JSON, as a table, and in words."""
