"""Types of the page API for the browser code."""
