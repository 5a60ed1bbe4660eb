"""Who is signed in: people, passwords, sessions, roles."""
