"""The options that every command takes, as they were typed."""


class Given:
    """What was typed before or after the command; empty what was not. A plain class: `--version` makes one too."""

    def __init__(self) -> None:
        self.workspace = ""
        self.database = ""
        self.output = ""
        self.as_json = False
        self.quiet = False
        self.verbose = False
        self.debug = False
        self.no_input = False
        self.color = "auto"
        self.user = ""
        self.now = ""
        self.as_of = ""
        self.dry_run = False
        self.yes = False
        self.message = ""
        self.no_hooks = False
        self.lock_timeout: float | None = None
