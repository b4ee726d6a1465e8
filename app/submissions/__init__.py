"""The application from the first answer to its frozen copy: draft, documents, submission."""
