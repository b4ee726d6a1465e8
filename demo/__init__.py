"""The demonstration: cases of invented enterprises, driven through the pages as people would, from form to payment."""
