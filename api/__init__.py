"""Settings, the composition root, HTTP routes and the command line."""
