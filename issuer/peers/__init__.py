"""How peers judge: pure."""
