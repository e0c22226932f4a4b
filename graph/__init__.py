"""The bounded state machine: its values, ports, routing, wiring and runs."""
