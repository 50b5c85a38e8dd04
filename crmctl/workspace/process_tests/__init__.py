"""`test`: tests of the process, each in memory, through the operations that the commands use."""
