"""The statements on the tables: one repository per aggregate, each bound to the caller's companies."""
