"""The seeded companies: their data and how it gets into the store."""
