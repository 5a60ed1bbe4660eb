"""Who may sign: sealed key files, rotation and history."""
