"""Claims of grants: cost lines with their invoices, what is found on each, what is paid in advance, what is kept back."""
