"""Where a box goes, as a part of queries: one truth for pages, papers and labels."""

PLACE_OF_BOX = """
LEFT JOIN donation ON donation.subscription = box.subscription AND donation.delivery_on = day.delivery_on
LEFT JOIN place_change other_place ON other_place.subscription = box.subscription
      AND other_place.from_on <= day.delivery_on AND day.delivery_on < other_place.until_on
LEFT JOIN stop ON stop.id = coalesce(donation.stop, other_place.stop,
                                     CASE WHEN other_place.id IS NULL THEN subscription.stop END)
"""
"""Joins `donation`, `other_place` and `stop` to a query that has `box`, `subscription`, `day` and `household`.

A box that is given away goes to the food bank; else a change for the day goes first, then the standing stop, then home.
"""

STREET = "coalesce(stop.street, other_place.street, household.street)"
CITY = "coalesce(stop.city, other_place.city, household.city)"
POSTCODE = "coalesce(stop.postcode, other_place.postcode, household.postcode)"
DELIVERY_NOTE = """
CASE WHEN stop.id IS NOT NULL THEN NULL WHEN other_place.id IS NOT NULL THEN other_place.delivery_note
     ELSE household.delivery_note END
"""
"""What a household says of its own door holds at no other place."""
