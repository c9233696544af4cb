"""``python -m geo``."""

import gc

# A command lives for a second or two; looking for garbage every few hundred objects takes a tenth of it.
gc.set_threshold(100_000, 20, 100)

from geo.cli import main  # noqa: E402

if __name__ == "__main__":
    main(prog_name="python -m geo")
