"""Reports: what they are made of is gathered here, and told what it means; the figures are `crmctl.reports`."""
