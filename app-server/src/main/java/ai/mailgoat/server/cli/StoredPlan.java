package ai.mailgoat.server.cli;

import java.nio.file.Path;

/// @param stored e-mails, and as many contacts, that are there before the measurement
/// @param imported rows of a CSV file
/// @param accepted mails for each measurement of their acceptance
/// @param reads how often each reading is measured
/// @param dir where the data lie
record StoredPlan(int stored, int imported, int accepted, int warmUp, int reads, Path dir) {}
