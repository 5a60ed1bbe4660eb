"""The degree office: from verified badges to a decision that it can defend."""
