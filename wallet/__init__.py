"""The wallet: a member holds, shows and presents credentials."""
