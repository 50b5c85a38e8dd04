"""Configuration: YAML files read strictly, checked, and compiled into what the program uses.

`load` is the way in for every command; `check` for `crmctl validate`. Nothing here writes but the cache
and `init`.
"""
