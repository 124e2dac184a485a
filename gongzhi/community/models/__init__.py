from gongzhi.community.models.bodies import Body, BodyKind, Post
from gongzhi.community.models.facilities import Building, Compound, Facility
from gongzhi.community.models.places import Place
from gongzhi.community.models.uploads import PlaceUpload

__all__ = ["Body", "BodyKind", "Building", "Compound", "Facility", "Place", "PlaceUpload", "Post"]
