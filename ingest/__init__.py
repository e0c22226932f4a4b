"""From a page or file to clean passages."""
