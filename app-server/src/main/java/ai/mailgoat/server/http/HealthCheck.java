package ai.mailgoat.server.http;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// One part of the service that can be well or not.
///
/// @param check quick, and must not throw
public record HealthCheck(String name, Supplier<State> check) {

    /// @param detail for the operator, in words; empty when there is nothing to say
    public record State(boolean ok, String detail) {}

    /// A part that only says yes or no.
    public static HealthCheck of(String name, BooleanSupplier ok) {
        return new HealthCheck(name, () -> new State(ok.getAsBoolean(), ""));
    }
}
