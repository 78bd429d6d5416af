"""The session of `circuit repl`: lines in, answers out, names kept."""
