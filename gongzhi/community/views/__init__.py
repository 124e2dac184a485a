"""Pages of the operator: the tree of places, and files of them."""
