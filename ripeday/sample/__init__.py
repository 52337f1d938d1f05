"""The sample farm: two merchants, 300 households, and supply around one day."""
