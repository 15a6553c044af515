"""The consumer's door: pages opened inside WeChat, and the mini-program's API. A page is a function in `door`."""
