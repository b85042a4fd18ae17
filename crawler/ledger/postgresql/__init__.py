"""The ledger on PostgreSQL, for several workers at once (the extra ``fleet``)."""
