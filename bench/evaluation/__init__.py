"""What `make eval` measures: one module a set of cases, each giving `Figure`s. A new set is a module and a row in
`bench.understanding.SETS`.
"""
