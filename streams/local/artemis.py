"""Apache ActiveMQ Artemis as an MQTT broker for this machine: MQTT 3.1.1 and 5, durable, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from streams.local import jars
from streams.local.java import java
from streams.local.part import Part, running
from streams.local.ports import HERE, free_port, listens, speaks_mqtt

HEAP = 192  # MiB

BOOTSTRAP = """\
<broker xmlns="http://activemq.apache.org/schema">
   <jaas-security domain="activemq"/>
   <server configuration="{broker}"/>
</broker>
"""
MANAGEMENT = '<management-context xmlns="http://activemq.apache.org/schema"/>\n'
LOGIN = """\
activemq {
   org.apache.activemq.artemis.spi.core.security.jaas.PropertiesLoginModule required
      reload=false
      org.apache.activemq.jaas.properties.user="users.properties"
      org.apache.activemq.jaas.properties.role="roles.properties";
};
"""
BROKER = """\
<configuration xmlns="urn:activemq">
 <core xmlns="urn:activemq:core">
  <name>riverwatch</name>
  <persistence-enabled>true</persistence-enabled>
  <journal-type>NIO</journal-type>
  <journal-file-size>10M</journal-file-size>
  <journal-min-files>2</journal-min-files>
  <journal-pool-files>4</journal-pool-files>
  <journal-datasync>true</journal-datasync>
  <paging-directory>{data}/paging</paging-directory>
  <bindings-directory>{data}/bindings</bindings-directory>
  <journal-directory>{data}/journal</journal-directory>
  <large-messages-directory>{data}/large</large-messages-directory>
  <min-disk-free>128M</min-disk-free>
  <critical-analyzer>false</critical-analyzer>
  <security-enabled>{secured}</security-enabled>
  <jmx-management-enabled>false</jmx-management-enabled>
  <mqtt-session-scan-interval>5000</mqtt-session-scan-interval>
  <acceptors>
   <acceptor name="mqtt">{acceptor}</acceptor>
  </acceptors>
  <security-settings>
   <security-setting match="#">
    <permission type="createNonDurableQueue" roles="riverwatch"/>
    <permission type="deleteNonDurableQueue" roles="riverwatch"/>
    <permission type="createDurableQueue" roles="riverwatch"/>
    <permission type="deleteDurableQueue" roles="riverwatch"/>
    <permission type="createAddress" roles="riverwatch"/>
    <permission type="deleteAddress" roles="riverwatch"/>
    <permission type="consume" roles="riverwatch"/>
    <permission type="browse" roles="riverwatch"/>
    <permission type="send" roles="riverwatch"/>
   </security-setting>
  </security-settings>
  <address-settings>
   <address-setting match="#">
    <max-delivery-attempts>-1</max-delivery-attempts>
    <max-size-bytes>32M</max-size-bytes>
    <page-size-bytes>9M</page-size-bytes>
    <address-full-policy>PAGE</address-full-policy>
    <auto-create-queues>true</auto-create-queues>
    <auto-create-addresses>true</auto-create-addresses>
   </address-setting>
  </address-settings>
 </core>
</configuration>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Who may come in and how; by default anyone on this machine, in clear."""

    user: str = ""
    password: str = field(default="", repr=False)
    key_store: Path | None = None  # PKCS 12 with key and certificate: then the door speaks TLS
    key_store_password: str = field(default="", repr=False)


OPEN = Doors()


@contextmanager
def start(folder: Path, port: int = 0, doors: Doors = OPEN) -> Iterator[str]:
    """Artemis on this machine, answering MQTT at the address given; what it stored is kept in `folder`.

    Raises:
        Unreachable: when it ends early, with its last words.
    """
    port = port or free_port()
    with running(spec(folder, port, doors=doors), folder / "artemis.log"):
        yield f"{HERE}:{port}"


def spec(folder: Path, port: int, told: jars.Told = lambda _here, _needed: None, doors: Doors = OPEN) -> Part:
    """What to run for Artemis at `port`; its settings are written into the folder."""
    home = folder.absolute()
    etc, data = home / "etc", home / "data"
    etc.mkdir(parents=True, exist_ok=True)
    data.mkdir(exist_ok=True)
    for name, text in _files(etc, data, port, doors).items():
        file = etc / name
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
    properties = {
        "artemis.instance": home,
        "artemis.home": home,
        "artemis.instance.etc": etc,
        "data.dir": data,
        "java.security.auth.login.config": etc / "login.config",
    }
    classes = jars.class_path("artemis", told)
    command = java(classes, "org.apache.activemq.artemis.cli.Artemis", "run", heap=HEAP, properties=properties)
    return Part(name="artemis", command=command, ready=speaks_mqtt(port) if not doors.key_store else listens(port), vital=True)


def _files(etc: Path, data: Path, port: int, doors: Doors) -> dict[str, str]:
    """The settings of Artemis, by the name of the file."""
    acceptor = f"tcp://{HERE}:{port}?protocols=MQTT;useEpoll=false;tcpNoDelay=true"
    if doors.key_store:
        acceptor += f";sslEnabled=true;keyStorePath={doors.key_store.absolute()};keyStorePassword={doors.key_store_password}"
    secured = "true" if doors.user else "false"
    return {
        "bootstrap.xml": BOOTSTRAP.format(broker=escape((etc / "broker.xml").as_uri())),
        "broker.xml": BROKER.format(data=escape(str(data)), secured=secured, acceptor=escape(acceptor)),
        "management.xml": MANAGEMENT,
        "login.config": LOGIN,
        "users.properties": f"{doors.user}={doors.password}\n" if doors.user else "",
        "roles.properties": f"riverwatch={doors.user}\n" if doors.user else "",
    }
