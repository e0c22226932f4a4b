"""Widget and staff pages: templates, static files and view models."""
