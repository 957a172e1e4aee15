"""How the demo models are trained; see ../README.md. One command: `python -m train all`."""
