"""Makes `references.json` anew: what luxpy says of the lights that relax reckons with. Run it where luxpy is installed.

`pip install '.[light]' && python tests/scenes/melanopic/record.py`; with `--print` it writes no file. Spectra and their
sources: docs/decisions/0035.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("references.json")

KELVIN = (1000, 1200, 1500, 1800, 2000, 2200, 2400, 2700, 3000, 3500, 4000, 5000, 6500, 8000, 10_000)
PRIMARIES = {"red": (625.0, 20.0), "green": (525.0, 35.0), "blue": (465.0, 25.0)}
"""Peak and half width in nm of the three dies of an RGB lamp (WS2812B: 620-625, 522-525, 465-467 nm)."""
COLOURS = {
    "red": "#ff0000",
    "dark red": "#800000",
    "green": "#00ff00",
    "blue": "#0000ff",
    "amber": "#ffbf00",
    "deep amber": "#ff7014",
    "glow": "#ff9a3c",
    "ember": "#ff6a10",
    "yellow": "#ffff00",
    "rose": "#ff4060",
    "violet": "#8000ff",
    "cyan": "#00ffff",
    "white": "#ffffff",
}
MIXED: dict[str, list[tuple[float | str, float]]] = {
    "warm white and red": [(2700, 40.0), ("#ff0000", 60.0)],
    "candle and amber": [(2000, 25.0), ("#ffbf00", 30.0)],
    "cold white and blue": [(6500, 20.0), ("#0000ff", 20.0)],
    "three colours": [("#ff9a3c", 35.0), ("#00ff00", 15.0), ("#8000ff", 30.0)],
}
"""Lamps that shine together: a temperature in Kelvin or a colour, and a lightness."""
ILLUMINANTS = ("A", "D65", "LED_B1", "LED_B2", "LED_B3", "LED_B4", "LED_B5")


class Judge:
    """luxpy, asked for what is needed here."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import luxpy
            import numpy as np
            from luxpy.toolboxes import photbiochem
        self.luxpy, self.numpy, self.photbiochem = luxpy, np, photbiochem
        self.nm = np.arange(360.0, 831.0)
        self.primaries = [self._die(*PRIMARIES[name]) for name in ("red", "green", "blue")]
        # As much of each as makes the white of daylight together: that is what #ffffff asks for.
        white = self.xyz(self.illuminant("D65"))
        dies = np.array([self.xyz(die) for die in self.primaries]).T
        self.amounts = np.linalg.solve(dies, white / white[1])

    def efficacy(self, spectrum: Any) -> float:
        """The melanopic daylight efficacy ratio of a spectrum (CIE S 026)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = self.photbiochem.spd_to_aopicDER(self.numpy.vstack([self.nm, spectrum]))
        return float(self.numpy.ravel(found)[4])

    def xyz(self, spectrum: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.numpy.ravel(
                self.luxpy.spd_to_xyz(self.numpy.vstack([self.nm, spectrum]), relative=False, cieobs="1931_2")
            )

    def blackbody(self, kelvin: float) -> Any:
        """Planck's law, of a luminance of 1."""
        metres = self.nm * 1e-9
        return self._unit(metres**-5.0 / self.numpy.expm1(1.438776877e-2 / (metres * kelvin)))

    def illuminant(self, name: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = self.luxpy._CIE_ILLUMINANTS[name]
            return self._unit(self.luxpy.cie_interp(table, self.nm, kind="spd")[1])

    def colour(self, text: str) -> Any:
        """What an RGB lamp makes of a colour, its strongest channel full; luminance is 1 for white."""
        parts = [int(text[index : index + 2], 16) / 255.0 for index in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        shares = [part / max(linear) for part in linear]
        return sum(
            share * amount * die for share, amount, die in zip(shares, self.amounts, self.primaries, strict=True)
        )

    def _die(self, peak: float, width: float) -> Any:
        """An LED by Ohno's model (Optical Engineering 44(11) 111302, 2005)."""
        bell = self.numpy.exp(-(((self.nm - peak) / width) ** 2))
        return self._unit((bell + 2.0 * bell**5) / 3.0)

    def _unit(self, spectrum: Any) -> Any:
        return spectrum / self.xyz(spectrum)[1]


def references() -> dict[str, Any]:
    """All figures, rounded so that a file of them can be compared."""
    judge = Judge()

    def light(what: Any) -> Any:
        return judge.colour(what) if isinstance(what, str) else judge.blackbody(what)

    def luminance(lightness: float) -> float:
        return ((lightness + 16.0) / 116.0) ** 3

    def figures(spectrum: Any) -> dict[str, float]:
        return {"luminance": round(float(judge.xyz(spectrum)[1]), 4), "ratio": round(judge.efficacy(spectrum), 5)}

    return {
        "luxpy": judge.luxpy.__version__,
        "whites": {str(kelvin): round(judge.efficacy(judge.blackbody(kelvin)), 4) for kelvin in KELVIN},
        "primaries": {
            name: {"luminance": round(float(amount), 4), "ratio": round(judge.efficacy(die), 5)}
            for name, amount, die in zip(PRIMARIES, judge.amounts, judge.primaries, strict=True)
        },
        "chromaticities": {
            name: [round(float(part), 4) for part in judge.xyz(die)[:2] / judge.xyz(die).sum()]
            for name, die in zip(PRIMARIES, judge.primaries, strict=True)
        },
        "colours": {name: {"colour": text, **figures(judge.colour(text))} for name, text in COLOURS.items()},
        "mixed": {
            name: {
                "lamps": [[what, lightness] for what, lightness in lamps],
                **figures(sum(luminance(lightness) * light(what) for what, lightness in lamps)),
            }
            for name, lamps in MIXED.items()
        },
        "illuminants": {name: round(judge.efficacy(judge.illuminant(name)), 4) for name in ILLUMINANTS},
    }


if __name__ == "__main__":
    said = json.dumps(references(), indent=2) + "\n"
    if "--print" in sys.argv:
        print(said, end="")
    else:
        FILE.write_text(said, encoding="utf-8")
