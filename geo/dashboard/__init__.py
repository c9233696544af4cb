"""The panels of the dashboard: what stands around the page and needs Python. No geography is decided here."""
