"""A camera that speaks RTSP, as cameras on a bank do: GStreamer's server with a test picture; run by Debian's own Python.

`python3 rtsp_camera.py PORT USER PASSWORD` shows H.264 at /film to who logs in with a digest.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402  only after their versions are said

FILM = (
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1 ! "
    "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 config-interval=-1 )"
)
ROLE = "patrol"


def main(port: str, user: str, password: str) -> None:
    """Serve until killed."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
    server.set_auth(_login(user, password))
    factory = GstRtspServer.RTSPMediaFactory(launch=FILM, shared=True)
    factory.set_permissions(_allowed())
    server.get_mount_points().add_factory("/film", factory)
    server.attach(None)
    GLib.MainLoop().run()


def _login(user: str, password: str) -> GstRtspServer.RTSPAuth:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    auth.add_digest(user, password, token)
    return auth


def _allowed() -> GstRtspServer.RTSPPermissions:
    allowed = GstRtspServer.RTSPPermissions()
    for what in ("access", "construct"):
        allowed.add_permission_for_role(ROLE, f"media.factory.{what}", True)
    return allowed


if __name__ == "__main__":
    main(*sys.argv[1:])
