"""Where records are kept. Everything above speaks to `crmctl.storage.interface` and knows no format."""
