"""Who is calling: API keys, widget sessions, site identity, staff."""
