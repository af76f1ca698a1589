/// What `mailgoat bench` measures with: a load generator, a sink, a DNS server for the test zones,
/// and a look at the service's process. May touch the JDK and dnsjava; knows nothing of the
/// service's inside, which runs as another process.
package ai.mailgoat.server.bench;
