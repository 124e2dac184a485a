"""What can happen to the territory: places saved or imported, things taken in, posts given and ended."""

from gongzhi.community.actions.importing import import_divisions, import_drafts, import_geojson
from gongzhi.community.actions.places import end_place, revive_place, save_place, save_places
from gongzhi.community.actions.posts import end_post, give_post
from gongzhi.community.place_data import PlaceData

__all__ = [
    "PlaceData",
    "end_place",
    "end_post",
    "give_post",
    "import_divisions",
    "import_drafts",
    "import_geojson",
    "revive_place",
    "save_place",
    "save_places",
]
