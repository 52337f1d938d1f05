"""One page for each produce: how to keep it, and where every number about it comes from."""

from collections.abc import Mapping

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from ripeday.kit.errors import NotFound
from ripening.produce import Produce
from ripening.produce_page import produce_page


class ProduceController(Controller):
    """What anybody may read about produce."""

    path = "/produce"

    @get("/{key:str}")
    async def show_produce(
        self, key: FromPath[str], profiles: NamedDependency[Mapping[str, Produce]]
    ) -> Template:
        """Show one produce."""
        produce = profiles.get(key)
        if produce is None:
            raise NotFound
        return Template("produce/produce.html", context={"told": produce_page(produce)})
