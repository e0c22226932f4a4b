"""The tables of the first schema, by aggregate; frozen with revision 0001."""
