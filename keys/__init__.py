"""Who may sign: the register of sealed keys, rotation and history."""
