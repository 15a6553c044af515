"""Guided diagnosis 故障诊断 as trees: symptom or error code → test → finding → cause → remedy → likely parts.

The content is the ``.toml`` files in this folder, one a category. To add a step, add a ``[[step]]`` to one file and name it in
a finding; to add a category, add a file. `trees` reads and checks them; what an engineer found is kept by their codes.
"""
