"""Sound over an SSH line: the session at the far end, the player at the near one."""
