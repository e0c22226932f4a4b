"""English and Hinglish as pure functions and data."""
