"""What customers may try themselves: articles and error codes as files, and the cases in which somebody tries.

A new article is a file under `articles/<category>/`, a new error code a row of a file in `codes/`; `make test` says
what is wrong with either. `library` finds what fits; `operations` keeps who was guided and what came of it.
"""
