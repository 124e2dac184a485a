"""What can happen to the territory: places saved or imported, bodies registered, posts given and ended."""

from gongzhi.community.actions.importing import import_divisions, import_geojson
from gongzhi.community.actions.places import PlaceData, save_place, save_places
from gongzhi.community.actions.posts import end_post, give_post

__all__ = ["PlaceData", "end_post", "give_post", "import_divisions", "import_geojson", "save_place", "save_places"]
