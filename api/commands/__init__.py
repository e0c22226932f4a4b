"""What the command line does, one module per family; imported only when the command runs."""
