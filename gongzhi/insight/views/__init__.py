"""Pages of the boards, by who looks."""
