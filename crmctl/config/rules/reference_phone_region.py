"""The phone region is no country.

Numbers typed without a country code are taken to be of this country (ISO 3166, two letters): UA, PL, US.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion

RULE = Rule("reference-phone-region")


def check(project: Project) -> Iterator[Fault]:
    """Yield a region that has no phone numbers."""
    region = project.workspace.top.get("phone_region") if project.workspace else None
    if region is None:
        return
    from phonenumbers import SUPPORTED_REGIONS

    if region.value not in SUPPORTED_REGIONS:
        hint = suggestion(region.value, SUPPORTED_REGIONS)
        yield Fault(region, f'there is no phone region "{region.value}"', hint)
