"""Write a reply from the company's own knowledge."""
