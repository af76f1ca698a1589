package ai.mailgoat.server.cli;

import java.nio.file.Path;

/// @param size octets of a mail's text
/// @param domains destinations, each with its own MX host
/// @param dead entries for a dead destination to put into the queue for a second measurement
/// @param warmUp mails before the measurement, so that the JVM has compiled what it runs
/// @param dir where the queue lies
record BenchPlan(
        int messages,
        int size,
        int connections,
        int domains,
        int dead,
        int warmUp,
        boolean acceptOnly,
        Path dir) {}
