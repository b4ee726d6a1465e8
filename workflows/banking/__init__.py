"""What banks answer to payment files: status reports, bookings and plain tables, read into frozen records."""
