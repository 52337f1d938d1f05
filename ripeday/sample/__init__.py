"""The sample farm: two merchants, 300 households, and supply around one day."""

from ripeday.sample.loading import load

__all__ = ["load"]
