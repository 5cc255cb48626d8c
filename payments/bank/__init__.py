"""Bank files and their matching, without a database: reading, adding up, proposing."""
