"""The command line: click commands that parse, call one operation of the workspace, and emit what it returns."""
