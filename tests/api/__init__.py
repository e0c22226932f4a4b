"""The HTTP side: what is refused, who may do what, and what a customer's stream looks like."""
