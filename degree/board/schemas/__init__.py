"""What the forms of the board may hold, and what it reads that others publish."""
