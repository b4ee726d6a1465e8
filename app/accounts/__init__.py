"""People, agencies, enterprises, duties and sessions."""
