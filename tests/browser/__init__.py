"""The pages in a real browser, without JavaScript."""
