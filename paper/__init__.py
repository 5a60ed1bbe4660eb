"""Documents on paper: PDF/A-3 with embedded fonts, tags and attachments, the same bytes again."""
