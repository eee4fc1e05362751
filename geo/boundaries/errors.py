"""What is wrong with a file of boundaries as a whole, or with an import of it, in words for the operator."""


class BoundaryFileError(ValueError):
    """The file can not be read as boundaries; the message is Chinese and says what to do."""


class BoundaryImportError(ValueError):
    """The boundaries can not be taken over as asked; the message is Chinese and says what to do."""
