"""What stands on the ground floor: no business words."""
