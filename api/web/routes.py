"""The phone client over HTTP: a page that is asked for anew, and files that never change under their address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from api.core.problems import NotFound
from api.web.assets import Asset, asset
from api.web.shell import Shell

router = APIRouter(include_in_schema=False)  # pages for people; the API's description is for programs

_READ = ["GET", "HEAD"]
_ASK_ANEW = "no-cache"
_A_DAY = "public, max-age=86400"
_FOR_EVER = "public, max-age=31536000, immutable"
_ROBOTS = asset("robots.txt", b"User-agent: *\nDisallow: /\n")


async def get_shell(request: Request) -> Shell:
    """Give the build of the client that this application serves."""
    shell: Shell = request.app.state.shell
    return shell


class Sender:
    """Answers with a file as this request can take it."""

    def __init__(
        self,
        request: Request,
        accept_encoding: Annotated[str, Header()] = "",
        if_none_match: Annotated[str, Header()] = "",
    ) -> None:
        self._has_body = request.method == "GET"
        self._zips = _takes_gzip(accept_encoding)
        self._known = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}

    def send(self, file: Asset, keep: str, **headers: str) -> Response:
        """Return the file, or 304 to who has it."""
        headers |= {"Cache-Control": keep, "Vary": "Accept-Encoding"}
        content, etag = file.content, file.etag
        if self._zips and file.gzipped:
            content, etag = file.gzipped, f'{file.etag[:-1]}-gzip"'
            headers["Content-Encoding"] = "gzip"
        headers["ETag"] = etag
        if etag in self._known:
            headers.pop("Content-Encoding", None)
            return Response(status_code=304, headers=headers)
        headers["Content-Length"] = str(len(content))  # of a HEAD too
        headers["Content-Type"] = file.media_type
        return Response(content if self._has_body else b"", headers=headers)


Shown = Annotated[Shell, Depends(get_shell)]
Sending = Annotated[Sender, Depends()]


def _takes_gzip(accepted: str) -> bool:
    names = {name.strip(): weight.replace(" ", "") for name, _, weight in map(_parted, accepted.split(","))}
    weight = names.get("gzip", names.get("*"))
    return weight is not None and weight.removeprefix("q=") not in {"0", "0.0", "0.00", "0.000"}


def _parted(one: str) -> tuple[str, str, str]:
    return one.partition(";")


@router.api_route("/", methods=_READ)
async def show_client(shell: Shown, sender: Sending) -> Response:
    """Show the phone client."""
    return sender.send(shell.page, _ASK_ANEW)


@router.api_route("/app/{build}/{path:path}", methods=_READ)
async def read_client_file(build: str, path: str, shell: Shown, sender: Sending) -> Response:
    """Give a file of this build."""
    file = shell.files.get(path)  # read at start: no path leads out of them
    if build != shell.build or file is None:
        raise NotFound
    return sender.send(file, _FOR_EVER)


@router.api_route("/sw.js", methods=_READ)
async def read_service_worker(shell: Shown, sender: Sending) -> Response:
    """Give the service worker, or the one that takes its place where offline work is switched off."""
    return sender.send(shell.worker, _ASK_ANEW, **{"Service-Worker-Allowed": "/"})


@router.api_route("/manifest.webmanifest", methods=_READ)
async def read_manifest(shell: Shown, sender: Sending) -> Response:
    """Say how the client is installed on a phone."""
    return sender.send(shell.manifest, _A_DAY)


@router.api_route("/icons/{name}", methods=_READ)
async def read_icon(name: str, shell: Shown, sender: Sending) -> Response:
    """Give an icon; its address stays, so that an installed client is not installed anew with each build."""
    if name not in shell.icons:
        raise NotFound
    return sender.send(shell.icons[name], _A_DAY)


@router.api_route("/apple-touch-icon.png", methods=_READ)
async def read_touch_icon(shell: Shown, sender: Sending) -> Response:
    """Give the icon that iOS asks for by this name."""
    return sender.send(shell.icons["180.png"], _A_DAY)


@router.api_route("/favicon.ico", methods=_READ)
async def read_favicon() -> Response:
    """Say that the icon is elsewhere: the page names it."""
    return Response(status_code=204, headers={"Cache-Control": _A_DAY})


@router.api_route("/robots.txt", methods=_READ)
async def read_robots(sender: Sending) -> Response:
    """Ask search engines to stay away."""
    return sender.send(_ROBOTS, _A_DAY)
