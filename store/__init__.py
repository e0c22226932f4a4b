"""The database: models, unit of work, repositories, migrations, leases."""
