"""Charts of reports: what of a table is drawn, drawn as characters for a terminal and as SVG for pages."""
