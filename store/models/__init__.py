"""The tables, one module per aggregate; statements are written against them, rows never leave the store."""
