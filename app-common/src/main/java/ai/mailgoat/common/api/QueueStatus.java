package ai.mailgoat.common.api;

import org.jspecify.annotations.Nullable;

/// @param entries all that wait
/// @param due those whose time has come
/// @param oldest when the oldest was accepted, absent when there is none
public record QueueStatus(long entries, long due, @Nullable String oldest) {}
