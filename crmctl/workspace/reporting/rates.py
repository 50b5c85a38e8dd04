"""The exchange rates of a workspace, those of its file read when a report needs them."""

from decimal import Decimal

from crmctl.config.rates import read_rates
from crmctl.model.rates import Rate, Rates
from crmctl.workspace.workspace import Workspace


def rates_of(workspace: Workspace) -> Rates:
    """Return the rates. Raises NotFound for a file that is not there, NotConfigured for what is wrong in it."""
    configuration = workspace.configuration
    stated = configuration.rates or {}
    if isinstance(stated, str):
        return Rates(configuration.currency, read_rates(workspace.folder, stated), f"in {stated}")
    fixed = {code: (Rate(Decimal(worth)),) for code, worth in stated.items()}
    return Rates(configuration.currency, fixed)
