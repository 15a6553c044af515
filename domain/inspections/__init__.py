"""What an engineer has to see to before the work: safety prompts and checks of the place, by category and service type.

The content is the ``.toml`` files in ``content/``, one a category; how a check decides is `checks`, reading them `library`.
To add a check, add a ``[[check]]`` to one file; to add a category, add a file.
"""
