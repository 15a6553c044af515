"""What Weixiu's webhook is measured against, each file one WSGI app called ``app``."""
