"""The kernel's own pages: pictures, and the steps of a sheet import."""
