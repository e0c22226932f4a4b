"""What the ports need from outside the database: clock, ids, checkpointer, models."""
