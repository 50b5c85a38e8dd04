"""Programs in `.crmctl/hooks/` that changes set off: which there are, whom they are trusted by, and running them."""
