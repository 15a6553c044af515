"""A pretend WeChat platform on loopback, with a phone to chat on; a new area is a module and a line in README.md."""
