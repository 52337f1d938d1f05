"""The side bar of work pages: what a merchant's planners find where."""

from ripeday.kit.entrypoints.page import Place
from ripeday.kit.text import message

CATALOG_PLACES = (
    Place("/merchant", "sun", message("Today")),
    Place("/merchant/season", "calendar-range", message("Season")),
    Place("/merchant/plan", "layout-grid", message("Plan board")),
    Place("/merchant/lots", "package-open", message("Lots")),
    Place("/merchant/plans", "package", message("Box plans")),
    Place("/merchant/add-ons", "utensils", message("Add-ons")),
    Place("/merchant/rule", "skip-forward", message("Skips and notice")),
    Place("/merchant/stops", "map-pin", message("Stops")),
    Place("/merchant/problems", "circle-help", message("Problems")),
)
