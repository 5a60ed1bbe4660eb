"""Many credentials in one file: a CSV of links or a ZIP of files in, one CSV of verdicts out."""
