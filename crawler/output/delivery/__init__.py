"""Lines before ledger: outputs, commits, and recovery after a killed run."""
