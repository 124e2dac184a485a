from gongzhi.cases.models.case import Case, CaseQuerySet
from gongzhi.cases.models.catalogue import Attribute, Cap, Category, Keyword, RoutingRule, TermRule, Wording
from gongzhi.cases.models.figures import DayFigure, OpenFigure
from gongzhi.cases.models.parts import Helper, Look, Reporter, Request, Return, SpotCheck, Step
from gongzhi.cases.models.seeds import SeedRow

__all__ = [
    "Attribute",
    "Cap",
    "Case",
    "CaseQuerySet",
    "Category",
    "DayFigure",
    "Helper",
    "Keyword",
    "Look",
    "OpenFigure",
    "Reporter",
    "Request",
    "Return",
    "RoutingRule",
    "SeedRow",
    "SpotCheck",
    "Step",
    "TermRule",
    "Wording",
]
