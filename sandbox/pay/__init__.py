"""The platform's payment side (protocol sheet 7): merchants, trades, refunds, bills, notifications and the cashier."""
