"""The degree rules: pure, exact, explained."""
