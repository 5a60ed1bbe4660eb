"""The commands of `learnometer`: each module is named after the command that it holds."""
