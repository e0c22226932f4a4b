"""Revisions of the schema, oldest first; run by `store.migrate`."""
