"""What the store takes and gives: frozen values, one module per aggregate, never rows of the database."""
