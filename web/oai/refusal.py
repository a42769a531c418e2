"""What is wrong with a request, in the protocol's words."""


class Refusal(ValueError):
    """An `error` element of the protocol."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
