"""Telling producers and operators what they must know: by mail, and to their programs.

Nothing here decides or changes what is published, and no mail server and no receiver ever holds up a run."""
