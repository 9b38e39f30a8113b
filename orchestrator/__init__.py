"""relax: guided relaxation at home, run by the home itself."""

__version__ = "0.1.0"
