"""What demands, claims and receipts do once they take effect."""
