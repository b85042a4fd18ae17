"""The ledger in SQL: one implementation over any database with a Connection."""
