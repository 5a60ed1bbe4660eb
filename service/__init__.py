"""Composition: settings, app factory, database, fetching, command line."""
