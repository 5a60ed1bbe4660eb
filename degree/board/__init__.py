"""The university's board: what it grants, who approves, and its meetings."""
