"""The ledger gate: what a new release may tell beside the earlier ones that its holders have."""
