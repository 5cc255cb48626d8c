"""Wires everything: settings, addresses, processes. Nothing below imports it."""
