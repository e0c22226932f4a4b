"""The demo companies, their knowledge, rules, records and sites."""
