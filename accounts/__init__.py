"""Who is signed in, and who approves: people, passwords, passkeys, sessions, roles."""
